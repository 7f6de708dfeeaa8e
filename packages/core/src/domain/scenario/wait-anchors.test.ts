import { describe, expect, it } from 'vitest'
import {
  calendar,
  elapsed,
  entered,
  feed,
  happened,
  iso,
  type Life,
  live,
  mails,
  scenario,
  send,
  tokyo,
  wait,
  wake,
} from '../../../test/fixtures/scenario-life.ts'
import { day, hour } from '../time/instant.ts'
import { parseInstant } from '../time/parse-instant.ts'
import type { PastPolicy, WaitStep } from './scenario-definition.ts'

const renewal = { kind: 'attribute', attribute: 'renewsOn', type: 'date' } as const
const before = (days: number, changes: Partial<WaitStep> = {}) =>
  [calendar({ days: -days, at: '10:00' }), { from: renewal, ...changes }] as const
const start = tokyo('2026-01-05T12:00')
const renewsOn = (date: string): Life => ({ attributes: { renewsOn: date } })

describe('a wait from a date of the contact', () => {
  const [spec, from] = before(7)
  const reminder = scenario([wait('week', spec, 'remind', from), send('remind', null)])
  const entering = (life: Life) => feed(reminder, entered(reminder, start), { kind: 'enter' }, start, life).enrolment

  it('counts back from the date, in the zone of the contact', () => {
    expect(mails(live(reminder, start, renewsOn('2026-02-10')).effects)).toEqual(['remind 2026-02-03T10:00'])
    const { effects } = live(reminder, start, { ...renewsOn('2026-02-10'), timeZone: 'Europe/Berlin' })
    expect(effects).toMatchObject([{ runAt: parseInstant('2026-02-03T10:00+01:00') }])
  })

  it('counts from an instant', () => {
    const definition = scenario([
      wait('call', elapsed(-2 * hour), 'remind', { from: { kind: 'attribute', attribute: 'callAt', type: 'instant' } }),
      send('remind', null),
    ])
    const life = { attributes: { callAt: '2026-01-09T01:00:00.000Z' } }
    expect(mails(live(definition, start, life).effects)).toEqual(['remind 2026-01-09T08:00'])
  })

  it('follows the date when it is looked at again', () => {
    const waiting = entering(renewsOn('2026-02-10'))
    const later = feed(reminder, waiting, { kind: 'look' }, start + day, renewsOn('2026-03-10')).enrolment
    expect(iso(later.wakeAt)).toBe('2026-03-03T10:00')
    expect(later.wakeSpec?.arrivedAt).toBe(start)
    expect(later.stepSeq).toBe(waiting.stepSeq)
  })

  it('skips the mail where the date is moved so that its time has passed, by the clock of now', () => {
    const waiting = entering(renewsOn('2026-02-10'))
    const moved = feed(reminder, waiting, { kind: 'look' }, tokyo('2026-01-20T12:00'), renewsOn('2026-01-22'))
    expect(moved.effects).toMatchObject([{ kind: 'skip', reason: 'past', plannedAt: tokyo('2026-01-15T10:00') }])
    const cleared = feed(reminder, waiting, { kind: 'look' }, start + day, {})
    expect(mails(cleared.effects)).toEqual(['remind no-anchor'])
  })

  it('does not take a contact who moved east for one whose date has changed: the mail is due', () => {
    const waiting = entering({ ...renewsOn('2026-02-10'), timeZone: 'Europe/London' })
    const now = tokyo('2026-02-03T12:00')
    const moved = feed(reminder, waiting, { kind: 'look' }, now, renewsOn('2026-02-10'))
    expect(moved.effects).toMatchObject([{ kind: 'queue', plannedAt: tokyo('2026-02-03T10:00') }])
  })
})

describe('a wait whose time has passed when the enrolment comes to it', () => {
  const series = (past: PastPolicy) => {
    const [month, fromMonth] = before(30, { past })
    const [week, fromWeek] = before(7, { past })
    return scenario([
      wait('month', month, 'first', fromMonth),
      send('first', 'next'),
      wait('next', calendar({ days: 1 }), 'again'),
      send('again', 'week'),
      wait('week', week, 'second', fromWeek),
      send('second', null),
    ])
  }
  const life = renewsOn('2026-01-20')

  it('skips the mails up to the next wait that is still ahead', () => {
    expect(mails(live(series({ kind: 'skip' }), start, life).effects)).toEqual([
      'first past',
      'again past',
      'second 2026-01-13T10:00',
    ])
  })

  it('notes when the skipped mail would have gone out', () => {
    const { effects } = live(series({ kind: 'skip' }), start, life)
    expect(effects.slice(0, 2)).toMatchObject([
      { plannedAt: tokyo('2025-12-21T10:00') },
      { plannedAt: tokyo('2025-12-22T10:00') },
    ])
  })

  it('sends now where the time has passed by no more than allowed, else skips', () => {
    const passed = start - tokyo('2025-12-21T10:00')
    expect(mails(live(series({ kind: 'send', within: passed }), start, life).effects)).toEqual([
      'first 2026-01-05T12:00',
      'again 2026-01-06T12:00',
      'second 2026-01-13T10:00',
    ])
    expect(mails(live(series({ kind: 'send', within: passed - 1 }), start, life).effects)[0]).toBe('first past')
  })

  it('leaves where the step says so', () => {
    const { enrolment, effects } = live(series({ kind: 'exit' }), start, life)
    expect(enrolment).toMatchObject({ state: 'exited', endReason: 'past', rev: 1 })
    expect(effects).toEqual([{ kind: 'dropQueued' }])
  })

  it('is measured by the own time of the enrolment: a late worker skips nothing', () => {
    const [spec, from] = before(7)
    const definition = scenario([
      wait('day', calendar({ days: 1 }), 'week'),
      wait('week', spec, 'remind', from),
      send('remind', null, { sendWithin: 3 * day }),
    ])
    const waiting = feed(definition, entered(definition, start), { kind: 'enter' }, start, renewsOn('2026-01-16')).enrolment
    const late = wake(definition, waiting, tokyo('2026-01-11T12:00'), renewsOn('2026-01-16'))
    expect(late.effects).toMatchObject([{ kind: 'queue', plannedAt: tokyo('2026-01-09T10:00') }])
  })

  it('is not past at that very instant', () => {
    const definition = scenario([wait('now', elapsed(0), 'mail', { from: { kind: 'entry' } }), send('mail', null)])
    expect(mails(live(definition, start).effects)).toEqual(['mail 2026-01-05T12:00'])
  })
})

describe('a wait without an anchor', () => {
  const [spec, from] = before(7)

  it.each([
    ['is not set', {}],
    ['is no date', { attributes: { renewsOn: 'soon' } }],
    ['is a number', { attributes: { renewsOn: 20_260_210 } }],
  ])('skips where the attribute %s', (_what, life) => {
    const definition = scenario([wait('week', spec, 'remind', from), send('remind', null)])
    expect(mails(live(definition, start, life).effects)).toEqual(['remind no-anchor'])
  })

  it('also where mail may go out late: there is nothing to be late for', () => {
    const past = { kind: 'send', within: 100 * day } as const
    const definition = scenario([wait('week', spec, 'remind', { ...from, past }), send('remind', null)])
    expect(mails(live(definition, start).effects)).toEqual(['remind no-anchor'])
  })

  it('leaves where the step says so, and says why', () => {
    const definition = scenario([wait('week', spec, 'remind', { ...from, past: { kind: 'exit' } }), send('remind', null)])
    expect(live(definition, start).enrolment).toMatchObject({ state: 'exited', endReason: 'no-anchor' })
  })
})

describe('a wait from an event', () => {
  const definition = scenario([
    wait('quiet', calendar({ days: 3 }), 'mail', { from: { kind: 'event', event: 'page.viewed' } }),
    send('mail', null),
  ])
  const viewed = (...times: readonly string[]): Life => ({ events: times.map((time) => happened('page.viewed', tokyo(time))) })

  it('counts from the latest one, and again from each that follows', () => {
    const life = viewed('2026-01-04T09:00', '2026-01-05T11:00')
    const { enrolment } = feed(definition, entered(definition, start), { kind: 'enter' }, start, life)
    expect(iso(enrolment.wakeAt)).toBe('2026-01-08T11:00')
    const again = { kind: 'event', ...happened('page.viewed', tokyo('2026-01-07T20:00')) } as const
    const { enrolment: moved, effects } = feed(definition, enrolment, again, tokyo('2026-01-07T20:00'), life)
    expect(effects).toEqual([])
    expect(iso(moved.wakeAt)).toBe('2026-01-10T20:00')
  })

  it('has no anchor where there was none', () => {
    expect(mails(live(definition, start).effects)).toEqual(['mail no-anchor'])
  })
})

describe('a wait from the entry', () => {
  it('counts from the entry, whatever was sent since', () => {
    const definition = scenario([
      send('hello', 'a'),
      wait('a', calendar({ days: 2 }), 'tips'),
      send('tips', 'b'),
      wait('b', calendar({ days: 7, at: '09:00' }), 'week', { from: { kind: 'entry' } }),
      send('week', null),
    ])
    expect(mails(live(definition, start).effects)).toEqual([
      'hello 2026-01-05T12:00',
      'tips 2026-01-07T12:00',
      'week 2026-01-12T09:00',
    ])
  })
})

describe('weekdays and open days', () => {
  const definition = (spec: Parameters<typeof wait>[1]) => scenario([wait('w', spec, 'mail'), send('mail', null)])

  it('are those of the contact', () => {
    const monday = definition({ kind: 'weekday', weekday: 1, at: '09:00' })
    expect(mails(live(monday, tokyo('2026-01-10T12:00')).effects)).toEqual(['mail 2026-01-12T09:00'])
    const open = definition({ kind: 'business', days: 2, at: '09:00' })
    const isHoliday = (date: string) => date === '2026-01-12'
    expect(mails(live(open, tokyo('2026-01-09T12:00'), { isHoliday }).effects)).toEqual(['mail 2026-01-14T09:00'])
  })
})
