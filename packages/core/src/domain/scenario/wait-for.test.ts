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
  onEvent,
  onMail,
  onSegment,
  scenario,
  send,
  tokyo,
  wait,
  waitFor,
  wake,
} from '../../../test/fixtures/scenario-life.ts'
import { day, hour, minute } from '../time/instant.ts'
import type { ScenarioDefinition, ScenarioStep, WaitForStep } from './scenario-definition.ts'

const start = tokyo('2026-01-05T10:00')
const timeout = { wait: calendar({ days: 3 }), next: 'remind' }
const after = [send('thanks', null), send('other', null), send('remind', null)]
const waiting = (arms: WaitForStep['arms'], since: WaitForStep['since'] = 'entry', first: readonly ScenarioStep[] = []) =>
  scenario([...first, waitFor('answer', arms, timeout, since), ...after])
const orders = waiting([{ on: onEvent('cart.ordered'), next: 'thanks' }])
const enter = (definition: ScenarioDefinition, life: Life = {}) =>
  feed(definition, entered(definition, start), { kind: 'enter' }, start, life).enrolment
const event = (name: string, at: number, payload = {}) => ({ kind: 'event', ...happened(name, at, payload) }) as const
const ways = (life: Life, definition = orders) => mails(live(definition, start, life).effects)

describe('waiting for an event', () => {
  it('goes on by the event as soon as it comes', () => {
    const enrolment = enter(orders)
    expect(iso(enrolment.wakeAt)).toBe('2026-01-08T10:00')
    const ordered = feed(orders, enrolment, event('cart.ordered', start + hour), start + hour)
    expect(mails(ordered.effects)).toEqual(['thanks 2026-01-05T11:00'])
    expect(ordered.enrolment.state).toBe('completed')
  })

  it('goes on by the time-out, counted from the arrival', () => {
    expect(ways({})).toEqual(['remind 2026-01-08T10:00'])
  })

  it('knows the events since the entry, before it came here', () => {
    const definition = waiting([{ on: onEvent('cart.ordered'), next: 'thanks' }], 'entry', [
      wait('day', calendar({ days: 1 }), 'answer'),
    ])
    const life = { events: [happened('cart.ordered', start + hour)] }
    expect(ways(life, definition)).toEqual(['thanks 2026-01-06T10:00'])
    expect(ways({ events: [happened('cart.ordered', start - hour)] }, definition)).toEqual(['remind 2026-01-09T10:00'])
  })

  it('counts events from the previous mail or from the arrival where the step says so', () => {
    const first = [send('offer', 'day'), wait('day', calendar({ days: 1 }), 'answer')]
    const arms = [{ on: onEvent('cart.ordered'), next: 'thanks' }]
    const life = { events: [happened('cart.ordered', start + hour)] }
    expect(ways(life, waiting(arms, 'previous', first))).toContain('thanks 2026-01-06T10:00')
    expect(ways(life, waiting(arms, 'step', first))).toContain('remind 2026-01-09T10:00')
  })

  it('is not answered by the event that started it, but by one at the same instant', () => {
    const definition = waiting([{ on: onEvent('brochure.requested'), next: 'thanks' }])
    const entry = happened('brochure.requested', start)
    expect(ways({ events: [entry] }, definition)).toEqual(['remind 2026-01-08T10:00'])
    expect(ways({ events: [entry, entry] }, definition)).toEqual(['thanks 2026-01-05T10:00'])
    expect(ways({ events: [happened('cart.ordered', start)] })).toEqual(['thanks 2026-01-05T10:00'])
  })

  it('asks about the payload', () => {
    const big = { kind: 'attribute', field: 'total', type: 'number', operator: '>=', value: 10_000 } as const
    const definition = waiting([{ on: onEvent('cart.ordered', big), next: 'thanks' }])
    const enrolment = enter(definition)
    expect(feed(definition, enrolment, event('cart.ordered', start + hour, { total: 900 }), start + hour).enrolment).toBe(
      enrolment,
    )
    const ordered = feed(definition, enrolment, event('cart.ordered', start + hour, { total: 10_000 }), start + hour)
    expect(mails(ordered.effects)).toEqual(['thanks 2026-01-05T11:00'])
  })

  it('leaves other events alone', () => {
    const enrolment = enter(orders)
    expect(feed(orders, enrolment, event('page.viewed', start + hour), start + hour).enrolment).toBe(enrolment)
  })

  it('plans the mail that answers an event for now, however late that came', () => {
    const late = feed(orders, enter(orders), event('cart.ordered', start + hour), start + 20 * hour)
    expect(mails(late.effects)).toEqual(['thanks 2026-01-06T06:00'])
  })
})

describe('which arm it goes by', () => {
  const two = waiting([
    { on: onEvent('cart.ordered'), next: 'thanks' },
    { on: onEvent('cart.emptied'), next: 'other' },
  ])

  it('is that of the earliest event, whatever the order of the arms', () => {
    const events = [happened('cart.emptied', start + hour), happened('cart.ordered', start + 2 * hour)]
    expect(mails(wake(two, enter(two), start + day, { events }).effects)).toEqual(['other 2026-01-06T10:00'])
  })

  it('is the first in the list at one instant', () => {
    const events = [happened('cart.emptied', start + hour), happened('cart.ordered', start + hour)]
    expect(mails(wake(two, enter(two), start + day, { events }).effects)).toEqual(['thanks 2026-01-06T10:00'])
  })

  it('is the time-out where the event came after it, though the worker comes later still', () => {
    const at = start + 3 * day
    const events = (occurredAt: number) => ({ events: [happened('cart.ordered', occurredAt)] })
    expect(mails(wake(orders, enter(orders), at + hour, events(at)).effects)).toEqual(['remind 2026-01-08T10:00'])
    expect(mails(wake(orders, enter(orders), at + hour, events(at - 1)).effects)).toEqual(['thanks 2026-01-08T11:00'])
  })
})

describe('a loop over an event', () => {
  const definition = scenario([
    waitFor('view', [{ on: onEvent('page.viewed'), next: 'answer' }], { wait: calendar({ days: 3 }), next: null }),
    send('answer', 'view'),
  ])

  it('answers each event once', () => {
    const views = [start + hour, start + 5 * hour]
    const first = feed(definition, enter(definition), event('page.viewed', start + hour), start + hour)
    expect(mails(first.effects)).toEqual(['answer 2026-01-05T11:00'])
    const events = views.map((at) => happened('page.viewed', at))
    const second = feed(definition, first.enrolment, event('page.viewed', start + 5 * hour), start + 5 * hour, { events })
    expect(mails(second.effects)).toEqual(['answer 2026-01-05T15:00'])
    expect(wake(definition, second.enrolment, start + 6 * hour, { events })).toEqual({ ...second, effects: [] })
  })

  it('lets another wait for the same event see it too, since the entry', () => {
    const twice = scenario([
      waitFor('a', [{ on: onEvent('page.viewed'), next: 'b' }], timeout),
      waitFor('b', [{ on: onEvent('page.viewed'), next: 'thanks' }], timeout),
      ...after,
    ])
    expect(ways({ events: [happened('page.viewed', start + hour)] }, twice)).toEqual(['thanks 2026-01-05T11:00'])
  })

  it('but not where events count from the arrival', () => {
    const twice = scenario([
      waitFor('a', [{ on: onEvent('page.viewed'), next: 'b' }], timeout, 'step'),
      waitFor('b', [{ on: onEvent('page.viewed'), next: 'thanks' }], timeout, 'step'),
      ...after,
    ])
    expect(ways({ events: [happened('page.viewed', start + hour)] }, twice)).toEqual(['remind 2026-01-08T11:00'])
  })
})

describe('waiting for a segment', () => {
  const definition = waiting([{ on: onSegment('vips'), next: 'thanks' }])
  const outside: Life = { members: { vips: false } }

  it('looks when told to, and when time alone may have changed it', () => {
    const enrolment = enter(definition, { ...outside, changes: { vips: start + 5 * hour } })
    expect(iso(enrolment.wakeAt)).toBe('2026-01-05T15:00')
    expect(enrolment.wakeSpec?.endsAt).toBe(start + 3 * day)
    const looked = wake(definition, enrolment, start + 5 * hour, outside)
    expect(iso(looked.enrolment.wakeAt)).toBe('2026-01-08T10:00')
    const joined = feed(definition, looked.enrolment, { kind: 'look' }, start + 6 * hour, { members: { vips: true } })
    expect(mails(joined.effects)).toEqual(['thanks 2026-01-05T16:00'])
  })

  it('goes on at once where the contact is in it', () => {
    expect(ways({ members: { vips: true } }, definition)).toEqual(['thanks 2026-01-05T10:00'])
  })

  it('takes the contact as it is now where the worker comes after the time-out', () => {
    const late = wake(definition, enter(definition, outside), start + 4 * day, { members: { vips: true } })
    expect(mails(late.effects)).toEqual(['thanks 2026-01-09T10:00'])
  })
})

describe('waiting for a reader', () => {
  const first = [send('offer', 'answer')]
  const definition = waiting(
    [
      { on: onMail('offer', 'clicked', 'https://shop.example.jp/'), next: 'thanks' },
      { on: onMail('offer', 'opened'), next: 'other' },
    ],
    'entry',
    first,
  )
  const sent = feed(definition, entered(definition, start), { kind: 'enter' }, start)

  it('knows nothing of a mail that it has just planned', () => {
    const stale: Life = { fates: { offer: { openedAt: start - day } } }
    const again = feed(definition, entered(definition, start), { kind: 'enter' }, start, stale)
    expect(again.enrolment.stepId).toBe('answer')
  })

  it('goes on when the mail was opened or clicked; a click is an open too', () => {
    const look = (fate: Life['fates']) =>
      mails(feed(definition, sent.enrolment, { kind: 'look' }, start + hour, { fates: fate ?? {} }).effects)
    expect(look({ offer: {} })).toEqual([])
    expect(look({ offer: { openedAt: start + 30 * minute } })).toEqual(['other 2026-01-05T11:00'])
    const click = { clickedAt: start + 40 * minute, links: [{ link: 2, url: 'https://shop.example.jp/other' }] }
    expect(look({ offer: click })).toEqual(['other 2026-01-05T11:00'])
  })

  it('knows which link was clicked', () => {
    const links = [{ link: 1, url: 'https://shop.example.jp/' }]
    const branches = waiting([{ on: onMail('offer', 'clicked', 1), next: 'thanks' }], 'entry', first)
    const { enrolment } = feed(branches, entered(branches, start), { kind: 'enter' }, start)
    const clicked = { fates: { offer: { clickedAt: start + minute, links } } }
    expect(mails(feed(branches, enrolment, { kind: 'look' }, start + hour, clicked).effects)).toEqual(['thanks 2026-01-05T11:00'])
  })
})

describe('a wait-for behind a mail that waits for its window', () => {
  it('counts its time-out from when the mail goes out', () => {
    const definition = scenario([send('offer', 'answer'), waitFor('answer', [], { wait: elapsed(2 * hour), next: null })], {
      window: { days: 'any', from: '18:00', to: '20:00' },
    })
    expect(iso(enter(definition).wakeAt)).toBe('2026-01-05T20:00')
  })
})
