import { describe, expect, it } from 'vitest'
import {
  calendar,
  elapsed,
  entered,
  feed,
  happened,
  iso,
  type Life,
  mails,
  onEvent,
  scenario,
  send,
  tokyo,
  wait,
  waitFor,
  wake,
} from '../../../test/fixtures/scenario-life.ts'
import { day, hour } from '../time/instant.ts'
import { reopenEnrolment } from './end-enrolment.ts'
import type { ScenarioDefinition, WaitStep } from './scenario-definition.ts'

const start = tokyo('2026-01-05T10:00')
const enter = (definition: ScenarioDefinition, life: Life = {}, now = start) =>
  feed(definition, entered(definition, start), { kind: 'enter' }, now, life).enrolment
const series = (changes: Partial<WaitStep> = {}) =>
  scenario([
    send('hello', 'w'),
    wait('w', calendar({ days: 3 }), 'tips', changes),
    send('tips', 'end'),
    { kind: 'end', id: 'end' },
  ])
const renewal: Life = { attributes: { renewsOn: '2026-02-01' } }
const fromDate = { from: { kind: 'attribute', attribute: 'renewsOn', type: 'date' } } as const

describe('a cap that moves a mail', () => {
  const deferred = (plannedAt: number, stepSeq = 1) => ({ kind: 'deferred', stepSeq, plannedAt }) as const

  it('moves what is counted from it', () => {
    const moved = feed(series(), enter(series()), deferred(start + day), start)
    expect(moved.effects).toEqual([])
    expect(moved.enrolment).toMatchObject({ anchorAt: start + day, lastSendAt: start + day, wakeAt: start + 4 * day })
    expect(feed(series(), moved.enrolment, deferred(start + day), start).enrolment).toBe(moved.enrolment)
  })

  it('does not move a wait from a date', () => {
    const before = enter(series(fromDate), renewal)
    const moved = feed(series(fromDate), before, deferred(start + day), start, renewal).enrolment
    expect(moved).toMatchObject({ anchorAt: start + day, wakeAt: before.wakeAt })
  })

  it('moves the time-out of a wait-for', () => {
    const definition = scenario([send('hello', 'f'), waitFor('f', [], { wait: elapsed(2 * day), next: null })])
    expect(feed(definition, enter(definition), deferred(start + day), start).enrolment.wakeAt).toBe(start + 3 * day)
  })

  it('says nothing about another mail, or once the wait after it is over', () => {
    const enrolment = enter(series())
    expect(feed(series(), enrolment, deferred(start + day, 7), start).enrolment).toBe(enrolment)
    const later = wake(series(), enrolment, start + 3 * day, { quietHours: { from: '09:00', to: '12:00' } }).enrolment
    expect(later).toMatchObject({ stepId: null, state: 'active', stepSeq: 4 })
    expect(feed(series(), later, deferred(start + 9 * day, 1), start + 3 * day).enrolment).toBe(later)
  })

  it('keeps the enrolment until its last mail has gone out', () => {
    const enrolment = enter(scenario([send('hello', null)]), { quietHours: { from: '09:00', to: '12:00' } })
    const definition = scenario([send('hello', null)])
    const moved = feed(definition, enrolment, deferred(start + day), start + 2 * hour).enrolment
    expect(moved).toMatchObject({ state: 'active', stepId: null, wakeAt: start + day })
  })

  it('keeps one that had completed already and is brought back, and completes it then', () => {
    const definition = scenario([send('hello', null)])
    const completed = enter(definition)
    expect(completed.state).toBe('completed')
    const moved = feed(definition, reopenEnrolment(completed, start + day), deferred(start + day), start).enrolment
    expect(moved).toMatchObject({ state: 'active', stepId: null, endedAt: null, lastSendAt: start + day, wakeAt: start + day })
    expect(wake(definition, moved, start + day).enrolment).toMatchObject({ state: 'completed', endedAt: start + day })
  })
})

describe('a cap that goes on to the next mail', () => {
  const capped = { kind: 'capped', stepSeq: 1 } as const

  it('still waits in a loop, which would go round for as long as the cap is full', () => {
    const daily = scenario([send('hello', 'w'), wait('w', calendar({ days: 1 }), 'hello')])
    const before = enter(daily)
    expect(feed(daily, before, capped, start).enrolment).toBe(before)
  })

  it('does not wait for the wait after the mail', () => {
    const now = start + hour
    const next = feed(series(), enter(series()), capped, now)
    expect(mails(next.effects)).toEqual(['tips 2026-01-05T11:00'])
    expect(feed(series(), next.enrolment, capped, now).enrolment).toBe(next.enrolment)
  })

  it('skips one wait only', () => {
    const two = scenario([send('hello', 'a'), wait('a', elapsed(day), 'b'), wait('b', elapsed(day), 'tips'), send('tips', null)])
    const next = feed(two, enter(two), capped, start).enrolment
    expect(next).toMatchObject({ stepId: 'b', wakeAt: start + day })
    expect(feed(two, next, capped, start).enrolment).toBe(next)
  })

  it('still waits for a date, and goes by the time-out of a wait-for', () => {
    const before = enter(series(fromDate), renewal)
    expect(feed(series(fromDate), before, capped, start, renewal).enrolment).toMatchObject({ stepId: 'w', wakeAt: before.wakeAt })
    const arms = [{ on: onEvent('cart.ordered'), next: null }]
    const definition = scenario([
      send('hello', 'f'),
      waitFor('f', arms, { wait: elapsed(2 * day), next: 'tips' }),
      send('tips', null),
    ])
    expect(mails(feed(definition, enter(definition), capped, start + hour).effects)).toEqual(['tips 2026-01-05T11:00'])
  })

  it('completes where the mail was the last', () => {
    const last = scenario([send('hello', null)])
    const enrolment = enter(last, { quietHours: { from: '09:00', to: '12:00' } })
    expect(enrolment.state).toBe('active')
    expect(feed(last, enrolment, capped, start + hour).enrolment.state).toBe('completed')
  })
})

describe('a pause that is over', () => {
  const pausedAt = start + day
  const resumedAt = start + 6 * day
  const resumed = (missed: 'continue' | 'skip' | 'shift') => ({ kind: 'resumed', missed, pausedAt, resumedAt }) as const
  const told = (missed: 'continue' | 'skip' | 'shift', definition = series(), life: Life = {}) =>
    feed(definition, enter(definition, life), resumed(missed), resumedAt, life).enrolment
  const after = (missed: 'continue' | 'skip' | 'shift', definition = series(), life: Life = {}) =>
    wake(definition, told(missed, definition, life), resumedAt, life)

  it('continue: leaves what was due to lateness', () => {
    expect(mails(after('continue').effects)).toEqual(['tips late'])
  })

  it('skip: leaves out what was due meanwhile, and nothing after that', () => {
    const long = scenario([
      send('hello', 'a'),
      wait('a', calendar({ days: 3 }), 'tips'),
      send('tips', 'b', { late: 'send' }),
      wait('b', calendar({ days: 3 }), 'news'),
      send('news', null),
    ])
    expect(mails(after('skip', long).effects)).toEqual(['tips paused', 'news 2026-01-11T10:00'])
  })

  it('skip: leaves out the first mail of who entered meanwhile', () => {
    const entry = entered(series(), resumedAt - hour)
    const { enrolment } = feed(series(), entry, resumed('skip'), resumedAt)
    expect(mails(feed(series(), enrolment, { kind: 'enter' }, resumedAt).effects)).toEqual(['hello paused'])
  })

  it('shift: moves everything by the pause, once', () => {
    const { enrolment, effects } = after('shift')
    expect(effects).toEqual([])
    expect(iso(enrolment.wakeAt)).toBe('2026-01-13T10:00')
    expect(feed(series(), enrolment, resumed('shift'), resumedAt).enrolment).toBe(enrolment)
    const again = { ...resumed('shift'), pausedAt: resumedAt, resumedAt: resumedAt + day }
    const twice = feed(series(), enrolment, again, resumedAt + day).enrolment
    expect(iso(wake(series(), twice, resumedAt + day).enrolment.wakeAt)).toBe('2026-01-14T10:00')
  })

  it('takes no step, so that a second pause is told before anything is sent', () => {
    const shifted = told('shift')
    expect(shifted).toMatchObject({ stepId: 'w', wakeAt: resumedAt })
    const second = { kind: 'resumed', missed: 'skip', pausedAt: start + 7 * day, resumedAt: start + 9 * day } as const
    const both = feed(series(), shifted, second, start + 9 * day).enrolment
    expect(mails(wake(series(), both, start + 9 * day).effects)).toEqual(['tips paused'])
  })

  it('shift: who entered meanwhile enters at its end', () => {
    const entry = entered(series(), resumedAt - hour)
    const { enrolment } = feed(series(), entry, resumed('shift'), resumedAt)
    expect(mails(feed(series(), enrolment, { kind: 'enter' }, resumedAt).effects)).toEqual([`hello ${iso(resumedAt)}`])
  })

  it('shift: dates stay where they are, later waits from the entry move', () => {
    const before = enter(series(fromDate), renewal)
    expect(after('shift', series(fromDate), renewal).enrolment.wakeAt).toBe(before.wakeAt)
    const week = scenario([
      send('hello', 'a'),
      wait('a', calendar({ days: 3 }), 'b'),
      wait('b', calendar({ days: 7 }), 'tips', { from: { kind: 'entry' } }),
      send('tips', null),
    ])
    const { enrolment } = after('shift', week)
    expect(iso(wake(week, enrolment, start + 8 * day).enrolment.wakeAt)).toBe('2026-01-17T10:00')
  })

  it('shift: the time-out of a wait-for moves, what happened in the pause counts', () => {
    const arms = [{ on: onEvent('cart.ordered'), next: 'tips' }]
    const definition = scenario([waitFor('f', arms, { wait: calendar({ days: 3 }), next: null }, 'step'), send('tips', null)])
    const { enrolment } = after('shift', definition)
    expect(iso(enrolment.wakeAt)).toBe('2026-01-13T10:00')
    const life = { events: [happened('cart.ordered', pausedAt + day)] }
    expect(mails(wake(definition, told('shift', definition), resumedAt, life).effects)).toEqual(['tips late'])
    const recent = { events: [happened('cart.ordered', resumedAt - hour)] }
    expect(mails(wake(definition, told('shift', definition), resumedAt, recent).effects)).toEqual([`tips ${iso(resumedAt)}`])
  })

  it('of no length, or from before the entry, changes nothing', () => {
    const enrolment = enter(series())
    for (const missed of ['continue', 'skip', 'shift'] as const) {
      const nothing = { kind: 'resumed', missed, pausedAt, resumedAt: pausedAt } as const
      expect(feed(series(), enrolment, nothing, resumedAt).enrolment).toBe(enrolment)
      const earlier = { kind: 'resumed', missed, pausedAt: start - day, resumedAt: start } as const
      expect(feed(series(), enrolment, earlier, resumedAt).enrolment).toBe(enrolment)
    }
  })
})
