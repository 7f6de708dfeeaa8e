import { describe, expect, it } from 'vitest'
import {
  branch,
  calendar,
  elapsed,
  entered,
  factsOf,
  feed,
  iso,
  live,
  mails,
  scenario,
  send,
  tokyo,
  wait,
  wake,
} from '../../../test/fixtures/scenario-life.ts'
import { day, hour, minute } from '../time/instant.ts'
import { parseInstant } from '../time/parse-instant.ts'
import type { Enrolment } from './enrolment.ts'
import type { SendWindow } from './scenario-definition.ts'
import { type TransitionInput, transition } from './transition.ts'

const series = scenario([
  send('hello', 'settle'),
  wait('settle', calendar({ days: 3, at: '10:00' }), 'tips'),
  send('tips', 'month'),
  wait('month', calendar({ months: 1 }), 'news'),
  send('news', 'last'),
  { kind: 'end', id: 'last' },
])

describe('a series', () => {
  it('sends its mails when it says, and completes', () => {
    const { enrolment, effects } = live(series, tokyo('2026-01-05T15:20'))
    expect(mails(effects)).toEqual(['hello 2026-01-05T15:20', 'tips 2026-01-08T10:00', 'news 2026-02-08T10:00'])
    expect(enrolment).toMatchObject({ state: 'completed', stepId: null, wakeAt: null, wakeSpec: null, endReason: null })
    expect(iso(enrolment.endedAt)).toBe('2026-02-08T10:00')
  })

  it('numbers its steps, so that each mail has a key of its own', () => {
    const { enrolment, effects } = live(series, tokyo('2026-01-05T15:20'))
    expect(effects.map((effect) => effect.kind === 'queue' && effect.stepSeq)).toEqual([1, 3, 5])
    expect(enrolment.stepSeq).toBe(6)
  })

  it('waits without an effect until the time has come', () => {
    const start = tokyo('2026-01-05T15:20')
    const { enrolment } = feed(series, entered(series, start), { kind: 'enter' }, start)
    expect(enrolment).toMatchObject({ stepId: 'settle', stepSeq: 1, wakeAt: tokyo('2026-01-08T10:00') })
    const early = wake(series, enrolment, tokyo('2026-01-08T09:59'))
    expect(early).toEqual({ kind: 'done', enrolment, effects: [] })
    expect(early.enrolment).toBe(enrolment)
  })

  it('gives each mail its day to go out', () => {
    const { effects } = live(series, tokyo('2026-01-05T15:20'))
    expect(effects[1]).toMatchObject({
      plannedAt: tokyo('2026-01-08T10:00'),
      runAt: tokyo('2026-01-08T10:00'),
      expiresAt: tokyo('2026-01-09T10:00'),
    })
  })

  it('completes at once where there is nothing to do', () => {
    const empty = scenario([], { first: null })
    expect(live(empty, tokyo('2026-01-05T15:20')).enrolment).toMatchObject({ state: 'completed', stepSeq: 0 })
  })
})

describe('what a wait counts from', () => {
  it('counts the first wait from the entry, not from when a worker came by', () => {
    const definition = scenario([wait('first', elapsed(hour), 'hello'), send('hello', null)])
    const start = tokyo('2026-01-05T10:00')
    const { enrolment } = feed(definition, entered(definition, start), { kind: 'enter' }, start + 20 * minute)
    expect(iso(enrolment.wakeAt)).toBe('2026-01-05T11:00')
    expect(mails(wake(definition, enrolment, start + hour).effects)).toEqual(['hello 2026-01-05T11:00'])
  })

  it('plans a first mail for now, however old the entry', () => {
    const start = tokyo('2026-01-05T10:00')
    const definition = scenario([branch('who', 'vips', 'hello', null), send('hello', null, { sendWithin: hour })])
    const { effects } = feed(definition, entered(definition, start), { kind: 'enter' }, start + 20 * hour, {
      members: { vips: true },
    })
    expect(mails(effects)).toEqual(['hello 2026-01-06T06:00'])
  })

  it('adds up waits that follow each other', () => {
    const definition = scenario([
      send('hello', 'a'),
      wait('a', calendar({ days: 1 }), 'b'),
      wait('b', calendar({ days: 0, at: '18:00' }), 'c'),
      wait('c', elapsed(90 * minute), 'tips'),
      send('tips', null),
    ])
    expect(mails(live(definition, tokyo('2026-01-05T10:00')).effects)).toEqual([
      'hello 2026-01-05T10:00',
      'tips 2026-01-06T19:30',
    ])
  })

  it('counts on from the planned time when the window moved the mail', () => {
    const window: SendWindow = { days: 'business', from: '09:00', to: '20:00' }
    const definition = scenario([send('hello', 'day'), wait('day', calendar({ days: 1 }), 'tips'), send('tips', null)], {
      window,
    })
    const { effects } = live(definition, tokyo('2026-01-09T21:00'))
    expect(mails(effects)).toEqual(['hello 2026-01-12T09:00', 'tips 2026-01-13T09:00'])
  })

  it('leaves out the holidays that the calendar names', () => {
    const window: SendWindow = { days: 'business', from: '09:00', to: '20:00' }
    const definition = scenario([send('hello', null)], { window })
    const { effects } = live(definition, tokyo('2026-01-09T21:00'), { isHoliday: (date) => date === '2026-01-12' })
    expect(mails(effects)).toEqual(['hello 2026-01-13T09:00'])
  })

  it('keeps to an overnight window', () => {
    const window: SendWindow = { days: 'any', from: '22:00', to: '06:00' }
    const definition = scenario([send('hello', 'six'), wait('six', elapsed(6 * hour), 'tips'), send('tips', null)], { window })
    expect(mails(live(definition, tokyo('2026-01-05T23:00')).effects)).toEqual([
      'hello 2026-01-05T23:00',
      'tips 2026-01-06T05:00',
    ])
    expect(mails(live(definition, tokyo('2026-01-05T12:00')).effects)).toEqual([
      'hello 2026-01-05T22:00',
      'tips 2026-01-06T04:00',
    ])
    expect(mails(live(definition, tokyo('2026-01-05T01:00')).effects)).toEqual([
      'hello 2026-01-05T01:00',
      'tips 2026-01-05T22:00',
    ])
  })

  it('clips to the end of the month and comes back from it', () => {
    const definition = scenario([
      send('january', 'a'),
      wait('a', calendar({ months: 1 }), 'february'),
      send('february', 'b'),
      wait('b', calendar({ days: 1 }), 'march'),
      send('march', null),
    ])
    expect(mails(live(definition, tokyo('2026-01-31T10:00')).effects)).toEqual([
      'january 2026-01-31T10:00',
      'february 2026-02-28T10:00',
      'march 2026-03-01T10:00',
    ])
  })

  it('keeps the wall clock over summer time, where 24 hours do not', () => {
    const start = parseInstant('2026-03-07T09:00-05:00')
    const byDay = scenario([wait('w', calendar({ days: 1 }), 'mail'), send('mail', null)])
    const byHours = scenario([wait('w', elapsed(24 * hour), 'mail'), send('mail', null)])
    const newYork = { timeZone: 'America/New_York' }
    expect(live(byDay, start, newYork).effects[0]).toMatchObject({ runAt: parseInstant('2026-03-08T09:00-04:00') })
    expect(live(byHours, start, newYork).effects[0]).toMatchObject({ runAt: parseInstant('2026-03-08T10:00-04:00') })
  })

  it('works a wait out anew for a contact who moved to another zone', () => {
    const definition = scenario([wait('w', calendar({ days: 1, at: '09:00' }), 'mail'), send('mail', null)])
    const start = tokyo('2026-01-05T10:00')
    const { enrolment } = feed(definition, entered(definition, start), { kind: 'enter' }, start)
    expect(enrolment.wakeAt).toBe(tokyo('2026-01-06T09:00'))
    const moved = wake(definition, enrolment, tokyo('2026-01-06T09:00'), { timeZone: 'Europe/Berlin' })
    expect(moved.effects).toEqual([])
    expect(moved.enrolment).toMatchObject({ stepId: 'w', stepSeq: 0, wakeAt: parseInstant('2026-01-06T09:00+01:00') })
  })
})

describe('branches', () => {
  const definition = scenario([
    branch('spender', 'spenders', 'thanks', 'vip'),
    branch('vip', 'vips', 'nudge', null),
    send('thanks', null),
    send('nudge', null),
  ])
  const start = tokyo('2026-01-05T10:00')
  const enter = (members: { readonly [segment: string]: boolean }) =>
    transition(definition, entered(definition, start), { kind: 'enter' }, factsOf({ members }), start)

  it('ask for the segments that they need, one after the other', () => {
    expect(enter({})).toEqual({ kind: 'needs', needs: [{ kind: 'segment', segment: 'spenders' }] })
    expect(enter({ spenders: false })).toEqual({ kind: 'needs', needs: [{ kind: 'segment', segment: 'vips' }] })
  })

  it('go the way of the answer', () => {
    const way = (members: { readonly [segment: string]: boolean }) => mails(live(definition, start, { members }).effects)
    expect(way({ spenders: true })).toEqual(['thanks 2026-01-05T10:00'])
    expect(way({ spenders: false, vips: true })).toEqual(['nudge 2026-01-05T10:00'])
    expect(way({ spenders: false, vips: false })).toEqual([])
  })

  it('ask nothing while a wait before them lasts', () => {
    const waiting = scenario([wait('w', calendar({ days: 1 }), 'spender'), branch('spender', 'spenders', null, null)])
    const { enrolment } = feed(waiting, entered(waiting, start), { kind: 'enter' }, start)
    expect(enrolment.stepId).toBe('w')
  })
})

describe('leaving', () => {
  const start = tokyo('2026-01-05T10:00')
  const order = (at: number): TransitionInput => ({ kind: 'event', event: 'order.placed', occurredAt: at, payload: {} })
  const running = () => feed(series, entered(series, start), { kind: 'enter' }, start).enrolment

  it('ends at an exit event: queued mail is dropped and the revision raised', () => {
    const { enrolment, effects } = feed(series, running(), order(start + hour), start + hour)
    expect(effects).toEqual([{ kind: 'dropQueued' }])
    expect(enrolment).toMatchObject({ state: 'exited', rev: 1, stepId: null, wakeAt: null, wakeSpec: null })
    expect(enrolment).toMatchObject({ endedAt: start + hour, endReason: 'event:order.placed' })
  })

  it('is not ended by other events, nor by one from before the entry', () => {
    const before = running()
    const visit: TransitionInput = { kind: 'event', event: 'page.visited', occurredAt: start + hour, payload: {} }
    expect(feed(series, before, visit, start + hour).enrolment).toBe(before)
    expect(feed(series, before, order(start - 1), start + hour).enrolment).toBe(before)
  })

  it('is not over while its last mail waits for the window: an order still drops it', () => {
    const definition = scenario([send('hello', 'end'), { kind: 'end', id: 'end' }], {
      window: { days: 'any', from: '18:00', to: '20:00' },
    })
    const { enrolment, effects } = feed(definition, entered(definition, start), { kind: 'enter' }, start)
    expect(mails(effects)).toEqual(['hello 2026-01-05T18:00'])
    expect(enrolment).toMatchObject({ state: 'active', stepId: null, wakeAt: tokyo('2026-01-05T18:00') })
    expect(feed(definition, enrolment, order(start + hour), start + hour).effects).toEqual([{ kind: 'dropQueued' }])
    expect(wake(definition, enrolment, tokyo('2026-01-05T18:00')).enrolment.state).toBe('completed')
  })

  it('stays as it ended, whatever comes', () => {
    const exited = feed(series, running(), order(start + hour), start + hour).enrolment
    const completed = live(series, start).enrolment
    const failed: Enrolment = { ...exited, state: 'failed' }
    for (const ended of [exited, completed, failed]) {
      for (const input of [{ kind: 'enter' }, { kind: 'wake' }, order(start + 9 * day)] as const) {
        expect(feed(series, ended, input, start + 10 * day)).toEqual({ kind: 'done', enrolment: ended, effects: [] })
      }
    }
  })
})

describe('props', () => {
  it('are fixed from the event that started the enrolment; what it lacks is left out', () => {
    const event = (name: string) => ({ kind: 'reference', scope: 'event', path: [name] }) as const
    const props = {
      brochure: event('brochure'),
      pages: event('pages'),
      coupon: event('coupon'),
      greeting: { kind: 'or', value: event('greeting'), fallback: { kind: 'literal', value: 'hello' } },
    } as const
    const definition = scenario([send('hello', null, { props })])
    const { effects } = live(definition, tokyo('2026-01-05T10:00'))
    expect(effects[0]).toMatchObject({ props: { brochure: 'A', pages: 12, greeting: 'hello' } })
    expect(effects[0]).not.toHaveProperty('props.coupon')
  })
})

describe('a definition that cannot be walked', () => {
  const start = tokyo('2026-01-05T10:00')

  it('fails at a loop without a wait and sends nothing of it', () => {
    const definition = scenario([send('a', 'b'), send('b', 'a')])
    const { enrolment, effects } = live(definition, start)
    expect(enrolment).toMatchObject({ state: 'failed', endReason: 'step-limit' })
    expect(effects).toEqual([{ kind: 'dropQueued' }])
  })

  it('walks a hundred steps at once', () => {
    const steps = Array.from({ length: 99 }, (_, n) => send(`s${n}`, n === 98 ? 'end' : `s${n + 1}`))
    expect(live(scenario([...steps, { kind: 'end', id: 'end' }]), start).enrolment.state).toBe('completed')
    expect(live(scenario([...steps, send('end', null)]), start).enrolment.state).toBe('completed')
  })

  it('fails at a step that does not exist', () => {
    expect(live(scenario([send('a', 'gone')]), start).enrolment).toMatchObject({ state: 'failed', endReason: 'unknown-step' })
  })
})
