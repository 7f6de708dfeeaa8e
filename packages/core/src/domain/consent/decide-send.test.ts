import { describe, expect, it } from 'vitest'
import type { Audience, ConsentBasis, ConsentState, Jurisdiction, TopicConsent } from './consent.ts'
import { acceptBasis, decideSend, type SendQuestion } from './decide-send.ts'
import { emptyConsent } from './fold-consent.ts'

const said = (status: TopicConsent['status'], basis: ConsentBasis | null = 'opt-in'): ConsentState => ({
  all: { status, basis, since: 1 },
  topics: {},
})

const question = (changes: Partial<SendQuestion> & { readonly consent?: ConsentState }): SendQuestion => ({
  contact: { email: 'a@example.jp', consent: changes.consent ?? said('granted') },
  message: { purpose: 'marketing', topic: 'news', expiresAt: null },
  suppressions: [],
  jurisdiction: 'JP',
  audience: 'consumer',
  now: 1_000,
  ...changes,
})

const answer = (changes: Parameters<typeof question>[0]): string => {
  const decision = decideSend(question(changes))
  return decision.allow ? 'allow' : decision.reason
}
const transactional = { purpose: 'transactional', topic: null, expiresAt: null } as const

describe('decideSend for marketing', () => {
  const rows: readonly (readonly [Jurisdiction, Audience, string, ConsentState, string])[] = [
    ['JP', 'consumer', 'nothing', emptyConsent, 'no-consent'],
    ['JP', 'consumer', 'opt-in', said('granted'), 'allow'],
    ['JP', 'consumer', 'double opt-in', said('granted', 'double-opt-in'), 'allow'],
    ['JP', 'consumer', 'a business card', said('granted', 'written-address'), 'basis-refused'],
    ['JP', 'consumer', 'a purchase', said('granted', 'trading-relation'), 'basis-refused'],
    ['JP', 'consumer', 'a published address', said('granted', 'published-address'), 'basis-refused'],
    ['JP', 'consumer', 'a grant without basis', said('granted', null), 'basis-refused'],
    ['JP', 'consumer', 'a request', said('pending'), 'consent-pending'],
    ['JP', 'consumer', 'an expired grant', said('expired'), 'consent-expired'],
    ['JP', 'consumer', 'a withdrawal', said('withdrawn', null), 'consent-withdrawn'],
    ['JP', 'business', 'nothing', emptyConsent, 'no-consent'],
    ['JP', 'business', 'a business card', said('granted', 'written-address'), 'allow'],
    ['JP', 'business', 'a purchase', said('granted', 'trading-relation'), 'allow'],
    ['JP', 'business', 'a published address', said('granted', 'published-address'), 'allow'],
    ['JP', 'business', 'a withdrawal', said('withdrawn', null), 'consent-withdrawn'],
    ['US', 'consumer', 'nothing', emptyConsent, 'allow'],
    ['US', 'consumer', 'a purchase', said('granted', 'trading-relation'), 'allow'],
    ['US', 'consumer', 'a withdrawal', said('withdrawn', null), 'consent-withdrawn'],
    ['US', 'consumer', 'a request', said('pending'), 'consent-pending'],
    ['US', 'consumer', 'an expired grant', said('expired'), 'consent-expired'],
    ['EU', 'business', 'nothing', emptyConsent, 'no-consent'],
    ['EU', 'business', 'opt-in', said('granted'), 'allow'],
    ['EU', 'business', 'a purchase', said('granted', 'trading-relation'), 'basis-refused'],
    ['CA', 'consumer', 'nothing', emptyConsent, 'no-consent'],
    ['CA', 'consumer', 'opt-in', said('granted'), 'allow'],
    ['unknown', 'consumer', 'nothing', emptyConsent, 'no-consent'],
    ['unknown', 'business', 'opt-in', said('granted'), 'allow'],
    ['unknown', 'business', 'a business card', said('granted', 'written-address'), 'basis-refused'],
  ]
  it.each(rows)('%s, %s, after %s', (jurisdiction, audience, _what, consent, expected) => {
    expect(answer({ jurisdiction, audience, consent })).toBe(expected)
  })

  it('keeps a withdrawn topic apart from the others', () => {
    const consent: ConsentState = {
      all: { status: 'granted', basis: 'opt-in', since: 1 },
      topics: { news: { status: 'withdrawn', basis: null, since: 2 } },
    }
    expect(answer({ consent })).toBe('consent-withdrawn')
    expect(answer({ consent, message: { purpose: 'marketing', topic: 'tips', expiresAt: null } })).toBe('allow')
  })

  it('names the law that decided', () => {
    expect(decideSend(question({ consent: emptyConsent }))).toMatchObject({ rule: 'JP 特定商取引法 art. 12-3 (1)' })
    expect(decideSend(question({ consent: said('withdrawn', null), audience: 'business' }))).toMatchObject({
      rule: 'JP 特定電子メール法 art. 3-3',
    })
    expect(decideSend(question({ consent: said('withdrawn', null), jurisdiction: 'US' }))).toMatchObject({
      rule: 'US CAN-SPAM 15 U.S.C. 7704(a)(4)',
    })
  })
})

describe('decideSend and suppression', () => {
  it('stops marketing after a complaint, and lets an order notice through', () => {
    const suppressions = [{ scope: 'marketing', reason: 'complaint' }] as const
    expect(decideSend(question({ suppressions }))).toEqual({
      allow: false,
      reason: 'suppressed',
      rule: 'suppression: complaint',
    })
    expect(answer({ suppressions, message: transactional })).toBe('allow')
  })

  it('lets nothing through to an address that does not exist', () => {
    const suppressions = [{ scope: 'all', reason: 'hard-bounce' }] as const
    expect(answer({ suppressions })).toBe('suppressed')
    expect(answer({ suppressions, message: transactional })).toBe('suppressed')
    const both = [{ scope: 'marketing', reason: 'complaint' }, ...suppressions] as const
    expect(answer({ suppressions: both, message: transactional })).toBe('suppressed')
  })

  it('blocks whatever the jurisdiction allows', () => {
    expect(answer({ jurisdiction: 'US', suppressions: [{ scope: 'marketing', reason: 'manual' }] })).toBe('suppressed')
  })
})

describe('decideSend otherwise', () => {
  it('sends order notices without consent, and after a withdrawal', () => {
    expect(answer({ consent: emptyConsent, message: transactional })).toBe('allow')
    expect(answer({ consent: said('withdrawn', null), message: transactional })).toBe('allow')
  })

  it('needs an address', () => {
    expect(answer({ contact: { email: null, consent: said('granted') } })).toBe('no-address')
  })

  it('is too late from the instant of expiry on', () => {
    const at = (expiresAt: number) => answer({ message: { purpose: 'marketing', topic: 'news', expiresAt } })
    expect(at(1_001)).toBe('allow')
    expect(at(1_000)).toBe('expired')
    expect(answer({ message: { ...transactional, expiresAt: 999 } })).toBe('expired')
  })
})

describe('acceptBasis', () => {
  it('refuses a business card where the app sells to consumers, and names the law', () => {
    expect(acceptBasis('written-address', 'JP', 'consumer')).toEqual({ accepted: false, rule: 'JP 特定商取引法 art. 12-3 (1)' })
    expect(acceptBasis('written-address', 'JP', 'business')).toEqual({ accepted: true })
    expect(acceptBasis('opt-in', 'JP', 'consumer')).toEqual({ accepted: true })
  })
})
