import type { EngineTheme } from '../engine-world.ts'
import { mailed } from '../observations.ts'
import { everyone, model, news, nudge, receipt, receipts, tips } from '../shop.ts'

const quietHours = { from: '21:00', to: '08:00' }
const page = { page: '/' }

const twoMails = model.scenario('two', {
  version: 1,
  enterOn: 'page.viewed',
  steps: ({ send, wait }) => [send('nudge', nudge), wait('a', '14 hours'), send('tips', tips)],
})

/** A band of the day in which no marketing mail goes out. */
export const quietHourCases: EngineTheme = ({ test, expect }) => {
  test("a mail waits for their end by the contact's clock, and the next wait counts from there", async ({ start }) => {
    // 22:00 in Tokyo is 14:00 in Berlin.
    const kit = await start({ now: '2026-01-05T22:00:00+09:00', scenarios: [twoMails], quietHours })
    await kit.contacts.identify('berlin', { email: 'b@example.test', timeZone: 'Europe/Berlin' })
    for (const id of ['tokyo', 'berlin']) await kit.track(id, 'page.viewed', page)
    await kit.clock.advance('4 days')
    expect(await mailed(kit, 'tokyo')).toEqual(['2026-01-06 08:00 nudge', '2026-01-07 08:00 tips'])
    expect(await mailed(kit, 'berlin', 'Europe/Berlin')).toEqual(['2026-01-05 14:00 nudge', '2026-01-06 08:00 tips'])
  })

  test('they are half-open, and there are none unless the app says so', async ({ start }) => {
    const times = ['20:59:59', '21:00:00'] as const
    const kit = await start({ now: '2026-01-05T20:00:00+09:00', scenarios: [twoMails], quietHours })
    for (const time of times) {
      await kit.clock.advanceTo(`2026-01-05T${time}+09:00`)
      await kit.track(time, 'page.viewed', page)
      await kit.settle()
    }
    await kit.clock.advanceTo('2026-01-06T08:00:00+09:00')
    expect(await mailed(kit, '20:59:59')).toEqual(['2026-01-05 20:59 nudge'])
    expect(await mailed(kit, '21:00:00')).toEqual(['2026-01-06 08:00 nudge'])
    const without = await start({ now: '2026-01-06T22:00:00+09:00', scenarios: [twoMails] })
    await without.track('c_1', 'page.viewed', page)
    await without.settle()
    expect(await mailed(without)).toEqual(['2026-01-06 22:00 nudge'])
  })

  test('what a window leaves of them is where mail goes out, broadcasts wait too', async ({ start }) => {
    const night = model.scenario('night', {
      version: 1,
      enterOn: 'page.viewed',
      window: { from: '19:00', to: '23:00' },
      steps: ({ send }) => [send('nudge', nudge)],
    })
    const kit = await start({ now: '2026-01-05T22:00:00+09:00', scenarios: [night], quietHours })
    await kit.track('c_1', 'page.viewed', page)
    await kit.broadcasts.send({ template: news, to: everyone })
    await kit.clock.advance('2 days')
    expect(await mailed(kit)).toEqual(['2026-01-06 08:00 news', '2026-01-06 19:00 nudge'])
  })

  test('transactional mail goes out at any hour, and urgent mail outside of its window too', async ({ start }) => {
    const notice = model.scenario('notice', {
      version: 1,
      enterOn: 'page.viewed',
      window: { from: '09:00', to: '17:00' },
      steps: ({ send }) => [send('urgent', receipt, { urgent: 'the account is locked' }), send('plain', receipt)],
    })
    const kit = await start({ now: '2026-01-05T22:00:00+09:00', scenarios: [receipts, notice], quietHours })
    await kit.track('c_1', 'order.placed', { total: 1 })
    await kit.track('c_2', 'page.viewed', page)
    await kit.clock.advance('1 day')
    expect(await mailed(kit, 'c_1')).toEqual(['2026-01-05 22:00 receipt'])
    expect(await mailed(kit, 'c_2')).toEqual(['2026-01-05 22:00 receipt', '2026-01-06 09:00 receipt'])
  })
}
