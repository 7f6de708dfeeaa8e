import { describe, expect, it } from 'vitest'
import {
  calendar,
  elapsed,
  end,
  entered,
  feed,
  iso,
  type Life,
  mails,
  scenario,
  send,
  tokyo,
  wait,
  waitFor,
  wake,
} from '../../../test/fixtures/scenario-life.ts'
import { day, hour } from '../time/instant.ts'
import type { Enrolment } from './enrolment.ts'
import { migrateEnrolment } from './migrate-enrolment.ts'
import type { ScenarioDefinition, ScenarioStep } from './scenario-definition.ts'

const start = tokyo('2026-01-05T10:00')
const now = start + day
const first = [send('hello', 'w'), wait('w', calendar({ days: 3 }), 'tips'), send('tips', 'month')]
const from = scenario([...first, wait('month', calendar({ months: 1 }), 'news'), send('news', null)])
const version2 = (steps: readonly ScenarioStep[], changes: Partial<ScenarioDefinition> = {}) =>
  scenario(steps, { version: 2, inFlight: 'migrate', ...changes })
const enter = (definition = from, life: Life = {}) =>
  feed(definition, entered(definition, start), { kind: 'enter' }, start, life).enrolment
const migrate = (to: ScenarioDefinition, enrolment: Enrolment = enter(), sentSteps: readonly string[] = ['hello']) =>
  migrateEnrolment(enrolment, { from, to, sentSteps, waitingSteps: [], now })
/** The enrolment after the migration, looked at once. */
const landed = (to: ScenarioDefinition, enrolment?: Enrolment) => {
  const moved = migrate(to, enrolment)
  if (moved.outcome !== 'moves') throw new Error(moved.outcome)
  return wake(to, moved.enrolment, now)
}

describe('publishing a version', () => {
  it('leaves who is pinned, and who is there already or has ended', () => {
    const enrolment = enter()
    expect(migrate(version2([...first], { inFlight: 'pin' }), enrolment)).toEqual({ outcome: 'stays', enrolment })
    expect(migrate({ ...from, inFlight: 'migrate' }, enrolment)).toEqual({ outcome: 'stays', enrolment })
    const ended: Enrolment = { ...enrolment, state: 'completed' }
    expect(migrate(version2([]), ended)).toEqual({ outcome: 'stays', enrolment: ended })
  })

  it('exits all where it says so', () => {
    expect(migrate(version2(first, { inFlight: 'exit' }))).toMatchObject({
      outcome: 'exits',
      enrolment: { state: 'exited', endReason: 'replaced', rev: 1, endedAt: now },
    })
  })

  it('changes the number only where the way is the same, and remembers the one that was entered', () => {
    const enrolment = enter()
    expect(migrate({ ...from, version: 2, inFlight: 'migrate', successors: { gone: null } }, enrolment)).toEqual({
      outcome: 'moves',
      enrolment: { ...enrolment, version: 2, memory: { ...enrolment.memory, enteredVersion: 1 } },
      droppedSteps: [],
    })
  })
})

describe('who stands at a step that is still there', () => {
  it('waits on, as long as the new version says, from the same anchor', () => {
    const to = version2([send('hello', 'w'), wait('w', calendar({ days: 5 }), 'tips'), send('tips', null)])
    const { enrolment, effects } = landed(to)
    expect(effects).toEqual([])
    expect(enrolment).toMatchObject({ version: 2, stepId: 'w', stepSeq: 1, rev: 0 })
    expect(iso(enrolment.wakeAt)).toBe('2026-01-10T10:00')
  })

  it('watches what the new version watches', () => {
    const to = version2(Object.values(from.steps), { exitWhen: 'vips' })
    const moved = migrate(to)
    if (moved.outcome !== 'moves') throw new Error(moved.outcome)
    expect(moved.enrolment.wakeAt).toBe(now)
    expect(wake(to, moved.enrolment, now, { members: { vips: true } }).enrolment.endReason).toBe('segment:vips')
  })

  it('counts from its arrival where the wait counted from a date before', () => {
    const byDate = scenario([
      send('hello', 'w'),
      wait('w', calendar({ days: -7 }), 'tips', { from: { kind: 'attribute', attribute: 'renewsOn', type: 'date' } }),
      send('tips', null),
    ])
    const waiting = enter(byDate, { attributes: { renewsOn: '2026-03-01' } })
    const moved = migrateEnrolment(waiting, { from: byDate, to: version2(first), sentSteps: [], waitingSteps: [], now })
    if (moved.outcome !== 'moves') throw new Error(moved.outcome)
    expect(iso(wake(version2(first), moved.enrolment, now).enrolment.wakeAt)).toBe('2026-01-08T10:00')
  })

  it('starts at the new first step where nothing has happened yet', () => {
    const to = version2([send('welcome', 'hello'), ...first], { successors: {} })
    expect(migrate(to, entered(from, start), [])).toMatchObject({ outcome: 'moves', enrolment: { stepId: 'welcome' } })
  })
})

describe('who stands at a step that is gone', () => {
  const without = (
    successors: ScenarioDefinition['successors'],
    steps: readonly ScenarioStep[] = [send('hello', 'tips'), send('tips', null)],
  ) => version2(steps, { successors })

  it('is refused without a successor', () => {
    expect(migrate(without({}))).toEqual({ outcome: 'refused', step: 'w' })
    expect(migrate(without({ w: 'gone' }))).toEqual({ outcome: 'refused', step: 'w' })
    expect(migrate(without({ w: 'gone', gone: 'w' }))).toEqual({ outcome: 'refused', step: 'w' })
  })

  it('completes where the successor is nothing', () => {
    expect(migrate(without({ w: null }))).toMatchObject({
      outcome: 'completes',
      enrolment: { state: 'completed', version: 2, stepId: null, rev: 0, endedAt: now },
    })
  })

  it('goes on at the successor, or at that one s, now', () => {
    for (const successors of [{ w: 'tips' }, { w: 'gone', gone: 'tips' }])
      expect(mails(landed(without(successors)).effects)).toEqual(['tips 2026-01-06T10:00'])
  })

  it('waits on from the same anchor where the successor is a wait', () => {
    const steps = [send('hello', 'pause'), wait('pause', calendar({ days: 2 }), 'tips'), send('tips', null)]
    expect(iso(landed(without({ w: 'pause' }, steps)).enrolment.wakeAt)).toBe('2026-01-07T10:00')
    const timeout = [waitFor('pause', [], { wait: elapsed(2 * day), next: 'tips' }), send('tips', null)]
    expect(iso(landed(without({ w: 'pause' }, timeout)).enrolment.wakeAt)).toBe('2026-01-07T10:00')
  })
})

describe('mail', () => {
  it('that went out is never sent again, nor after the next version', () => {
    const to = version2([wait('w', calendar({ days: 2 }), 'hello'), send('hello', 'tips'), send('tips', null)])
    const { enrolment } = landed(to)
    expect(enrolment.memory.sentBefore).toEqual(['hello'])
    expect(mails(wake(to, enrolment, start + 2 * day).effects)).toEqual(['tips 2026-01-07T10:00'])
    const version3 = { ...version2(first), version: 3 }
    const third = migrateEnrolment(enrolment, { from: to, to: version3, sentSteps: ['tips'], waitingSteps: [], now })
    expect(third).toMatchObject({ enrolment: { version: 3, memory: { sentBefore: ['hello', 'tips'], enteredVersion: 1 } } })
  })

  it('of steps that are gone, or are something else, is dropped; the rest is kept', () => {
    const to = version2([wait('w', calendar({ days: 3 }), 'news'), send('news', 'tips'), end('tips')])
    const moved = migrate(to, enter(), ['hello'])
    expect(moved).toMatchObject({ outcome: 'moves', droppedSteps: ['hello', 'tips'], enrolment: { rev: 0 } })
  })

  it('that waits as the last one keeps its enrolment', () => {
    const last = scenario([send('hello', null)])
    const waiting = enter(last, { quietHours: { from: '09:00', to: '12:00' } })
    const to = version2([send('hello', 'tips'), send('tips', null)])
    const mail = { sentSteps: ['hello'], waitingSteps: ['hello'], now: start + hour }
    const moved = migrateEnrolment(waiting, { from: last, to, ...mail })
    expect(moved).toMatchObject({ outcome: 'moves', enrolment: { state: 'active', stepId: null } })
    const gone = migrateEnrolment(waiting, { from: last, to: version2([send('tips', null)]), ...mail })
    expect(gone).toMatchObject({
      outcome: 'completes',
      droppedSteps: ['hello'],
      enrolment: { state: 'completed', endedAt: mail.now },
    })
  })
})

describe('a holdout', () => {
  it('ends at the successor of its last step', () => {
    const held: Enrolment = { ...enter(), memory: { holdout: { until: 'news' } } }
    const moved = migrate(version2(first, { successors: { news: 'tips' } }), held)
    expect(moved).toMatchObject({ enrolment: { memory: { holdout: { until: 'tips' } } } })
  })
})
