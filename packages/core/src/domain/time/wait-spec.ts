import type { Milliseconds } from './instant.ts'

/**
 * How long a wait is. Elapsed time; calendar units with an optional wall clock `at` (negative before a date); open days of the
 * business calendar; or the next such weekday. Never mixed (design §2). All but `elapsed` are of the contact's zone.
 */
export type WaitSpec =
  | { readonly kind: 'elapsed'; readonly ms: Milliseconds }
  | {
      readonly kind: 'calendar'
      readonly months: number
      readonly weeks: number
      readonly days: number
      readonly at: string | null
    }
  /** The `days`-th open day after the anchor's date (negative: before; 0: that day, or the next open one). */
  | { readonly kind: 'business'; readonly days: number; readonly at: string | null }
  /** The first date after the anchor's date that is this weekday, 0 Sunday to 6 Saturday; the anchor's own date where `at` is still to come. */
  | { readonly kind: 'weekday'; readonly weekday: number; readonly at: string | null }

/**
 * What a wait counts from: the planned time of the previous send (else the entry), the entry, a date or instant among the
 * contact's attributes, or the latest event of a name.
 */
export type Anchor =
  | { readonly kind: 'previous' }
  | { readonly kind: 'entry' }
  | { readonly kind: 'attribute'; readonly attribute: string; readonly type: 'date' | 'instant' }
  | { readonly kind: 'event'; readonly event: string }
