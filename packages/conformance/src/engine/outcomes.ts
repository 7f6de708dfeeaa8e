import { silentLogger } from '@tobiishi/core'
import type { TransportResult } from '@tobiishi/core/ports'
import type { EngineTheme } from './engine-world.ts'
import { ledger, subjects } from './observations.ts'
import { everyone, news, onboarding, receipts } from './shop.ts'

const transient: TransportResult = { kind: 'transient', answer: { code: '451', enhancedCode: '4.3.0', text: 'Try again later' } }
const unknownUser: TransportResult = {
  kind: 'rejected',
  bounceClass: 'hard-unknown-user',
  answer: { code: '550', enhancedCode: '5.1.1', text: 'User unknown' },
}
const ambiguous: TransportResult = { kind: 'ambiguous', answer: { text: 'Connection lost after the final dot' } }

/** Answers the first calls as told, then accepts. */
const answering = (...answers: readonly TransportResult[]) => {
  let calls = 0
  return { answer: () => answers[calls++], count: () => calls }
}

/** What the receiving side says to a mail, and what follows from it. */
export const outcomeCases: EngineTheme = ({ test, expect }) => {
  test('a mail that is refused for now is tried again and sent once', async ({ start }) => {
    const server = answering(transient, transient)
    const kit = await start({ answer: server.answer })
    await kit.track('c_1', 'brochure.requested', { brochure: 'A' })
    expect(await kit.settle()).toMatchObject({ sent: 0, retried: 1 })
    expect(await ledger(kit)).toEqual(['hello queued'])
    await kit.clock.advance('1 day')
    expect(subjects(kit)).toEqual(['hello A'])
    expect(server.count()).toBe(3)
    expect(await ledger(kit)).toEqual(['hello sent'])
  })

  test('a server that is dead all day loses nothing: what it never took is failed, not forgotten', async ({ start }) => {
    const answer = (): TransportResult => ({ kind: 'transient', answer: { text: 'ECONNREFUSED' } })
    const kit = await start({ answer, logger: silentLogger })
    await kit.track('c_1', 'brochure.requested', { brochure: 'A' })
    await kit.clock.advance('2 days')
    expect(await ledger(kit)).toEqual(['hello failed: gave-up'])
    expect(await kit.suppressions.has({ email: 'c_1@example.test' })).toBe(false)
  })

  test('a hard bounce suppresses the address: no further mail of any kind, and the reports count it', async ({ start }) => {
    const kit = await start({ scenarios: [onboarding, receipts], answer: answering(unknownUser).answer })
    await kit.track('c_1', 'brochure.requested', { brochure: 'A' })
    await kit.settle()
    expect(await kit.suppressions.has({ email: 'C_1@example.test' })).toBe(true)
    await kit.clock.advance('5 days')
    await kit.broadcasts.send({ template: news, to: everyone })
    await kit.track('c_1', 'order.placed', { total: 1 })
    await kit.settle()
    expect(subjects(kit)).toEqual([])
    const skipped = ['news skipped: suppressed', 'nudge skipped: suppressed', 'receipt skipped: suppressed']
    expect((await ledger(kit)).toSorted()).toEqual(['hello failed: rejected', ...skipped])
    expect((await kit.reports.kpi({ scenario: 'onboarding' })).bounceRate).toMatchObject({ numerator: 1, denominator: 1 })
  })

  test('a bounce that comes days later, twice, suppresses too and counts once', async ({ start }) => {
    const kit = await start()
    await kit.track('c_1', 'brochure.requested', { brochure: 'A' })
    await kit.settle()
    const [message] = await kit.messages.ofContact('c_1')
    await kit.clock.advance('1 day')
    const bounce = { messageId: message?.id ?? '', kind: 'bounced', bounceClass: 'hard-unknown-user', key: 'dsn-1' } as const
    expect(await kit.ingest([bounce])).toMatchObject({ recorded: 1 })
    expect(await kit.ingest([bounce])).toMatchObject({ recorded: 0, duplicates: 1 })
    await kit.clock.advance('5 days')
    expect(await ledger(kit)).toEqual(['hello sent', 'nudge skipped: suppressed'])
    expect((await kit.reports.kpi({ scenario: 'onboarding' })).bounceRate).toMatchObject({ numerator: 1, denominator: 1 })
  })

  test('a break after the final dot is unknown: marketing is not sent again, a receipt is, once', async ({ start }) => {
    const marketing = answering(ambiguous, ambiguous)
    const kit = await start({ answer: marketing.answer })
    await kit.track('c_1', 'brochure.requested', { brochure: 'A' })
    await kit.clock.advance('1 day')
    expect(await ledger(kit)).toEqual(['hello unknown: ambiguous'])
    expect(marketing.count()).toBe(1)

    const transactional = answering(ambiguous, ambiguous, ambiguous)
    const shop = await start({ scenarios: [receipts], answer: transactional.answer, now: '2026-01-06T02:00:00Z' })
    await shop.track('c_2', 'order.placed', { total: 1 })
    await shop.clock.advance('1 day')
    expect(transactional.count()).toBe(2)
    expect(await ledger(shop, 'c_2')).toEqual(['receipt unknown: ambiguous', 'receipt unknown: ambiguous'])
  })
}
