import type { CapPeriod } from '../time/cap-bucket.ts'
import type { Instant } from '../time/instant.ts'

/** A frequency cap: at most `limit` marketing mails a contact in a local day, week (from Monday) or month. */
export interface CapRule {
  readonly name: string
  readonly per: CapPeriod
  readonly limit: number
  /** Only mail of this topic; null: all marketing mail. */
  readonly topic: string | null
  /** What becomes of a mail that finds the cap full. */
  readonly policy: 'skip' | 'defer' | 'advance'
}

/** One place that a mail takes in a cap. */
export interface CapPlace {
  readonly cap: string
  readonly bucket: string
  readonly limit: number
}

/** Marketing mail of one contact that wants to go out. */
export interface CapWish {
  readonly id: string
  readonly topic: string | null
  /** Of its scenario; broadcasts have -1. The higher goes first. */
  readonly priority: number
  /** Among equals the earlier planned goes first: a deferred mail keeps its turn. */
  readonly plannedAt: Instant
  /** When it goes out if it finds a place. */
  readonly at: Instant
}

/** The caps that a mail of this purpose and topic falls under. Transactional mail falls under none. */
export const rulesFor = <R extends Pick<CapRule, 'topic'>>(
  rules: readonly R[],
  mail: { readonly purpose: 'marketing' | 'transactional'; readonly topic: string | null },
): readonly R[] => (mail.purpose === 'transactional' ? [] : rules.filter(({ topic }) => topic === null || topic === mail.topic))
