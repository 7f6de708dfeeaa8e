import type { EngineTheme, Kit } from '../engine-world.ts'
import { enrolments, ledger, mailed } from '../observations.ts'
import { model, nudge, pros, winBack } from '../shop.ts'

type Reentry = Parameters<typeof scenarioOf>[0]

const scenarioOf = (reentry: 'once' | 'after-exit' | 'every-event' | { readonly cooldown: '3 days' } | undefined) =>
  model.scenario('again', {
    version: 1,
    enterOn: 'page.viewed',
    exitOn: 'order.placed',
    ...(reentry === undefined ? {} : { reentry }),
    steps: ({ send, wait }) => [wait('a', '2 days'), send('nudge', nudge)],
  })

const view = (kit: Kit, id: string) => kit.track('c_1', 'page.viewed', { page: id }, { id })

/** Who may enter a scenario again. Each contact views on Monday, Tuesday and Thursday, at ten. */
export const reentryCases: EngineTheme = ({ test, expect }) => {
  for (const [name, reentry, sent] of [
    ['by default once, ever', undefined, ['07']],
    ['once: never again, not even after the end', 'once', ['07']],
    ['after-exit: not while it is in, but again after the end', 'after-exit', ['07', '10']],
    ['cooldown: when the last entry is that long ago', { cooldown: '3 days' }, ['07', '10']],
    ['every-event: with each event, several at a time', 'every-event', ['07', '08', '10']],
  ] satisfies [string, Reentry, string[]][]) {
    test(name, async ({ start }) => {
      const kit = await start({ scenarios: [scenarioOf(reentry)] })
      await view(kit, 'monday')
      await kit.clock.advance('1 day')
      await view(kit, 'tuesday')
      await kit.clock.advance('2 days')
      await view(kit, 'thursday')
      await view(kit, 'monday')
      await kit.clock.advance('10 days')
      expect(await mailed(kit)).toEqual(sent.map((day) => `2026-01-${day} 10:00 nudge`))
      expect(await enrolments(kit)).toEqual(sent.map(() => 'completed'))
    })
  }

  test('a cooldown that is not over counts by when things happened, not when they were told', async ({ start }) => {
    const kit = await start({ scenarios: [scenarioOf({ cooldown: '3 days' })] })
    await view(kit, 'monday')
    await kit.clock.advance('3 days')
    // Told on Thursday, but of Wednesday evening.
    await kit.track('c_1', 'page.viewed', { page: '/' }, { occurredAt: '2026-01-07T20:00:00+09:00' })
    await kit.settle()
    expect(await enrolments(kit)).toEqual(['completed'])
    await kit.clock.advance('1 hour')
    await view(kit, 'thursday')
    await kit.settle()
    expect(await enrolments(kit)).toEqual(['active', 'completed'])
  })

  test('after-exit: who leaves by an event and comes back into the segment, both told at once, is in it again', async ({
    start,
  }) => {
    const welcome = model.scenario('welcome', {
      version: 1,
      enterOn: { segment: pros },
      exitOn: 'page.viewed',
      reentry: 'after-exit',
      steps: ({ send, wait }) => [wait('a', '2 days'), send('nudge', nudge)],
    })
    const kit = await start({ scenarios: [welcome] })
    await kit.contacts.identify('c_1', { email: 'c_1@example.test', attributes: { plan: 'pro' } })
    await kit.contacts.identify('c_1', { attributes: { plan: 'free' } })
    await kit.clock.advance('1 hour')
    await view(kit, 'leaving')
    await kit.contacts.identify('c_1', { attributes: { plan: 'pro' } })
    await kit.settle()
    expect((await enrolments(kit)).toSorted()).toEqual(['active', 'exited: event:page.viewed'])
  })

  test('one entry a contact and key, whichever processes hear of it at once', async ({ start, second }) => {
    const scenarios = [scenarioOf('every-event'), winBack]
    const one = await start({ scenarios })
    const two = await start({ scenarios, storage: await second() })
    await one.contacts.identify('c_1', { email: 'c_1@example.test' })
    await Promise.all([
      one.track('c_1', 'page.viewed', { page: '/' }, { id: 'same' }),
      two.track('c_1', 'page.viewed', { page: '/' }, { id: 'same' }),
      one.enrol('c_1', winBack),
      two.enrol('c_1', winBack),
    ])
    await Promise.all([one.settle(), two.settle()])
    await one.clock.advance('1 hour')
    expect(await enrolments(one)).toEqual(['active', 'active'])
    expect(await ledger(one)).toEqual(['nudge sent'])
  })

  test('by hand a contact enters once, and with keys of the app as often as there are keys', async ({ start }) => {
    const orders = model.scenario('orders', {
      version: 1,
      reentry: 'every-event',
      steps: ({ send }) => [send('nudge', nudge)],
    })
    const kit = await start({ scenarios: [orders, winBack] })
    expect(await kit.enrol('c_1', orders, { key: 'order-1' })).toMatchObject({ enrolled: 1 })
    expect(await kit.enrol('c_1', orders, { key: 'order-1' })).toMatchObject({ enrolled: 0 })
    expect(await kit.enrol('c_1', orders, { key: 'order-2' })).toMatchObject({ enrolled: 1 })
    expect(await kit.enrol('c_2', winBack, { key: 'a' })).toMatchObject({ enrolled: 1 })
    expect(await kit.enrol('c_2', winBack, { key: 'b' })).toMatchObject({ enrolled: 0 })
    expect((await kit.scenarios.enrolments('c_1')).map(({ entryKey }) => entryKey).toSorted()).toEqual(['order-1', 'order-2'])
  })
}
