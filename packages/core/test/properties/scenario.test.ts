import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Effect, Enrolment } from '../../src/domain/scenario/enrolment.ts'
import type { ScenarioDefinition, ScenarioStep, SendWindow, WaitSpec } from '../../src/domain/scenario/scenario-definition.ts'
import { type TransitionFacts, type TransitionInput, transition } from '../../src/domain/scenario/transition.ts'
import { day, hour, minute } from '../../src/domain/time/instant.ts'
import { isInWindow } from '../../src/domain/time/next-in-window.ts'
import { toWallTime } from '../../src/domain/time/time-zone.ts'
import { entered, scenario } from '../fixtures/scenario-life.ts'

const ids = ['a', 'b', 'c', 'd', 'e', 'f'] as const
const targets = fc.constantFrom(null, ...ids)
const waits: fc.Arbitrary<WaitSpec> = fc.oneof(
  fc.record({ kind: fc.constant('elapsed' as const), ms: fc.integer({ min: 0, max: 3 * 24 * 60 }).map((n) => n * minute) }),
  fc.record({
    kind: fc.constant('calendar' as const),
    months: fc.integer({ min: 0, max: 1 }),
    weeks: fc.integer({ min: 0, max: 1 }),
    days: fc.integer({ min: 0, max: 3 }),
    at: fc.constantFrom(null, '00:00', '02:30', '09:00'),
  }),
)

/** Any step with arrows to anywhere, loops and dead ends included. */
const stepOf = (id: string): fc.Arbitrary<ScenarioStep> =>
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('send' as const),
        id: fc.constant(id),
        template: fc.constant(id),
        props: fc.constant({}),
        sendWithin: fc.constantFrom(hour, day),
        late: fc.constantFrom('skip' as const, 'send' as const, 'exit' as const),
        urgent: fc.constant(null),
        next: targets,
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('wait' as const),
        id: fc.constant(id),
        wait: waits,
        from: fc.constant({ kind: 'previous' as const }),
        past: fc.constant({ kind: 'skip' as const }),
        next: targets,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('branch' as const),
        id: fc.constant(id),
        on: fc.constantFrom({ kind: 'segment' as const, segment: 'spenders' }, { kind: 'segment' as const, segment: 'vips' }),
        yes: targets,
        no: targets,
      }),
    },
    { weight: 1, arbitrary: fc.constant({ kind: 'end' as const, id }) },
  )

const windows = fc.option(
  fc.constantFrom<SendWindow>(
    { days: 'business', from: '09:00', to: '20:00' },
    { days: 'any', from: '22:00', to: '06:00' },
    { days: 'weekdays', from: '02:30', to: '02:45' },
  ),
)
const definitions = fc.tuple(fc.tuple(...ids.map(stepOf)), windows).map(([steps, window]) => scenario(steps, { window }))
const lateness = fc.array(fc.constantFrom(0, 0, 0, minute, 5 * hour, 30 * hour, 100 * day), { minLength: 12, maxLength: 12 })
const lives = fc.record({
  definition: definitions,
  start: fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2027, 0) }),
  zone: fc.constantFrom('Asia/Tokyo', 'America/New_York', 'Europe/Berlin'),
  isMember: fc.boolean(),
  lateness,
  /** The round in which an exit event comes, if one does. */
  exitAt: fc.option(fc.integer({ min: 1, max: 11 })),
})
type Life = typeof lives extends fc.Arbitrary<infer T> ? T : never

interface Moment {
  readonly before: Enrolment
  readonly input: TransitionInput
  readonly now: number
  readonly after: Enrolment
  readonly effects: readonly Effect[]
}

const isHoliday = (date: string) => date.endsWith('-01')
const factsOf = ({ zone, isMember }: Life): TransitionFacts => ({
  timeZone: zone,
  attributes: {},
  quietHours: null,
  isHoliday,
  purposeOf: () => 'marketing',
  matches: () => isMember,
  changesAt: () => null,
  events: () => [],
  fate: () => null,
  variant: () => null,
})

const answer = (definition: ScenarioDefinition, enrolment: Enrolment, input: TransitionInput, life: Life, now: number) => {
  const result = transition(definition, enrolment, input, factsOf(life), now)
  if (result.kind === 'needs') throw new Error('asked for a segment that was given')
  return result
}

/** Lives through a scenario with a worker that is late by turns. */
const moments = (life: Life): Moment[] => {
  const past: Moment[] = []
  let enrolment = entered(life.definition, life.start)
  let now = life.start
  for (const [round, late] of life.lateness.entries()) {
    const input: TransitionInput =
      round === 0
        ? { kind: 'enter' }
        : round === life.exitAt
          ? { kind: 'event', event: 'order.placed', occurredAt: now, payload: {} }
          : { kind: 'wake' }
    now = Math.max(now, enrolment.wakeAt ?? now) + late
    const { enrolment: after, effects } = answer(life.definition, enrolment, input, life, now)
    past.push({ before: enrolment, input, now, after, effects })
    enrolment = after
  }
  return past
}

const everyMoment = (check: (moment: Moment, life: Life) => void) =>
  fc.assert(
    fc.property(lives, (life) => {
      for (const moment of moments(life)) check(moment, life)
    }),
    { numRuns: 300 },
  )
const mailsOf = ({ effects }: Moment) => effects.filter((effect) => effect.kind === 'queue' || effect.kind === 'skip')

describe('on any graph, with a worker as late as it likes', () => {
  it('stepSeq and rev never fall, and every mail has a number of its own', () => {
    fc.assert(
      fc.property(lives, (life) => {
        let last = 0
        for (const moment of moments(life)) {
          expect(moment.after.stepSeq).toBeGreaterThanOrEqual(moment.before.stepSeq)
          expect(moment.after.rev).toBeGreaterThanOrEqual(moment.before.rev)
          for (const { stepSeq } of mailsOf(moment)) {
            expect(stepSeq).toBeGreaterThan(last)
            expect(stepSeq).toBeLessThanOrEqual(moment.after.stepSeq)
            last = stepSeq
          }
        }
      }),
      { numRuns: 300 },
    )
  })

  it('terminal states absorb', () => {
    everyMoment(({ before, after, effects }) => {
      if (before.state === 'active') return
      expect(after).toBe(before)
      expect(effects).toEqual([])
    })
  })

  it('the same input again changes nothing', () => {
    everyMoment(({ after, input, now }, life) => {
      const again = answer(life.definition, after, input, life, now)
      expect(again.enrolment).toBe(after)
      expect(again.effects).toEqual([])
    })
  })

  it('an active enrolment stands at a wait that lies ahead, or waits for its last mail; an ended one stands nowhere', () => {
    everyMoment(({ before, after, now }, { definition }) => {
      if (after.state === 'active') {
        if (after.stepId === null) expect(after.wakeAt).toBe(after.lastSendAt)
        else expect(definition.steps[after.stepId]?.kind).toBe('wait')
        expect(after.wakeAt).toBeGreaterThan(now)
        expect(after.endedAt).toBeNull()
      } else {
        expect([after.stepId, after.wakeAt, after.wakeSpec]).toEqual([null, null, null])
        expect(after.endedAt).toBe(before.state === 'active' ? now : before.endedAt)
      }
    })
  })

  it('an exit drops what is queued and raises the revision', () => {
    everyMoment(({ before, after, effects }) => {
      const left = before.state === 'active' && (after.state === 'exited' || after.state === 'failed')
      expect(effects.some(({ kind }) => kind === 'dropQueued')).toBe(left)
      expect(after.rev - before.rev).toBe(left ? 1 : 0)
    })
  })

  it('nothing runs before its plan or outside the window', () => {
    everyMoment(({ now, effects }, { definition: { window }, zone }) => {
      const isOpen = (at: number) => window === null || isInWindow(toWallTime(at, zone), window, isHoliday)
      for (const mail of effects) {
        if (mail.kind !== 'queue') continue
        expect(mail.runAt).toBeGreaterThanOrEqual(mail.plannedAt)
        expect(mail.expiresAt).toBeGreaterThan(Math.max(now, mail.runAt))
        expect(isOpen(Math.max(now, mail.runAt))).toBe(true)
      }
    })
  })

  it('mails go out in the order of the scenario', () => {
    fc.assert(
      fc.property(lives, (life) => {
        const runs = moments(life).flatMap(({ effects, now }) =>
          effects.flatMap((effect) => (effect.kind === 'queue' ? [Math.max(now, effect.runAt)] : [])),
        )
        expect(runs).toEqual([...runs].sort((a, b) => a - b))
      }),
    )
  })
})
