import type { EngineTheme, Kit } from '../engine-world.ts'
import { enrolments, ledger, mailed, rejection, subjects } from '../observations.ts'
import { everyone, model, news, nudge, onboarding, receipts, thanks, winBack } from '../shop.ts'
import { silentTransport } from '../silent-transport.ts'

const evidence = { source: 'phone' }

const views = model.scenario('views', {
  version: 1,
  enterOn: 'page.viewed',
  window: { from: '18:00', to: '20:00' },
  steps: ({ send, wait }) => [send('nudge', nudge), wait('a', '2 days'), send('thanks', thanks)],
})

const known = (kit: Kit, id: string) => kit.contacts.identify(id, { email: `${id}@example.test` })

/** Two contacts who are one person, and a person who is forgotten. */
export const peopleCases: EngineTheme = ({ test, expect }) => {
  test('merged, of consent the stricter holds', async ({ start }) => {
    const kit = await start({ templates: [news] })
    for (const id of ['says-no', 'says-yes', 'left-one', 'also-yes']) await known(kit, id)
    await kit.consent.withdraw('says-no', { evidence })
    await kit.consent.withdraw('left-one', { topics: ['news'], evidence })
    await kit.clock.advance('1 hour')
    await kit.contacts.merge('says-no', 'says-yes')
    await kit.contacts.merge('left-one', 'also-yes')
    await kit.broadcasts.send({ template: news, to: everyone })
    for (const id of ['says-yes', 'also-yes']) await kit.enrol(id, onboarding, { event: { brochure: 'A' } })
    await kit.settle()
    expect((await ledger(kit, 'says-yes')).toSorted()).toEqual([
      'hello skipped: consent-withdrawn',
      'news skipped: consent-withdrawn',
    ])
    expect((await ledger(kit, 'also-yes')).toSorted()).toEqual(['hello sent', 'news skipped: consent-withdrawn'])
    expect(await kit.contacts.get('says-no')).toBe(null)
  })

  test('merged, they go through a scenario once, with the events and mail of both, and nothing starts', async ({ start }) => {
    const kit = await start({ scenarios: [onboarding, views, receipts] })
    await known(kit, 'old')
    await known(kit, 'new')
    for (const id of ['old', 'new']) await kit.track(id, 'brochure.requested', { brochure: id })
    await kit.track('old', 'page.viewed', { page: '/' })
    await kit.settle()
    await kit.track('old', 'order.placed', { total: 1 }, { id: 'o1', startScenarios: false })
    await kit.contacts.merge('old', 'new')
    await kit.clock.advance('10 days')
    // The order of the one ended his run; that of the other goes on, and the run of `views` came along.
    expect((await ledger(kit, 'new')).toSorted()).toEqual(['hello sent', 'hello sent', 'nudge sent', 'nudge sent', 'thanks sent'])
    expect(await kit.scenarios.enrolments('old')).toEqual([])
    // The same order told for the other id is known by now.
    await kit.track('new', 'order.placed', { total: 1 }, { id: 'o1' })
    await kit.settle()
    expect(subjects(kit).includes('receipt')).toBe(false)
    expect(kit.outbox.slice(2).map(({ to }) => to)).toEqual(Array.from({ length: 3 }, () => 'new@example.test'))
  })

  test('a merge of somebody who is not there, or with oneself, is refused', async ({ start }) => {
    const kit = await start()
    await known(kit, 'c_1')
    expect((await rejection(kit.contacts.merge('nobody', 'c_1'))).code).toBe('contact.unknown')
    expect((await rejection(kit.contacts.merge('c_1', 'c_1'))).code).toBe('config.invalid')
  })

  test('erased, a person leaves every scenario with all mail that waits, and does not come back by accident', async ({
    start,
  }) => {
    const kit = await start({ scenarios: [onboarding, views] })
    for (const id of ['c_1', 'c_2']) {
      await kit.track(id, 'brochure.requested', { brochure: 'A' })
      await kit.track(id, 'page.viewed', { page: '/' })
    }
    await kit.settle()
    await kit.contacts.erase('c_1')
    await kit.contacts.erase('c_1')
    await kit.clock.advance('10 days')
    expect([await kit.contacts.get('c_1'), await ledger(kit, 'c_1'), await enrolments(kit, 'c_1')]).toEqual([null, [], []])
    expect(subjects(kit)).toEqual(['hello A', 'hello A', 'nudge', 'thanks', 'nudge'])
    // The address is remembered as one not to be mailed, by its keyed hash.
    await kit.contacts.identify('again', { email: 'C_1@example.test' })
    await kit.enrol('again', onboarding, { event: { brochure: 'B' } })
    await kit.settle()
    expect(await ledger(kit, 'again')).toEqual(['hello skipped: suppressed'])
    await kit.contacts.erase('c_2', { suppress: false })
    expect(await kit.suppressions.has({ email: 'c_2@example.test' })).toBe(false)
  })

  test('a mail under way is resolved without its contact, as sent or as unknown', async ({ start }) => {
    const transport = silentTransport()
    const stalled = await start({ transport, scenarios: [winBack] })
    await stalled.enrol('c_1', winBack)
    const ticking = stalled.tick()
    await transport.called
    const other = await start({ scenarios: [winBack] })
    await other.contacts.erase('c_1')
    transport.answer({ kind: 'accepted', providerId: 'p1', answer: { code: '250' } })
    await ticking
    expect(await other.reports.kpi({ scenario: 'win-back' })).toMatchObject({ sent: 1, unknown: 0 })

    const dead = silentTransport()
    const dying = await start({ transport: dead, scenarios: [winBack] })
    await dying.enrol('c_2', winBack)
    void dying.tick()
    await dead.called
    await other.contacts.erase('c_2')
    const later = await start({ now: '2026-01-05T01:05:00Z', scenarios: [winBack] })
    expect(await later.settle()).toMatchObject({ unknown: 1 })
    await later.clock.advance('1 day')
    expect(await later.reports.kpi({ scenario: 'win-back' })).toMatchObject({ sent: 1, unknown: 1 })
    expect(await mailed(later, 'c_2')).toEqual([])
  })
}
