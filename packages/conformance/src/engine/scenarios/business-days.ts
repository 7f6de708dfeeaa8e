import { businessCalendar } from '@tobiishi/core'
import { isYearEndClosure, japaneseHolidays } from '@tobiishi/core/calendars/jp'
import type { EngineTheme } from '../engine-world.ts'
import { mailed } from '../observations.ts'
import { model, nudge, thanks, tips } from '../shop.ts'

/** Golden week of 2026: 3 to 6 May are holidays, the 6th because the 3rd is a Sunday; on the 7th this app is closed. */
const { isHoliday, version } = businessCalendar({
  holidays: japaneseHolidays,
  closed: [isYearEndClosure, '2026-05-07'],
  version: '2026-04-01',
})

const third = model.scenario('third', {
  version: 1,
  enterOn: 'page.viewed',
  steps: ({ send, wait }) => [
    wait('next', { businessDays: 1, at: '10:00' }),
    send('nudge', nudge),
    wait('two-more', { businessDays: 2 }),
    send('tips', tips),
  ],
})

/** Days that a business is open, and days of the week. */
export const businessDayCases: EngineTheme = ({ test, expect }) => {
  test('a business day is none of weekend, holiday or own closed day', async ({ start }) => {
    // Friday, 1 May, at noon in Tokyo.
    const kit = await start({ now: '2026-05-01T12:00:00+09:00', scenarios: [third], isHoliday })
    await kit.track('c_1', 'page.viewed', { page: '/' })
    await kit.clock.advance('20 days')
    expect(await mailed(kit)).toEqual(['2026-05-08 10:00 nudge', '2026-05-12 10:00 tips'])
    expect(version.includes('2026-04-01')).toBe(true)
  })

  test('no business day is the day itself if it is open, and business days count back from a date', async ({ start }) => {
    const today = model.scenario('today', {
      version: 1,
      enterOn: 'page.viewed',
      steps: ({ send, wait }) => [wait('a', { businessDays: 0, at: '15:00' }), send('nudge', nudge)],
    })
    const before = model.scenario('before', {
      version: 1,
      enterOn: 'page.viewed',
      steps: ({ send, wait }) => [
        wait('a', { businessDays: -2, at: '09:00' }, { from: { attribute: 'renewsOn' } }),
        send('thanks', thanks),
      ],
    })
    const kit = await start({ now: '2026-04-28T12:00:00+09:00', scenarios: [today, before], isHoliday })
    await kit.contacts.identify('c_1', { email: 'a@example.test', attributes: { renewsOn: '2026-05-11' } })
    await kit.track('c_1', 'page.viewed', { page: '/' })
    await kit.clock.advanceTo('2026-05-03T12:00:00+09:00')
    await kit.track('c_2', 'page.viewed', { page: '/' })
    await kit.clock.advance('20 days')
    expect(await mailed(kit)).toEqual(['2026-04-28 15:00 nudge', '2026-05-01 09:00 thanks'])
    expect(await mailed(kit, 'c_2')).toEqual(['2026-05-08 15:00 nudge'])
  })

  test("a weekday is one of the contact's calendar, and today only while its time is to come", async ({ start }) => {
    const monday = model.scenario('monday', {
      version: 1,
      enterOn: 'page.viewed',
      steps: ({ send, wait }) => [wait('a', { weekday: 'monday', at: '09:00' }), send('nudge', nudge)],
    })
    // Monday, 08:00 in Tokyo is Sunday, 18:00 in New York.
    const kit = await start({ now: '2026-01-11T23:00:00Z', scenarios: [monday] })
    await kit.contacts.identify('york', { email: 'y@example.test', timeZone: 'America/New_York' })
    for (const id of ['tokyo', 'york']) await kit.track(id, 'page.viewed', { page: '/' })
    await kit.clock.advance('1 hour')
    await kit.track('too-late', 'page.viewed', { page: '/' })
    await kit.clock.advance('9 days')
    expect(await mailed(kit, 'tokyo')).toEqual(['2026-01-12 09:00 nudge'])
    expect(await mailed(kit, 'too-late')).toEqual(['2026-01-19 09:00 nudge'])
    expect(await mailed(kit, 'york', 'America/New_York')).toEqual(['2026-01-12 09:00 nudge'])
  })

  test('where the holidays have no data nothing is guessed: the contact is set aside and told, the others go on', async ({
    start,
  }) => {
    const logged: string[] = []
    const write = (event: string) => logged.push(event)
    const plain = model.scenario('plain', {
      version: 1,
      enterOn: 'order.placed',
      steps: ({ send, wait }) => [wait('a', '1 day'), send('nudge', nudge)],
    })
    // Japan's holidays are known up to 2050-11-23.
    const kit = await start({
      now: '2050-11-22T12:00:00+09:00',
      scenarios: [third, plain],
      isHoliday,
      logger: { debug: () => {}, info: () => {}, warn: write, error: write },
    })
    await kit.track('c_1', 'page.viewed', { page: '/' })
    await kit.track('c_2', 'order.placed', { total: 1 })
    await kit.clock.advance('9 days')
    expect(await mailed(kit)).toEqual([])
    expect(await mailed(kit, 'c_2')).toEqual(['2050-11-23 12:00 nudge'])
    expect(logged.length > 0).toBe(true)
  })
}
