import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hasNewDate, standAgain } from './dated-mail.ts'
import type { Enrolment } from './enrolment.ts'
import type { ScenarioDefinition } from './scenario-definition.ts'
import { transition } from './transition.ts'
import type { TransitionFacts, World } from './transition-contract.ts'

const hour = 3_600_000
/** 20:00 in Tokyo, seven days before 1 February. */
const end = Date.parse('2026-01-25T20:00:00+09:00')

const definition: ScenarioDefinition = {
  format: 2,
  name: 'renewal',
  version: 1,
  trigger: null,
  exitOn: [],
  exitWhen: null,
  goal: null,
  reentry: { kind: 'once' },
  window: { days: 'any', from: '09:00', to: '18:00' },
  maxEventAge: 24 * hour,
  minGap: 12 * hour,
  priority: 0,
  inFlight: 'pin',
  successors: {},
  segments: {},
  first: 'before',
  steps: {
    before: {
      kind: 'wait',
      id: 'before',
      wait: { kind: 'calendar', months: 0, weeks: 0, days: -7, at: '20:00' },
      from: { kind: 'attribute', attribute: 'renewsOn', type: 'date' },
      past: { kind: 'skip' },
      next: 'mail',
    },
    mail: {
      kind: 'send',
      id: 'mail',
      template: 'mail',
      props: {},
      sendWithin: 24 * hour,
      late: 'skip',
      urgent: null,
      next: null,
    },
  },
}

const factsOf = (renewsOn: string | null, timeZone = 'Asia/Tokyo'): TransitionFacts => ({
  timeZone,
  attributes: renewsOn === null ? {} : { renewsOn },
  quietHours: null,
  isHoliday: () => false,
  purposeOf: () => 'marketing',
  matches: () => false,
  changesAt: () => null,
  events: () => [],
  fate: () => null,
  variant: () => null,
})

const worldOf = (renewsOn: string | null, now: number, timeZone?: string): World => ({
  definition,
  facts: factsOf(renewsOn, timeZone),
  now,
})

const fed = (enrolment: Enrolment, kind: 'enter' | 'wake', { facts, now }: World) => {
  const result = transition(definition, enrolment, { kind }, facts, now)
  if (result.kind === 'needs') throw new Error('Every fact is known.')
  return result
}

/** With its mail in the queue for the morning after. */
const queued = (): Enrolment => {
  const entered: Enrolment = {
    ...{ id: 'e', scenario: 'renewal', version: 1, contactId: 'c', entryKey: 'once', state: 'active', stepId: 'before' },
    ...{ stepSeq: 0, rev: 0, wakeAt: 0, wakeSpec: null, anchorAt: end - 200 * hour, lastSendAt: null, event: {} },
    ...{ enteredAt: end - 200 * hour, endedAt: null, endReason: null, memory: {}, pausesSeen: 0, depth: 0 },
  }
  const waiting = fed(entered, 'enter', worldOf('2026-02-01', end - 200 * hour)).enrolment
  const { enrolment, effects } = fed(waiting, 'wake', worldOf('2026-02-01', end))
  expect(effects).toMatchObject([{ kind: 'queue', stepId: 'mail', runAt: end + 13 * hour }])
  return enrolment
}

test('the same date, and a zone in which its time has come, are no new date', () => {
  const now = end + hour
  expect(hasNewDate(queued(), worldOf('2026-02-01', now))).toBe(false)
  expect(hasNewDate(queued(), worldOf('2026-02-01', now, 'Pacific/Auckland'))).toBe(false)
  expect(hasNewDate(queued(), worldOf('2026-02-01', now, 'America/New_York'))).toBe(true)
  expect(hasNewDate(queued(), worldOf(null, now))).toBe(true)
})

test('whatever the new date, the enrolment waits for it, follows past, or queues its mail once, and stepSeq grows', () => {
  const date = fc.integer({ min: -5, max: 60 }).map((days) => new Date(end + days * 24 * hour).toISOString().slice(0, 10))
  fc.assert(
    fc.property(fc.option(date), fc.integer({ min: 0, max: 12 }), (renewsOn, hours) => {
      const world = worldOf(renewsOn, end + hours * hour)
      const before = queued()
      fc.pre(hasNewDate(before, world))
      const again = standAgain(before, ['mail'], world)
      const { enrolment, effects } = fed(again, 'wake', world)
      expect(again.stepSeq).toBeGreaterThan(before.stepSeq)
      expect(enrolment.stepSeq).toBeGreaterThanOrEqual(again.stepSeq)
      const due = renewsOn === null ? null : Date.parse(`${renewsOn}T20:00:00+09:00`) - 7 * 24 * hour
      if (due !== null && due > world.now) expect([enrolment.stepId, enrolment.wakeAt, effects]).toEqual(['before', due, []])
      else if (due === world.now) expect(effects).toMatchObject([{ kind: 'queue' }])
      else expect(effects).toMatchObject([{ kind: 'skip', reason: due === null ? 'no-anchor' : 'past' }])
    }),
  )
})
