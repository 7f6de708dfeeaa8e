import type { WaitSpan } from '@tobiishi/core'
import type { EngineTheme, EngineWorld } from './engine-world.ts'
import { enrolments, sentAt, subjects } from './observations.ts'
import { hello, model, nudge, tips } from './shop.ts'

const zone = 'America/New_York'

/** A contact of New York who enters at `now` a scenario of one wait, and when the mail after it went out. */
const waited = async ({ start }: EngineWorld, now: string, wait: WaitSpan | { days: number; at: `${number}:${number}` }) => {
  const scenario = model.scenario('waiting', {
    version: 1,
    enterOn: 'brochure.requested',
    steps: ({ send, wait: waitFor }) => [waitFor('a', wait), send('nudge', nudge)],
  })
  const kit = await start({ now, scenarios: [scenario] })
  await kit.contacts.identify('c_1', { email: 'a@example.test', timeZone: zone })
  await kit.track('c_1', 'brochure.requested', { brochure: 'A' })
  await kit.clock.advance('40 days')
  return await sentAt(kit)
}

/** Waits and windows at wall-clock times. Summer time in New York 2026: from 8 March, 02:00, to 1 November, 02:00. */
export const waitingCases: EngineTheme = ({ test, expect }) => {
  test('days keep the wall clock when the clocks change', async (world) => {
    expect(await waited(world, '2026-03-06T10:00:00-05:00', '3 days')).toEqual(['2026-03-09T14:00:00Z'])
  })
  test('hours elapse when the clocks change', async (world) => {
    expect(await waited(world, '2026-03-06T10:00:00-05:00', '72 hours')).toEqual(['2026-03-09T15:00:00Z'])
  })
  test('days until a time of day are days of the contact', async (world) => {
    expect(await waited(world, '2026-03-06T23:30:00-05:00', { days: 2, at: '09:00' })).toEqual(['2026-03-08T13:00:00Z'])
  })
  test('a time that the change of clocks skips moves forward', async (world) => {
    expect(await waited(world, '2026-03-07T02:30:00-05:00', '1 day')).toEqual(['2026-03-08T07:30:00Z'])
  })
  test('of a time that comes twice the first counts', async (world) => {
    expect(await waited(world, '2026-10-31T01:30:00-04:00', '1 day')).toEqual(['2026-11-01T05:30:00Z'])
  })
  test("a month ends with the month's last day", async (world) => {
    expect(await waited(world, '2026-01-31T09:00:00-05:00', '1 month')).toEqual(['2026-02-28T14:00:00Z'])
  })

  test('who moves to another zone while waiting is mailed at the time of the new one', async ({ start }) => {
    const kit = await start()
    await kit.track('c_1', 'brochure.requested', { brochure: 'A' })
    await kit.clock.advance('1 day')
    await kit.contacts.identify('c_1', { timeZone: 'Europe/Berlin' })
    await kit.clock.advance('5 days')
    expect(await sentAt(kit)).toEqual(['2026-01-05T01:00:00Z', '2026-01-08T09:00:00Z'])
  })

  test('a window of business days waits for the day after the holiday, and the next wait counts from there', async ({
    start,
  }) => {
    const scenario = model.scenario('office', {
      version: 1,
      enterOn: 'brochure.requested',
      window: { days: 'business', from: '09:00', to: '18:00' },
      steps: ({ send, wait, event }) => [
        send('hello', hello, { brochure: event.brochure }),
        wait('a', '1 day'),
        send('tips', tips),
      ],
    })
    // Friday, 20:00 in Tokyo; the Monday after it is 成人の日.
    const kit = await start({
      now: '2026-01-09T11:00:00Z',
      scenarios: [scenario],
      isHoliday: (date) => date === '2026-01-12',
    })
    await kit.track('c_1', 'brochure.requested', { brochure: 'A' })
    await kit.clock.advance('10 days')
    expect(await sentAt(kit)).toEqual(['2026-01-13T00:00:00Z', '2026-01-14T00:00:00Z'])
  })

  test('a window over midnight is open at night', async ({ start }) => {
    const night = model.scenario('night', {
      version: 1,
      enterOn: 'brochure.requested',
      window: { from: '22:00', to: '06:00' },
      steps: ({ send, event }) => [send('hello', hello, { brochure: event.brochure })],
    })
    const kit = await start({ scenarios: [night] })
    await kit.track('by-day', 'brochure.requested', { brochure: 'A' })
    await kit.clock.advanceTo('2026-01-05T20:59:59Z')
    await kit.track('by-night', 'brochure.requested', { brochure: 'B' })
    await kit.settle()
    expect(await sentAt(kit, 'by-day')).toEqual(['2026-01-05T13:00:00Z'])
    expect(await sentAt(kit, 'by-night')).toEqual(['2026-01-05T20:59:59Z'])
  })

  test('a paused scenario holds its mail and its contacts, and goes on when resumed', async ({ start }) => {
    const kit = await start()
    await kit.track('c_1', 'brochure.requested', { brochure: 'A' })
    await kit.settle()
    await kit.scenarios.pause('onboarding')
    await kit.clock.advanceTo('2026-01-08T06:00:00Z')
    expect(subjects(kit)).toEqual(['hello A'])
    expect(await enrolments(kit)).toEqual(['active'])
    await kit.scenarios.resume('onboarding')
    await kit.settle()
    expect(subjects(kit)).toEqual(['hello A', 'nudge'])
  })
}
