import type { EngineTheme, Kit } from '../engine-world.ts'
import { enrolments, mailed, rejection, subjects } from '../observations.ts'
import { model, nudge, onboarding, pros, thanks, tips } from '../shop.ts'

const recent = model.segment('recent', ({ did }) => did('page.viewed', { within: '3 days' }))

const plan = (kit: Kit, id: string, value: 'free' | 'pro') =>
  kit.contacts.identify(id, { email: `${id}@example.test`, attributes: { plan: value } })

/** What starts a scenario. Dates have a theme of their own. */
export const triggerCases: EngineTheme = ({ test, expect }) => {
  test('an event, or one whose payload fits', async ({ start }) => {
    const any = model.scenario('any', { version: 1, enterOn: 'order.placed', steps: ({ send }) => [send('nudge', nudge)] })
    const big = model.scenario('big', {
      version: 1,
      enterOn: {
        event: 'order.placed',
        where: (order, { all }) => all(order('total', '>=', 1_000), order('total', '<', 5_000)),
      },
      steps: ({ send }) => [send('thanks', thanks)],
    })
    const kit = await start({ scenarios: [any, big] })
    for (const total of [999, 1_000, 5_000]) await kit.track(`o-${total}`, 'order.placed', { total })
    await kit.track('other', 'page.viewed', { page: '/' })
    await kit.settle()
    expect((await mailed(kit, 'o-1000')).length).toBe(2)
    for (const id of ['o-999', 'o-5000']) expect(await mailed(kit, id)).toEqual(['2026-01-05 10:00 nudge'])
    expect(await enrolments(kit, 'other')).toEqual([])
  })

  test('coming into a segment, and leaving one: the change counts, not the state', async ({ start }) => {
    const joins = model.scenario('joins', {
      version: 1,
      enterOn: { segment: pros },
      steps: ({ send }) => [send('thanks', thanks)],
    })
    const leaves = model.scenario('leaves', {
      version: 1,
      enterOn: { segment: pros, on: 'exit' },
      steps: ({ send }) => [send('nudge', nudge)],
    })
    const before = await start({ scenarios: [] })
    await plan(before, 'was-pro', 'pro')
    await plan(before, 'was-free', 'free')
    const kit = await start({ scenarios: [joins, leaves] })
    await kit.settle()
    await kit.clock.advance('1 hour')
    await plan(kit, 'was-free', 'pro')
    await plan(kit, 'was-pro', 'free')
    await plan(kit, 'comes-as-pro', 'pro')
    await kit.clock.advance('1 hour')
    await plan(kit, 'was-free', 'free')
    await kit.clock.advance('1 hour')
    await plan(kit, 'was-free', 'pro')
    await kit.clock.advance('1 hour')
    expect(await mailed(kit, 'was-pro')).toEqual(['2026-01-05 11:00 nudge'])
    expect(await mailed(kit, 'comes-as-pro')).toEqual(['2026-01-05 11:00 thanks'])
    // By default once, however often it changes.
    expect(await mailed(kit, 'was-free')).toEqual(['2026-01-05 11:00 thanks', '2026-01-05 12:00 nudge'])
  })

  test('a segment is entered again each time where re-entry says so, and not by what only looks like a change', async ({
    start,
  }) => {
    const joins = model.scenario('joins', {
      version: 1,
      enterOn: { segment: pros },
      reentry: 'every-event',
      steps: ({ send }) => [send('thanks', thanks)],
    })
    const kit = await start({ scenarios: [joins] })
    await plan(kit, 'c_1', 'free')
    await kit.settle()
    for (const value of ['pro', 'pro', 'free', 'pro'] as const) {
      await kit.clock.advance('1 hour')
      await plan(kit, 'c_1', value)
      await kit.settle()
    }
    expect(await mailed(kit)).toEqual(['2026-01-05 11:00 thanks', '2026-01-05 14:00 thanks'])
  })

  test('a segment that time alone leads out of: at that very instant', async ({ start }) => {
    const cools = model.scenario('cools', {
      version: 1,
      enterOn: { segment: recent, on: 'exit' },
      reentry: 'every-event',
      steps: ({ send }) => [send('nudge', nudge)],
    })
    const kit = await start({ scenarios: [cools] })
    await kit.track('c_1', 'page.viewed', { page: '/' })
    await kit.track('c_2', 'page.viewed', { page: '/' })
    await kit.clock.advance('2 days')
    await kit.track('c_2', 'page.viewed', { page: '/again' })
    await kit.clock.advance('10 days')
    expect(await mailed(kit, 'c_1')).toEqual(['2026-01-08 10:00 nudge'])
    expect(await mailed(kit, 'c_2')).toEqual(['2026-01-10 10:00 nudge'])
  })

  test('by hand: a contact, a segment, with what the steps read; what reads nothing needs nothing', async ({ start }) => {
    const manual = model.scenario('manual', { version: 1, steps: ({ send }) => [send('tips', tips)] })
    const kit = await start({ scenarios: [manual, onboarding] })
    for (const id of ['c_1', 'c_2', 'c_3']) await plan(kit, id, id === 'c_3' ? 'free' : 'pro')
    expect(await kit.enrol('c_3', manual)).toMatchObject({ enrolled: 1 })
    expect(await kit.enrol(pros, manual)).toMatchObject({ enrolled: 2 })
    expect(await kit.enrol(pros, onboarding, { event: { brochure: 'Z' } })).toMatchObject({ enrolled: 2 })
    const refusal = await rejection(kit.enrol('c_3', onboarding))
    expect([refusal.code, refusal.message.includes("'hello'")]).toEqual(['event.invalid_payload', true])
    expect((await rejection(kit.enrol('c_3', onboarding, { event: { brochure: 1 } }))).code).toBe('event.invalid_payload')
    await kit.settle()
    expect(subjects(kit).toSorted()).toEqual(['hello Z', 'hello Z', 'tips', 'tips', 'tips'])
  })
}
