import { describe, expect, it } from 'vitest'
import type { ConsentBasis, ConsentEntry } from './consent.ts'
import { emptyConsent, foldConsent } from './fold-consent.ts'
import { consentFor } from './prevailing-consent.ts'

const entry = (
  kind: ConsentEntry['kind'],
  occurredAt: number,
  topic: string | null = null,
  basis: ConsentBasis | null = kind === 'grant' ? 'opt-in' : null,
): ConsentEntry => ({
  id: `${kind}-${occurredAt}`,
  contactId: 'c',
  kind,
  topic,
  basis,
  evidence: { source: 'test' },
  occurredAt,
  recordedAt: occurredAt,
  messageId: null,
})

const after = (...entries: ConsentEntry[]) => entries.reduce(foldConsent, emptyConsent)
const statusOf = (topic: string | null, ...entries: ConsentEntry[]) => consentFor(after(...entries), topic)?.status ?? 'nothing'

describe('foldConsent', () => {
  it('knows nothing of a new contact', () => {
    expect(statusOf(null)).toBe('nothing')
    expect(statusOf('news')).toBe('nothing')
  })

  it('keeps the basis and since when', () => {
    expect(after(entry('grant', 5)).all).toEqual({ status: 'granted', basis: 'opt-in', since: 5 })
  })

  it('applies a grant for all topics to every topic, and one for a topic to that alone', () => {
    expect(statusOf('news', entry('grant', 1))).toBe('granted')
    expect(statusOf('news', entry('grant', 1, 'news'))).toBe('granted')
    expect(statusOf('tips', entry('grant', 1, 'news'))).toBe('nothing')
    expect(statusOf(null, entry('grant', 1, 'news'))).toBe('nothing')
  })

  it('takes a withdrawal of one topic as that and no more', () => {
    const ledger = [entry('grant', 1), entry('withdraw', 2, 'news')]
    expect(statusOf('news', ...ledger)).toBe('withdrawn')
    expect(statusOf('tips', ...ledger)).toBe('granted')
    expect(statusOf(null, ...ledger)).toBe('granted')
  })

  it('takes a withdrawal of all over earlier grants of topics, until a later grant', () => {
    const ledger = [entry('grant', 1, 'news'), entry('withdraw', 2)]
    expect(statusOf('news', ...ledger)).toBe('withdrawn')
    expect(statusOf('news', ...ledger, entry('grant', 3, 'news'))).toBe('granted')
    expect(statusOf('tips', ...ledger, entry('grant', 3, 'news'))).toBe('withdrawn')
    expect(statusOf('tips', ...ledger, entry('grant', 3))).toBe('granted')
  })

  it('is not fooled by an old grant that is written down late', () => {
    expect(statusOf(null, entry('withdraw', 5), entry('grant', 1))).toBe('withdrawn')
    expect(statusOf('news', entry('withdraw', 5), entry('grant', 1, 'news'))).toBe('withdrawn')
  })

  it('lets the refusal win at the same instant', () => {
    expect(statusOf(null, entry('withdraw', 5), entry('grant', 5))).toBe('withdrawn')
    expect(statusOf(null, entry('grant', 5), entry('withdraw', 5))).toBe('withdrawn')
    expect(statusOf('news', entry('grant', 5, 'news'), entry('withdraw', 5))).toBe('withdrawn')
  })

  it('does not let a purchase or a business card lift a withdrawal', () => {
    for (const basis of ['trading-relation', 'written-address', 'published-address'] as const) {
      expect(statusOf(null, entry('withdraw', 1), entry('grant', 2, null, basis))).toBe('withdrawn')
      expect(statusOf('news', entry('withdraw', 1), entry('grant', 2, 'news', basis))).toBe('withdrawn')
    }
    expect(statusOf(null, entry('withdraw', 1), entry('grant', 2))).toBe('granted')
  })

  it('keeps an opt-in as the basis when a purchase follows', () => {
    expect(after(entry('grant', 1), entry('grant', 2, null, 'trading-relation')).all?.basis).toBe('opt-in')
  })

  it('is pending from the request to the confirmation', () => {
    expect(statusOf('news', entry('request', 1, 'news'))).toBe('pending')
    const confirmed = after(entry('request', 1, 'news'), entry('confirm', 2, 'news'))
    expect(confirmed.topics).toEqual({ news: { status: 'granted', basis: 'double-opt-in', since: 2 } })
  })

  it('does not take a grant away by a request, nor lift a withdrawal by one', () => {
    expect(statusOf('news', entry('grant', 1, 'news'), entry('request', 2))).toBe('granted')
    expect(statusOf('news', entry('grant', 1), entry('request', 2, 'news'))).toBe('granted')
    expect(statusOf('news', entry('grant', 0), entry('withdraw', 1, 'news'), entry('request', 2, 'news'))).toBe('withdrawn')
  })

  it('expires what the entry names', () => {
    expect(statusOf(null, entry('grant', 1), entry('expire', 2, null, 'opt-in'))).toBe('expired')
    expect(statusOf(null, entry('grant', 1), entry('expire', 2, null, 'trading-relation'))).toBe('granted')
    const bought = entry('grant', 1, null, 'trading-relation')
    const ranOut = entry('expire', 2, null, 'trading-relation')
    expect(statusOf(null, bought, ranOut)).toBe('expired')
    expect(statusOf(null, bought, ranOut, entry('grant', 3, null, 'trading-relation'))).toBe('granted')
  })
})
