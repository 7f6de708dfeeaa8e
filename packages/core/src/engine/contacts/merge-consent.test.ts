import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ConsentEntry } from '../../domain/consent/consent.ts'
import { emptyConsent, foldConsent } from '../../domain/consent/fold-consent.ts'
import { consentFor } from '../../domain/consent/prevailing-consent.ts'
import { mergeConsent } from './merge-consent.ts'

type Said = readonly [kind: 'grant' | 'withdraw', topic: string | null, occurredAt: number, basis?: ConsentEntry['basis']]
const now = 1_000
const line = { contactId: 'into', id: 'm', now }
const ledger = (...said: readonly Said[]): ConsentEntry[] =>
  said.map(([kind, topic, occurredAt, basis], nth) => ({
    id: `${nth}`,
    contactId: 'x',
    kind,
    topic,
    basis: kind === 'grant' ? (basis ?? 'opt-in') : null,
    evidence: { source: 'test' },
    occurredAt,
    recordedAt: occurredAt,
    messageId: null,
  }))
const fold = (entries: readonly ConsentEntry[]) => entries.reduce(foldConsent, emptyConsent)
const merged = (from: readonly Said[], into: readonly Said[]) => mergeConsent(fold(ledger(...from)), fold(ledger(...into)), line)
const statusOf = (from: readonly Said[], into: readonly Said[], topic: string | null = 'news') =>
  consentFor(merged(from, into).state, topic)?.status ?? 'nothing'

describe('the consent of two contacts as one', () => {
  it('keeps a withdrawal, even if the other granted later', () => {
    expect(statusOf([['withdraw', 'news', 1]], [['grant', 'news', 2]])).toBe('withdrawn')
    expect(statusOf([['grant', null, 2]], [['withdraw', 'news', 1]])).toBe('withdrawn')
    expect(statusOf([['withdraw', null, 1]], [['grant', 'news', 2]])).toBe('withdrawn')
  })

  it('lets the same contact lift its own withdrawal', () => {
    expect(
      statusOf(
        [
          ['withdraw', 'news', 1],
          ['grant', 'news', 2],
        ],
        [['grant', 'news', 3]],
      ),
    ).toBe('granted')
    expect(
      statusOf(
        [
          ['withdraw', 'news', 1],
          ['grant', 'news', 2],
        ],
        [],
      ),
    ).toBe('granted')
  })

  it('speaks of the topic that was withdrawn, and leaves the others', () => {
    const [from, into]: readonly Said[][] = [[['withdraw', 'news', 1]], [['grant', null, 2]]]
    expect(statusOf(from ?? [], into ?? [], 'tips')).toBe('granted')
    expect(statusOf(from ?? [], into ?? [], null)).toBe('granted')
  })

  it('takes a grant for one where the other said nothing, and the stronger basis of two', () => {
    expect(statusOf([['grant', 'news', 1]], [])).toBe('granted')
    expect(merged([['grant', null, 9, 'trading-relation']], [['grant', null, 1]]).state.all?.basis).toBe('opt-in')
  })

  const said: fc.Arbitrary<Said> = fc.tuple(
    fc.constantFrom('grant' as const, 'withdraw' as const),
    fc.constantFrom(null, 'news', 'tips'),
    fc.integer({ min: 0, max: now }),
    fc.constantFrom('opt-in' as const, 'trading-relation' as const),
  )
  it('is never laxer than either, follows from the ledger alone, and is the same both ways', () => {
    fc.assert(
      fc.property(fc.array(said, { maxLength: 6 }), fc.array(said, { maxLength: 6 }), (from, into) => {
        const { state, lines } = merged(from, into)
        expect(fold([...ledger(...from), ...ledger(...into), ...lines])).toEqual(state)
        for (const topic of [null, 'news', 'tips']) {
          const sides = [from, into].map((side) => consentFor(fold(ledger(...side)), topic)?.status)
          if (sides.includes('withdrawn')) expect(consentFor(state, topic)?.status).toBe('withdrawn')
          expect(statusOf(from, into, topic)).toBe(statusOf(into, from, topic))
        }
      }),
    )
  })
})
