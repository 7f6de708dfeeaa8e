import type { EngineTheme, Kit } from '../engine-world.ts'
import { mailed, subjects } from '../observations.ts'
import { model, nudge, thanks, tips } from '../shop.ts'

const cart = (since: 'entry' | 'previous' | 'step' | undefined) =>
  model.scenario('cart', {
    version: 1,
    enterOn: 'page.viewed',
    steps: ({ send, wait, waitFor }) => [
      wait('a-day', '1 day'),
      send('tips', tips),
      wait('an-hour', '1 hour'),
      waitFor('order', {
        for: [{ event: 'order.placed', where: (order) => order('total', '>=', 1_000), steps: [send('thanks', thanks)] }],
        timeout: { after: { days: 2, at: '18:00' }, steps: [send('nudge', nudge)] },
        ...(since === undefined ? {} : { since }),
      }),
    ],
  })

/** Entered on Monday at ten, tips on Tuesday at ten, waiting from eleven on; no mail keeps a distance here but by its wait. */
const enter = async (kit: Kit, id: string) => {
  await kit.contacts.identify(id, { email: `${id}@example.test` })
  await kit.track(id, 'page.viewed', { page: '/' })
}
const order = (kit: Kit, id: string, day: number, hour: string) =>
  kit.track(id, 'order.placed', { total: 1_000 }, { occurredAt: `2026-01-0${day}T${hour}:00+09:00` })
const last = async (kit: Kit, id: string) => (await mailed(kit, id)).at(-1)?.split(' ').at(-1)

/** Waiting for an event: neither order of wait and event loses it. */
export const awaitingCases: EngineTheme = ({ test, expect }) => {
  test('an event leads on as soon as it comes, and the time-out where none comes', async ({ start }) => {
    const kit = await start({ scenarios: [cart(undefined)] })
    for (const id of ['buys', 'buys-little', 'stays-away']) await enter(kit, id)
    await kit.clock.advanceTo('2026-01-07T12:00:00+09:00')
    await order(kit, 'buys', 7, '12:00')
    await kit.track('buys-little', 'order.placed', { total: 999 })
    await kit.clock.advance('5 days')
    expect(await mailed(kit, 'buys')).toEqual(['2026-01-06 10:00 tips', '2026-01-07 12:00 thanks'])
    for (const id of ['buys-little', 'stays-away'])
      expect(await mailed(kit, id)).toEqual(['2026-01-06 10:00 tips', '2026-01-08 18:00 nudge'])
  })

  test('it looks back to the entry by default: an event from before the wait counts', async ({ start }) => {
    const kit = await start({ scenarios: [cart(undefined)] })
    for (const id of ['before-entry', 'after-entry', 'after-send', 'in-the-wait']) await enter(kit, id)
    await kit.clock.advanceTo('2026-01-06T11:30:00+09:00')
    await order(kit, 'before-entry', 5, '09:59')
    await order(kit, 'after-entry', 5, '10:01')
    await order(kit, 'after-send', 6, '10:01')
    await order(kit, 'in-the-wait', 6, '11:01')
    await kit.clock.advance('5 days')
    expect(await last(kit, 'before-entry')).toBe('nudge')
    for (const id of ['after-entry', 'after-send', 'in-the-wait']) expect(await last(kit, id)).toBe('thanks')
  })

  for (const [since, counting] of [
    ['previous', ['after-send', 'in-the-wait']],
    ['step', ['in-the-wait']],
  ] as const) {
    test(`with since: ${since} only what came after the ${since === 'step' ? 'arrival at the step' : 'previous mail'}`, async ({
      start,
    }) => {
      const kit = await start({ scenarios: [cart(since)] })
      const times = { 'after-entry': [5, '10:01'], 'after-send': [6, '10:01'], 'in-the-wait': [6, '11:01'] } as const
      for (const id of Object.keys(times)) await enter(kit, id)
      await kit.clock.advanceTo('2026-01-06T11:30:00+09:00')
      for (const [id, [day, hour]] of Object.entries(times)) await order(kit, id, day, hour)
      await kit.clock.advance('5 days')
      const leading = []
      for (const id of Object.keys(times)) if ((await last(kit, id)) === 'thanks') leading.push(id)
      expect(leading).toEqual([...counting])
    })
  }

  test('told before the entry, with it, after it or after the time-out: what counts is when it happened', async ({ start }) => {
    const direct = model.scenario('direct', {
      version: 1,
      enterOn: 'page.viewed',
      steps: ({ send, waitFor }) => [
        waitFor('order', {
          for: [{ event: 'order.placed', steps: [send('thanks', thanks)] }],
          timeout: { after: '1 day', steps: [send('nudge', nudge)] },
        }),
      ],
    })
    const kit = await start({ scenarios: [direct] })
    const view = (id: string) => kit.track(id, 'page.viewed', { page: '/' }, { occurredAt: '2026-01-05T09:00:00+09:00' })
    await order(kit, 'event-first', 5, '09:30')
    await kit.settle()
    await view('event-first')
    await Promise.all([view('together'), order(kit, 'together', 5, '09:30')])
    await view('event-last')
    await kit.settle()
    await order(kit, 'event-last', 5, '09:30')
    await kit.settle()
    for (const id of ['event-first', 'together', 'event-last']) expect(await last(kit, id)).toBe('thanks')
    for (const id of ['just-in-time', 'too-late']) await view(id)
    await kit.settle()
    // Nobody works when the time is over, on Tuesday at nine; the events are told afterwards.
    kit.clock.jumpTo('2026-01-06T12:00:00+09:00')
    await order(kit, 'just-in-time', 6, '08:59')
    await order(kit, 'too-late', 6, '09:00')
    await kit.settle()
    expect(await last(kit, 'just-in-time')).toBe('thanks')
    expect(await last(kit, 'too-late')).toBe('nudge')
  })

  test('of several that come true the first in time leads on, whatever the order of the telling', async ({ start }) => {
    const race = model.scenario('race', {
      version: 1,
      enterOn: 'page.viewed',
      steps: ({ send, waitFor }) => [
        waitFor('either', {
          for: [
            { event: 'order.placed', steps: [send('thanks', thanks)] },
            { event: 'brochure.requested', steps: [send('tips', tips)] },
          ],
          timeout: { after: '1 day' },
        }),
      ],
    })
    const kit = await start({ scenarios: [race] })
    await kit.track('c_1', 'page.viewed', { page: '/' }, { occurredAt: '2026-01-05T09:00:00+09:00' })
    await kit.trackMany([
      { contactId: 'c_1', event: 'order.placed', payload: { total: 1 }, occurredAt: '2026-01-05T09:30:00+09:00' },
      { contactId: 'c_1', event: 'brochure.requested', payload: { brochure: 'A' }, occurredAt: '2026-01-05T09:20:00+09:00' },
    ])
    await kit.settle()
    expect(subjects(kit)).toEqual(['tips'])
  })
}
