import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ConsentEntry } from '../../src/domain/consent/consent.ts'
import { decideSend } from '../../src/domain/consent/decide-send.ts'
import { emptyConsent, foldConsent } from '../../src/domain/consent/fold-consent.ts'

const entries = fc.record<ConsentEntry>({
  id: fc.constant('e'),
  contactId: fc.constant('c'),
  kind: fc.constantFrom('grant', 'request', 'confirm', 'withdraw', 'expire'),
  topic: fc.constantFrom(null, 'news', 'tips'),
  basis: fc.constantFrom(null, 'opt-in', 'double-opt-in', 'written-address', 'trading-relation', 'published-address'),
  evidence: fc.constant({ source: 'test' }),
  occurredAt: fc.integer({ min: 0, max: 20 }),
  recordedAt: fc.constant(0),
  messageId: fc.constant(null),
})

const fold = (ledger: readonly ConsentEntry[]) => ledger.reduce(foldConsent, emptyConsent)
const allows = (ledger: readonly ConsentEntry[], topic: string, jurisdiction: 'JP' | 'US') =>
  decideSend({
    contact: { email: 'a@example.jp', consent: fold(ledger) },
    message: { purpose: 'marketing', topic, expiresAt: null },
    suppressions: [],
    jurisdiction,
    audience: 'business',
    now: 0,
  }).allow

describe('the consent ledger', () => {
  it('folds to the same state in whatever order it is read', () => {
    const shuffled = fc
      .array(entries, { maxLength: 8 })
      .chain((ledger) =>
        fc.tuple(fc.constant(ledger), fc.shuffledSubarray(ledger, { minLength: ledger.length, maxLength: ledger.length })),
      )
    fc.assert(fc.property(shuffled, ([ledger, other]) => void expect(fold(other)).toEqual(fold(ledger))))
  })

  it('changes nothing when a line is read twice', () => {
    fc.assert(fc.property(fc.array(entries), (ledger) => void expect(fold([...ledger, ...ledger])).toEqual(fold(ledger))))
  })

  it('never allows marketing after a last word that is a withdrawal', () => {
    const withdrawal = fc.record({ topic: fc.constantFrom(null, 'news'), jurisdiction: fc.constantFrom('JP', 'US') })
    fc.assert(
      fc.property(fc.array(entries), withdrawal, (ledger, { topic, jurisdiction }) => {
        const last: ConsentEntry = {
          id: 'w',
          contactId: 'c',
          kind: 'withdraw',
          topic,
          basis: null,
          evidence: { source: 'one-click' },
          occurredAt: 20,
          recordedAt: 20,
          messageId: null,
        }
        expect(allows([...ledger, last], 'news', jurisdiction)).toBe(false)
      }),
    )
  })
})
