import type { EngineTheme } from '../engine-world.ts'
import { ledger, mailed } from '../observations.ts'
import { model, nudge, thanks, tips } from '../shop.ts'

/** What a wait counts from. */
export const anchorCases: EngineTheme = ({ test, expect }) => {
  test('by default the planned time of the previous send, whether that went out or not', async ({ start }) => {
    const course = model.scenario('course', {
      version: 1,
      enterOn: 'page.viewed',
      window: { from: '18:00', to: '20:00' },
      steps: ({ send, wait }) => [
        send('one', nudge),
        wait('a', '1 day'),
        send('two', tips, { sendWithin: '1 hour' }),
        wait('b', '1 day'),
        send('three', thanks),
      ],
    })
    const kit = await start({ scenarios: [course] })
    await kit.track('c_1', 'page.viewed', { page: '/' })
    await kit.clock.advance('1 day')
    // No worker on the second evening.
    const later = await start({ now: '2026-01-07T01:00:00Z', scenarios: [course] })
    await later.clock.advance('2 days')
    expect(await ledger(later)).toEqual(['nudge sent', 'tips skipped: late', 'thanks sent'])
    expect(await mailed(later)).toEqual(['2026-01-05 18:00 nudge', '2026-01-07 18:00 thanks'])
  })

  test('the entry, when that happened, not when it was told', async ({ start }) => {
    const course = model.scenario('course', {
      version: 1,
      enterOn: 'page.viewed',
      window: { from: '18:00', to: '20:00' },
      steps: ({ send, wait }) => [
        send('one', nudge),
        wait('a', { days: 1, at: '19:00' }, { from: 'entry' }),
        send('two', tips),
        wait('b', '50 hours', { from: 'entry' }),
        send('three', thanks),
      ],
    })
    const kit = await start({ scenarios: [course] })
    // At 09:00, told at 10:00.
    await kit.track('c_1', 'page.viewed', { page: '/' }, { occurredAt: '2026-01-05T09:00:00+09:00' })
    await kit.clock.advance('5 days')
    expect(await mailed(kit)).toEqual(['2026-01-05 18:00 nudge', '2026-01-06 19:00 tips', '2026-01-07 18:00 thanks'])
  })

  test('a date or an instant of the contact, and n days before it', async ({ start }) => {
    const renewal = model.scenario('renewal', {
      version: 1,
      enterOn: 'page.viewed',
      steps: ({ send, wait }) => [
        wait('trial', { days: -1 }, { from: { attribute: 'trialEndsAt' } }),
        send('one', nudge),
        wait('week', { days: -7, at: '09:00' }, { from: { attribute: 'renewsOn' } }),
        send('two', tips),
        wait('month', { months: 1, days: -1, at: '09:00' }, { from: { attribute: 'renewsOn' } }),
        send('three', thanks),
      ],
    })
    const kit = await start({ scenarios: [renewal] })
    const attributes = { trialEndsAt: '2026-01-07T12:30:00+09:00', renewsOn: '2026-01-31' }
    await kit.contacts.identify('c_1', { email: 'a@example.test', attributes })
    await kit.track('c_1', 'page.viewed', { page: '/' })
    await kit.clock.advance('70 days')
    expect(await mailed(kit)).toEqual(['2026-01-06 12:30 nudge', '2026-01-24 09:00 tips', '2026-02-27 09:00 thanks'])
  })

  test('the latest event of a name, and each later one again while it waits', async ({ start }) => {
    const quiet = model.scenario('quiet', {
      version: 1,
      enterOn: 'brochure.requested',
      steps: ({ send, wait }) => [wait('a', '3 days', { from: { event: 'page.viewed' } }), send('nudge', nudge)],
    })
    const kit = await start({ scenarios: [quiet] })
    await kit.track('c_1', 'page.viewed', { page: '/' }, { occurredAt: '2026-01-04T10:00:00+09:00' })
    await kit.track('c_1', 'brochure.requested', { brochure: 'A' })
    await kit.clock.advance('1 day')
    await kit.track('c_1', 'page.viewed', { page: '/price' })
    await kit.clock.advance('5 days')
    expect(await mailed(kit)).toEqual(['2026-01-09 10:00 nudge'])
  })
}
