import type { EngineTheme } from '../engine-world.ts'
import { enrolments, ledger, mailed } from '../observations.ts'
import { model, nudge, receipt, thanks, tips } from '../shop.ts'

const renewal = model.scenario('renewal', {
  version: 1,
  steps: ({ send, wait }) => [
    wait('before', { days: -7, at: '09:00' }, { from: { attribute: 'renewsOn' } }),
    send('reminder', nudge),
    wait('on-the-day', { days: 0, at: '09:00' }, { from: { attribute: 'renewsOn' } }),
    send('thanks', thanks),
  ],
})

/** Attributes and zones that change while a contact waits, or while its mail does. */
export const changeCases: EngineTheme = ({ test, expect }) => {
  test('a date that moves takes the wait with it, later and earlier; without a date there is nothing to wait for', async ({
    start,
  }) => {
    const kit = await start({ scenarios: [renewal] })
    const renews = (id: string, renewsOn: string | null) =>
      kit.contacts.identify(id, { email: `${id}@example.test`, attributes: { renewsOn } })
    for (const id of ['later', 'earlier', 'past', 'gone', 'same']) {
      await renews(id, '2026-02-01')
      await kit.enrol(id, renewal)
    }
    await kit.clock.advanceTo('2026-01-20T12:00:00+09:00')
    await renews('later', '2026-03-01')
    await renews('earlier', '2026-01-30')
    await renews('past', '2026-01-22')
    await renews('gone', null)
    await renews('same', '2026-02-01')
    await kit.clock.advanceTo('2026-03-05T00:00:00+09:00')
    expect(await mailed(kit, 'later')).toEqual(['2026-02-22 09:00 nudge', '2026-03-01 09:00 thanks'])
    expect(await mailed(kit, 'earlier')).toEqual(['2026-01-23 09:00 nudge', '2026-01-30 09:00 thanks'])
    expect(await ledger(kit, 'past')).toEqual(['nudge skipped: past', 'thanks sent'])
    expect(await mailed(kit, 'past')).toEqual(['2026-01-22 09:00 thanks'])
    expect((await ledger(kit, 'gone')).toSorted()).toEqual(['nudge skipped: no-anchor', 'thanks skipped: no-anchor'])
    expect(await enrolments(kit, 'gone')).toEqual(['completed'])
    expect(await mailed(kit, 'same')).toEqual(['2026-01-25 09:00 nudge', '2026-02-01 09:00 thanks'])
  })

  test('who moves to another zone is mailed at the same time of the day there, east and west', async ({ start }) => {
    const kit = await start({ scenarios: [renewal] })
    const zones = { east: 'Pacific/Auckland', west: 'America/New_York' }
    for (const id of Object.keys(zones)) {
      await kit.contacts.identify(id, { email: `${id}@example.test`, attributes: { renewsOn: '2026-02-01' } })
      await kit.enrol(id, renewal)
    }
    await kit.clock.advance('1 day')
    for (const [id, timeZone] of Object.entries(zones)) await kit.contacts.identify(id, { timeZone })
    await kit.clock.advance('40 days')
    for (const [id, zone] of Object.entries(zones))
      expect(await mailed(kit, id, zone)).toEqual(['2026-01-25 09:00 nudge', '2026-02-01 09:00 thanks'])
  })

  test("mail that waits for its window goes by the contact's zone of then", async ({ start }) => {
    const evening = model.scenario('evening', {
      version: 1,
      enterOn: 'page.viewed',
      window: { from: '18:00', to: '20:00' },
      steps: ({ send }) => [send('nudge', nudge)],
    })
    const kit = await start({ scenarios: [evening] })
    for (const id of ['west', 'stays']) await kit.track(id, 'page.viewed', { page: '/' })
    await kit.clock.advance('1 hour')
    expect(await ledger(kit, 'west')).toEqual(['nudge queued'])
    await kit.contacts.identify('west', { timeZone: 'Europe/Berlin' })
    // It has eight in the evening there when the window opens here, and was to be mailed before.
    await kit.track('east', 'page.viewed', { page: '/' })
    await kit.clock.advance('1 minute')
    await kit.contacts.identify('east', { timeZone: 'Pacific/Auckland' })
    await kit.clock.advance('2 days')
    expect(await mailed(kit, 'east', 'Pacific/Auckland')).toEqual(['2026-01-05 18:00 nudge'])
    expect(await mailed(kit, 'west', 'Europe/Berlin')).toEqual(['2026-01-05 18:00 nudge'])
    expect(await mailed(kit, 'stays')).toEqual(['2026-01-05 18:00 nudge'])
  })

  test('mail behind one that waits for the end of quiet hours keeps its time when the contact is merged or moves', async ({
    start,
  }) => {
    const inOrder = model.scenario('in-order', {
      version: 1,
      enterOn: 'page.viewed',
      steps: ({ send }) => [send('nudge', nudge), send('receipt', receipt)],
    })
    const kit = await start({ scenarios: [inOrder], now: '2026-01-05T13:00:00Z', quietHours: { from: '21:00', to: '08:00' } })
    for (const id of ['merged', 'moved', 'other']) await kit.contacts.identify(id, { email: `${id}@example.test` })
    for (const id of ['merged', 'moved']) await kit.track(id, 'page.viewed', { page: '/' })
    await kit.clock.advance('1 hour')
    await kit.contacts.merge('other', 'merged')
    await kit.contacts.identify('moved', { timeZone: 'Europe/Berlin' })
    await kit.clock.advance('1 day')
    expect(await mailed(kit, 'merged')).toEqual(['2026-01-06 08:00 nudge', '2026-01-06 08:00 receipt'])
    expect(await mailed(kit, 'moved')).toEqual(['2026-01-05 23:00 nudge', '2026-01-06 08:00 receipt'])
  })

  test('the wait after mail that goes out at another time, because the contact has moved, counts from there', async ({
    start,
  }) => {
    const pair = model.scenario('pair', {
      version: 1,
      minGap: '0 hours',
      enterOn: 'page.viewed',
      window: { days: 'weekdays', from: '09:00', to: '20:00' },
      steps: ({ send, wait }) => [send('nudge', nudge), wait('a-day', { businessDays: 1, at: '10:00' }), send('tips', tips)],
    })
    // Friday evening, when the window has closed: the first mail waits for Monday.
    const kit = await start({ scenarios: [pair], now: '2026-01-09T20:30:00+09:00' })
    for (const id of ['later', 'earlier', 'stays']) await kit.track(id, 'page.viewed', { page: '/' })
    await kit.clock.advance('1 hour')
    await kit.contacts.identify('earlier', { timeZone: 'Europe/Berlin' })
    await kit.clock.advanceTo('2026-01-11T00:00:00+09:00')
    await kit.contacts.identify('later', { timeZone: 'America/New_York' })
    await kit.clock.advance('7 days')
    expect(await mailed(kit, 'later', 'America/New_York')).toEqual(['2026-01-12 09:00 nudge', '2026-01-13 10:00 tips'])
    expect(await mailed(kit, 'earlier', 'Europe/Berlin')).toEqual(['2026-01-09 13:30 nudge', '2026-01-12 10:00 tips'])
    expect(await mailed(kit, 'stays')).toEqual(['2026-01-12 09:00 nudge', '2026-01-13 10:00 tips'])
  })

  test('a last mail that goes out at another time, because the contact has moved, ends the enrolment then', async ({ start }) => {
    const single = model.scenario('single', {
      version: 1,
      enterOn: 'page.viewed',
      window: { days: 'weekdays', from: '09:00', to: '20:00' },
      steps: ({ send }) => [send('nudge', nudge)],
    })
    const kit = await start({ scenarios: [single], now: '2026-01-09T20:30:00+09:00' })
    for (const id of ['later', 'earlier', 'paused']) await kit.track(id, 'page.viewed', { page: '/' })
    await kit.clock.advance('1 hour')
    await kit.contacts.identify('earlier', { timeZone: 'Europe/Berlin' })
    await kit.contacts.identify('later', { timeZone: 'America/New_York' })
    await kit.clock.advance('1 minute')
    expect(await enrolments(kit, 'earlier')).toEqual(['completed'])
    await kit.contacts.identify('paused', { email: 'p@example.test' })
    await kit.scenarios.pause('single')
    await kit.contacts.identify('paused', { timeZone: 'America/New_York' })
    await kit.clock.advanceTo('2026-01-12T10:00:00+09:00')
    await kit.scenarios.resume('single')
    await kit.clock.advance('1 minute')
    for (const id of ['later', 'paused']) expect(await enrolments(kit, id)).toEqual(['active'])
    await kit.clock.advanceTo('2026-01-12T23:01:00+09:00')
    for (const id of ['later', 'paused']) expect(await mailed(kit, id, 'America/New_York')).toEqual(['2026-01-12 09:00 nudge'])
    for (const id of ['later', 'paused']) expect(await enrolments(kit, id)).toEqual(['completed'])
  })
}
