import type { WaitInput } from '@tobiishi/core'
import type { EngineTheme } from '../engine-world.ts'
import { mailed } from '../observations.ts'
import { model, nudge, tips } from '../shop.ts'

const after = (name: string, wait: WaitInput) =>
  model.scenario(name, {
    version: 1,
    enterOn: 'page.viewed',
    steps: ({ send, wait: waitFor }) => [waitFor('a', wait), send('nudge', nudge)],
  })

/** n days later at 09:00. Summer time 2026: in London from 29 March, in New York from 8 March to 1 November. */
export const calendarDayCases: EngineTheme = ({ test, expect }) => {
  test("09:00 is nine o'clock on the contact's wall, and on the app's for who has no zone", async ({ start }) => {
    const kit = await start({
      now: '2026-03-27T10:00:00Z',
      timeZone: 'Europe/London',
      scenarios: [after('nine', { days: 3, at: '09:00' })],
    })
    const zones = { tokyo: 'Asia/Tokyo', york: 'America/New_York', nepal: 'Asia/Kathmandu', nowhere: null }
    for (const [id, timeZone] of Object.entries(zones)) {
      await kit.contacts.identify(id, { email: `${id}@example.test`, timeZone })
      await kit.track(id, 'page.viewed', { page: '/' })
    }
    await kit.clock.advance('5 days')
    for (const [id, timeZone] of Object.entries(zones))
      expect(await mailed(kit, id, timeZone ?? 'Europe/London')).toEqual(['2026-03-30 09:00 nudge'])
  })

  test('three days keep the wall clock over a change of the clocks, and 72 hours do not', async ({ start }) => {
    const hours = model.scenario('hours', {
      version: 1,
      enterOn: 'page.viewed',
      steps: ({ send, wait }) => [wait('a', '72 hours'), send('tips', tips)],
    })
    const kit = await start({
      now: '2026-03-27T10:00:00Z',
      timeZone: 'Europe/London',
      scenarios: [after('days', { days: 3 }), hours],
    })
    await kit.track('c_1', 'page.viewed', { page: '/' })
    await kit.clock.advance('5 days')
    expect(await mailed(kit, 'c_1', 'Europe/London')).toEqual(['2026-03-30 10:00 nudge', '2026-03-30 11:00 tips'])
  })

  test('a time that the clocks skip moves forward, and of one that comes twice the first counts', async ({ start }) => {
    const kit = await start({
      now: '2026-03-07T12:00:00-05:00',
      timeZone: 'America/New_York',
      scenarios: [after('skipped', { days: 1, at: '02:30' }), after('twice', { days: 1, at: '01:30' })],
    })
    await kit.track('spring', 'page.viewed', { page: '/' })
    await kit.clock.advanceTo('2026-10-31T12:00:00-04:00')
    await kit.track('autumn', 'page.viewed', { page: '/' })
    await kit.clock.advance('2 days')
    expect(await mailed(kit, 'spring', 'UTC')).toEqual(['2026-03-08 06:30 nudge', '2026-03-08 07:30 nudge'])
    expect(await mailed(kit, 'autumn', 'UTC')).toEqual(['2026-11-01 05:30 nudge', '2026-11-01 07:30 nudge'])
  })

  test('weeks and months are of the calendar too, and none of them mixes with hours', async ({ start }) => {
    const kit = await start({
      now: '2026-03-06T09:00:00-05:00',
      timeZone: 'America/New_York',
      scenarios: [after('week', '1 week'), after('month', { months: 1, at: '09:00' }), after('both', { weeks: 1, days: 1 })],
    })
    await kit.track('c_1', 'page.viewed', { page: '/' })
    await kit.clock.advance('40 days')
    const days = ['2026-03-13', '2026-03-14', '2026-04-06']
    expect(await mailed(kit, 'c_1', 'America/New_York')).toEqual(days.map((day) => `${day} 09:00 nudge`))
  })
}
