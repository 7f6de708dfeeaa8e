import type { Audience, ConsentBasis, Jurisdiction } from './consent.ts'

/** What a jurisdiction asks before marketing mail may go out, with the names of the rules that say so (facts §1, §2). */
export interface JurisdictionRules {
  /** False where marketing needs no consent until it is refused. */
  readonly needsConsent: boolean
  readonly bases: readonly ConsentBasis[]
  /** Rule behind "needs consent" and "this basis does not count". */
  readonly consentRule: string
  /** Rule behind "stop when they say so". */
  readonly optOutRule: string
}

const asked: readonly ConsentBasis[] = ['opt-in', 'double-opt-in']
const everyBasis: readonly ConsentBasis[] = [...asked, 'written-address', 'trading-relation', 'published-address']

const japanConsumer: JurisdictionRules = {
  needsConsent: true,
  bases: asked,
  consentRule: 'JP 特定商取引法 art. 12-3 (1)',
  optOutRule: 'JP 特定商取引法 art. 12-3 (2)',
}

const rules: { readonly [J in Jurisdiction]: JurisdictionRules } = {
  JP: {
    needsConsent: true,
    bases: everyBasis,
    consentRule: 'JP 特定電子メール法 art. 3-1',
    optOutRule: 'JP 特定電子メール法 art. 3-3',
  },
  US: {
    needsConsent: false,
    bases: everyBasis,
    consentRule: 'US CAN-SPAM 15 U.S.C. 7704',
    optOutRule: 'US CAN-SPAM 15 U.S.C. 7704(a)(4)',
  },
  EU: { needsConsent: true, bases: asked, consentRule: 'EU 2002/58/EC art. 13(1)', optOutRule: 'EU GDPR art. 7(3)' },
  CA: { needsConsent: true, bases: asked, consentRule: 'CA CASL s. 6', optOutRule: 'CA CASL s. 11' },
  unknown: {
    needsConsent: true,
    bases: asked,
    consentRule: 'setting jurisdiction: unknown means opt-in',
    optOutRule: 'setting jurisdiction: unknown means opt-in',
  },
}

/** The rules of a jurisdiction for an audience. Selling to consumers from Japan brings 特定商取引法, which is the stricter law. */
export const jurisdictionRules = (jurisdiction: Jurisdiction, audience: Audience): JurisdictionRules =>
  jurisdiction === 'JP' && audience === 'consumer' ? japanConsumer : rules[jurisdiction]
