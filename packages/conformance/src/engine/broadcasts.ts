import { afterClaim } from './after-claim.ts'
import type { EngineTheme } from './engine-world.ts'
import { addContacts, ledger, recipients, subjects } from './observations.ts'
import { everyone, news, pros } from './shop.ts'

const evidence = { source: 'phone' }

/** One mail to a segment: counted before, frozen at its start, cancelled while it runs. */
export const broadcastCases: EngineTheme = ({ test, expect }) => {
  test('the preview says whom it will reach and why not the others, and sending keeps the word', async ({ start }) => {
    const kit = await start()
    await addContacts(kit, 40)
    await kit.consent.withdraw('c_0', { topics: ['news'], evidence })
    await kit.consent.withdraw('c_1', { topics: ['onboarding'], evidence })
    await kit.consent.withdraw('c_2', { evidence })
    await kit.suppressions.add({ email: 'c_3@example.test' })
    await kit.contacts.identify('c_4', { email: null })
    await kit.contacts.identify('stranger', { email: 'stranger@example.test', consent: [] })
    const leftOut = { 'consent-withdrawn': 2, suppressed: 1, 'no-address': 1, 'no-consent': 1 }
    expect(await kit.broadcasts.preview({ template: news, to: everyone })).toEqual({ inSegment: 41, willReceive: 36, leftOut })
    await kit.broadcasts.send({ template: news, to: everyone })
    expect(await kit.settle()).toMatchObject({ sent: 36 })
    expect(await ledger(kit, 'c_0')).toEqual(['news skipped: consent-withdrawn'])
    expect(await ledger(kit, 'c_1')).toEqual(['news sent'])
    expect(await ledger(kit, 'c_3')).toEqual(['news skipped: suppressed'])
    expect(await ledger(kit, 'c_4')).toEqual(['news skipped: no-address'])
    expect(await ledger(kit, 'stranger')).toEqual(['news skipped: no-consent'])
  })

  test('who is in the segment when it starts gets it; who comes later does not', async ({ start }) => {
    const kit = await start()
    await addContacts(kit, 9)
    const { id } = await kit.broadcasts.send({ id: 'may', template: news, to: pros, at: '2026-01-06T01:00:00Z' })
    await kit.contacts.identify('c_1', { attributes: { plan: 'pro' } })
    await kit.clock.advance('23 hours')
    expect(subjects(kit)).toEqual([])
    // A process that works off one mail and stops: the audience is frozen by then.
    await kit.clock.advanceTo('2026-01-06T00:59:59Z')
    const at = await start({ now: '2026-01-06T01:00:00Z' })
    expect(await at.tick({ limit: 1 })).toMatchObject({ sent: 1 })
    await at.contacts.identify('c_2', { attributes: { plan: 'pro' } })
    await at.contacts.identify('c_3', { attributes: { plan: 'free' } })
    await at.settle()
    expect(recipients(at)).toEqual(['c_0', 'c_1', 'c_3', 'c_6'].map((id) => `${id}@example.test`))
    expect(await at.broadcasts.get(id)).toMatchObject({ state: 'sending', audience: 4 })
  })

  test('the same id again changes nothing', async ({ start }) => {
    const kit = await start()
    await addContacts(kit, 3)
    await kit.broadcasts.send({ id: 'may', template: news, to: everyone })
    await kit.settle()
    await kit.broadcasts.send({ id: 'may', template: news, to: everyone })
    await kit.settle()
    expect(kit.outbox.length).toBe(3)
  })

  test('cancelled before its time it sends nothing', async ({ start }) => {
    const kit = await start()
    await addContacts(kit, 3)
    const { id } = await kit.broadcasts.send({ template: news, to: everyone, at: '2026-01-06T01:00:00Z' })
    await kit.broadcasts.cancel(id)
    await kit.clock.advance('3 days')
    expect(subjects(kit)).toEqual([])
  })

  test('cancelled while it runs, what is not sent yet is dropped', async ({ start }) => {
    const kit = await start()
    await addContacts(kit, 10)
    const { id } = await kit.broadcasts.send({ template: news, to: everyone })
    expect(await kit.tick({ limit: 3 })).toMatchObject({ sent: 3 })
    expect(await kit.broadcasts.cancel(id)).toEqual({ dropped: 7 })
    await kit.clock.advance('1 day')
    expect(kit.outbox.length).toBe(3)
  })

  test('cancelled between the claim and the mark, nothing goes out', async ({ start, storage }) => {
    const kit = await start()
    await addContacts(kit, 10)
    const { id } = await kit.broadcasts.send({ template: news, to: everyone })
    const worker = await start({ storage: afterClaim(storage, () => kit.broadcasts.cancel(id).then(() => {})) })
    await worker.settle()
    await worker.clock.advance('1 hour')
    expect(worker.outbox.length).toBe(0)
    expect(await ledger(kit, 'c_7')).toEqual(['news skipped: cancelled'])
  })
}
