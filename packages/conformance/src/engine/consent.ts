import { afterClaim } from './after-claim.ts'
import type { EngineTheme, Kit } from './engine-world.ts'
import { addContacts, ledger, rejection, subjects } from './observations.ts'
import { everyone, news, onboarding, receipts } from './shop.ts'

/** What a mail program does when its user presses its unsubscribe button (RFC 8058). */
const pressUnsubscribe = async (kit: Kit): Promise<number> => {
  const url = kit.outbox.at(-1)?.unsubscribeUrl ?? ''
  const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' })
  return (await kit.handler(new Request(url, { method: 'POST', body }))).status
}

/** Who may be mailed, who left, and how it can be proven. */
export const consentCases: EngineTheme = ({ test, expect }) => {
  test('the ledger keeps when, how and with which words consent was given and taken back', async ({ start }) => {
    const kit = await start({ grantConsent: false })
    const evidence = {
      source: 'form:/signup',
      statement: 'お知らせメールを受け取る',
      url: 'https://shop.test/signup',
      ip: '192.0.2.1',
    }
    await kit.contacts.identify('c_1', {
      email: 'a@example.test',
      consent: [{ basis: 'opt-in', topics: ['onboarding'], evidence }],
    })
    await kit.track('c_1', 'brochure.requested', { brochure: 'A' })
    await kit.clock.advance('1 hour')
    expect(await pressUnsubscribe(kit)).toBe(200)
    expect(await pressUnsubscribe(kit)).toBe(200)
    const [grant, withdrawal] = await kit.consent.ledger('c_1')
    expect(grant).toMatchObject({ kind: 'grant', topic: 'onboarding', basis: 'opt-in', evidence })
    expect(grant?.recordedAt).toBe(Date.parse('2026-01-05T01:00:00Z'))
    expect(withdrawal).toMatchObject({ kind: 'withdraw', evidence: { source: 'one-click' } })
    expect(withdrawal?.messageId).toBe((await kit.messages.ofContact('c_1'))[0]?.id)
    expect(withdrawal?.occurredAt).toBe(Date.parse('2026-01-05T02:00:00Z'))
    await kit.clock.advance('5 days')
    expect(await ledger(kit)).toEqual(['hello sent', 'nudge skipped: consent-withdrawn'])
  })

  test('whoever leaves between the claim and the mark is not mailed, and the others are', async ({ start, storage }) => {
    const kit = await start()
    await addContacts(kit, 6)
    await kit.broadcasts.send({ template: news, to: everyone })
    const leave = () => kit.consent.withdraw('c_3', { evidence: { source: 'phone' } })
    const worker = await start({ storage: afterClaim(storage, leave) })
    await worker.settle()
    await worker.clock.advance('1 hour')
    expect(worker.outbox.map(({ to }) => to).toSorted()).toEqual(
      ['c_0', 'c_1', 'c_2', 'c_4', 'c_5'].map((id) => `${id}@example.test`),
    )
    expect(await ledger(kit, 'c_3')).toEqual(['news skipped: consent-withdrawn'])
  })

  test('so is whoever is suppressed or bought between the claim and the mark', async ({ start, storage }) => {
    const kit = await start()
    for (const id of ['c_1', 'c_2', 'c_3']) await kit.track(id, 'brochure.requested', { brochure: id })
    const worker = await start({
      storage: afterClaim(storage, async () => {
        await kit.suppressions.add({ email: 'c_1@example.test' })
        await kit.trackMany([{ contactId: 'c_2', event: 'order.placed', payload: { total: 1 } }], { startScenarios: true })
      }),
    })
    await worker.settle()
    await worker.clock.advance('1 hour')
    expect(subjects(worker)).toEqual(['hello c_3'])
    expect(await ledger(kit, 'c_1')).toEqual(['hello skipped: suppressed'])
    expect(await ledger(kit, 'c_2')).toEqual(['hello skipped: exited'])
  })

  test('without consent there is no marketing mail, but a receipt', async ({ start }) => {
    const kit = await start({ grantConsent: false, scenarios: [onboarding, receipts] })
    await kit.track('c_1', 'brochure.requested', { brochure: 'A' })
    await kit.settle()
    await kit.track('c_1', 'order.placed', { total: 1 })
    await kit.settle()
    expect((await ledger(kit)).toSorted()).toEqual(['hello skipped: no-consent', 'receipt sent'])
  })

  test('a business card is no consent of a consumer in Japan; to a business it is', async ({ start }) => {
    const card = { basis: 'written-address', evidence: { source: 'card' } } as const
    const kit = await start({ grantConsent: false })
    await kit.contacts.identify('c_1', { email: 'a@example.test' })
    expect(await rejection(kit.consent.grant('c_1', card))).toMatchObject({ code: 'consent.basis_refused' })
    const business = await start({ grantConsent: false, audience: 'business' })
    await business.consent.grant('c_1', card)
    await business.track('c_1', 'brochure.requested', { brochure: 'A' })
    await business.settle()
    expect(subjects(business)).toEqual(['hello A'])
  })

  test('leaving one topic leaves the others, and a later grant lifts it', async ({ start }) => {
    const kit = await start()
    await addContacts(kit, 1)
    await kit.consent.withdraw('c_0', { topics: ['news'], evidence: { source: 'phone' } })
    await kit.clock.advance('1 minute')
    await kit.broadcasts.send({ template: news, to: everyone })
    await kit.enrol('c_0', onboarding, { event: { brochure: 'A' } })
    await kit.settle()
    expect(subjects(kit)).toEqual(['hello A'])
    await kit.consent.grant('c_0', { basis: 'opt-in', topics: ['news'], evidence: { source: 'form:/news' } })
    await kit.broadcasts.send({ template: news, to: everyone })
    await kit.settle()
    expect(subjects(kit)).toEqual(['hello A', 'news'])
  })
}
