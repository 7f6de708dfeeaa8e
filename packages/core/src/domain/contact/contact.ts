import type { ConsentState } from '../consent/consent.ts'
import type { JsonObject } from '../json.ts'
import type { Instant } from '../time/instant.ts'

/** Parts of a name as Japanese business mail needs them; every part optional. */
export interface ContactName {
  readonly family?: string
  readonly given?: string
  readonly organisation?: string
  readonly department?: string
  readonly title?: string
}

/** A customer, as stored. One row a contact. */
export interface Contact {
  readonly id: string
  /** The address as typed (domain in lower case, A-labels); null for a contact that `track` made. */
  readonly email: string | null
  /** The address in its comparable form (`normaliseAddress`), unique among contacts; null without an address. */
  readonly emailKey: string | null
  readonly name: ContactName
  /** BCP 47, as `ja` or `en`; null: the app's default. */
  readonly locale: string | null
  /** IANA zone; null: the app's. */
  readonly timeZone: string | null
  /** As the model declares them, in their JSON form. */
  readonly attributes: JsonObject
  /** Fold of the consent ledger (`foldConsent`), kept beside it so that sending reads one row. */
  readonly consent: ConsentState
  /** Raised by every write of consent, suppression or erasure; the mark re-checks it. */
  readonly consentRev: number
  /** FNV-1a 32 of the id, without the sign bit: 31 bits. */
  readonly hash: number
  /** `hash mod 64` by FNV-1a 32. A hint for sharing work. */
  readonly lane: number
  /** Soft bounces in a row and when the row of them began; 0 and null after a delivery or click. */
  readonly softBounces: number
  readonly softSince: Instant | null
  readonly createdAt: Instant
  readonly updatedAt: Instant
}

/** Provider group of a recipient domain, fixed when a message is queued; throttling is by route. */
export type Route = 'gmail' | 'yahoo' | 'yahoo-japan' | 'outlook' | 'icloud' | 'docomo' | 'au' | 'softbank' | 'rakuten' | 'other'
