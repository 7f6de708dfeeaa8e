import type { ClockTime } from '@tobiishi/core'
import type { EngineTheme } from '../engine-world.ts'
import { mailed } from '../observations.ts'
import { model, nudge, tips } from '../shop.ts'

const windowed = (name: string, window: { readonly days?: 'weekdays'; readonly from: ClockTime; readonly to: ClockTime }) =>
  model.scenario(name, {
    version: 1,
    enterOn: 'page.viewed',
    reentry: 'every-event',
    window,
    steps: ({ send }) => [send('nudge', nudge)],
  })

/** Windows in which a scenario's mail may go out: half-open, of the contact's wall clock. */
export const windowCases: EngineTheme = ({ test, expect }) => {
  test('22:00–06:00 is the night: who is inside does not wait, who is at its end waits for the next', async ({ start }) => {
    const kit = await start({ now: '2026-01-05T20:00:00+09:00', scenarios: [windowed('night', { from: '22:00', to: '06:00' })] })
    const viewed = ['21:59:59', '22:00:00', '23:59:59']
    for (const time of viewed) {
      await kit.clock.advanceTo(`2026-01-05T${time}+09:00`)
      await kit.track(time, 'page.viewed', { page: '/' })
      await kit.settle()
    }
    for (const time of ['00:00:00', '05:59:59', '06:00:00']) {
      await kit.clock.advanceTo(`2026-01-06T${time}+09:00`)
      await kit.track(time, 'page.viewed', { page: '/' })
      await kit.settle()
    }
    await kit.clock.advance('1 day')
    const out = async (id: string) => (await mailed(kit, id)).join()
    expect(await out('21:59:59')).toBe('2026-01-05 22:00 nudge')
    expect(await out('22:00:00')).toBe('2026-01-05 22:00 nudge')
    expect(await out('23:59:59')).toBe('2026-01-05 23:59 nudge')
    expect(await out('00:00:00')).toBe('2026-01-06 00:00 nudge')
    expect(await out('05:59:59')).toBe('2026-01-06 05:59 nudge')
    expect(await out('06:00:00')).toBe('2026-01-06 22:00 nudge')
  })

  test("a window is of the contact's zone, and its days are those of the very date", async ({ start }) => {
    const kit = await start({
      // Friday, 23:30 in Tokyo: 14:30 in London.
      now: '2026-01-09T23:30:00+09:00',
      scenarios: [windowed('night', { days: 'weekdays', from: '22:00', to: '06:00' })],
    })
    await kit.contacts.identify('london', { email: 'l@example.test', timeZone: 'Europe/London' })
    for (const id of ['friday', 'london']) await kit.track(id, 'page.viewed', { page: '/' })
    await kit.settle()
    await kit.clock.advanceTo('2026-01-10T01:00:00+09:00')
    await kit.track('saturday', 'page.viewed', { page: '/' })
    await kit.clock.advance('4 days')
    expect(await mailed(kit, 'friday')).toEqual(['2026-01-09 23:30 nudge'])
    expect(await mailed(kit, 'saturday')).toEqual(['2026-01-12 00:00 nudge'])
    expect(await mailed(kit, 'london', 'Europe/London')).toEqual(['2026-01-09 22:00 nudge'])
  })

  test('the wait after a mail that waited for its window counts from when it went out', async ({ start }) => {
    const scenario = model.scenario('evening', {
      version: 1,
      enterOn: 'page.viewed',
      window: { from: '18:00', to: '20:00' },
      steps: ({ send, wait }) => [send('nudge', nudge), wait('a', '25 hours'), send('tips', tips)],
    })
    const kit = await start({ now: '2026-01-05T10:00:00+09:00', scenarios: [scenario] })
    await kit.track('c_1', 'page.viewed', { page: '/' })
    await kit.clock.advance('4 days')
    expect(await mailed(kit)).toEqual(['2026-01-05 18:00 nudge', '2026-01-06 19:00 tips'])
  })
}
