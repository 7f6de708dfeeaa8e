import type { JsonObject } from '../json.ts'
import type { Instant } from '../time/instant.ts'

/**
 * Why a contact may be mailed. `opt-in`: asked or consented. `double-opt-in`: same, confirmed by a POST. `written-address`:
 * gave the address in writing (書面, a business card). `trading-relation`: 取引関係. `published-address`: an organisation that
 * publishes its address. The last three exist in 特定電子メール法 art. 3-1 only and are refused for `audience: 'consumer'`
 * (特定商取引法 art. 12-3).
 */
export type ConsentBasis = 'opt-in' | 'double-opt-in' | 'written-address' | 'trading-relation' | 'published-address'

/** How and when consent was given: enough to prove it. */
export interface ConsentEvidence {
  /** Where: `form:/signup`, `csv:customers.csv#12`, `unsubscribe-page`, `one-click`. */
  readonly source: string
  /** The sentence that the person saw and said yes to. */
  readonly statement?: string
  readonly url?: string
  readonly ip?: string
  readonly userAgent?: string
  readonly note?: string
}

/** One line of the append-only consent ledger. `topic: null` speaks of all topics. */
export interface ConsentEntry {
  readonly id: string
  readonly contactId: string
  readonly kind: 'grant' | 'request' | 'confirm' | 'withdraw' | 'expire'
  readonly topic: string | null
  readonly basis: ConsentBasis | null
  readonly evidence: ConsentEvidence
  /** When it happened. */
  readonly occurredAt: Instant
  /** When it was written down. */
  readonly recordedAt: Instant
  /** The message whose link or header led here, if any. */
  readonly messageId: string | null
}

export interface TopicConsent {
  /** `pending` waits for the POST of a double opt-in. */
  readonly status: 'granted' | 'pending' | 'withdrawn' | 'expired'
  readonly basis: ConsentBasis | null
  readonly since: Instant
}

/**
 * The fold of a contact's ledger. `all` is what was said for all topics, `topics` what was said for one. The later of the
 * two decides for a topic; a withdrawal of all is lifted only by a later grant.
 */
export interface ConsentState {
  readonly all: TopicConsent | null
  readonly topics: { readonly [topic: string]: TopicConsent }
}

export type Jurisdiction = 'JP' | 'US' | 'EU' | 'CA' | 'unknown'
/** Whom the app sells to; in Japan `consumer` brings 特定商取引法 with its stricter rule. */
export type Audience = 'consumer' | 'business'
export type Purpose = 'marketing' | 'transactional'

/** An address or domain that must not be mailed. `key` is `a:` or `d:` + keyed hash; survives erasure. */
export interface Suppression {
  readonly key: string
  /** `marketing` blocks marketing only, `all` blocks everything. */
  readonly scope: 'marketing' | 'all'
  readonly reason: 'hard-bounce' | 'soft-bounces' | 'complaint' | 'manual' | 'erased'
  readonly since: Instant
  readonly details: JsonObject
}

/** Why a mail was not sent. Stored on the message and returned by `decideSend`, `explain` and previews. */
export type SkipReason =
  | 'no-address'
  | 'suppressed'
  | 'no-consent'
  | 'consent-pending'
  | 'consent-withdrawn'
  | 'consent-expired'
  | 'basis-refused'
  | 'expired'
  | 'late'
  | 'exited'
  | 'cancelled'
  | 'contact-erased'
  | 'past'
  | 'no-anchor'
  | 'date-changed'
  | 'holdout'
  | 'capped'
  | 'stopped'
  | 'replaced'
  | 'paused'

/** The answer of `decideSend`. `rule` names the law or setting that decided. */
export type SendDecision =
  | { readonly allow: true }
  | { readonly allow: false; readonly reason: SkipReason; readonly rule: string }
