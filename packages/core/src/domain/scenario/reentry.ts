import type { Instant } from '../time/instant.ts'
import type { Enrolment } from './enrolment.ts'
import type { Reentry } from './scenario-definition.ts'

/** Something that would start a scenario for a contact. */
export interface Occasion {
  /**
   * Id of the event; the key given to `enrol`, else `once`; `in:` or `out:` and the instant of the flip of a segment, no two of a contact alike; the date
   * of an occurrence.
   */
  readonly key: string
  readonly occurredAt: Instant
  /** An occurrence of a date trigger: `once` is once each date there, as is `every-event`. Default false. */
  readonly isDate?: boolean
}

/** What is looked at of the contact's earlier enrolments in the scenario. */
export type EarlierEntry = Pick<Enrolment, 'entryKey' | 'state' | 'enteredAt' | 'endedAt'>

const wasInAt = ({ state, enteredAt, endedAt }: EarlierEntry, at: Instant): boolean =>
  state === 'active' || (enteredAt <= at && endedAt !== null && at < endedAt)

/**
 * The key under which a contact may enter, or null where it may not: `(scenario, contact, key)` is unique, so the same occasion
 * never enters twice. Counted by when things happened, not by when they came to be known, so that a late event changes nothing.
 */
export const entryKeyOf = (reentry: Reentry, occasion: Occasion, earlier: readonly EarlierEntry[]): string | null => {
  const { key, occurredAt } = occasion
  if (occasion.isDate !== true && reentry.kind === 'once') return earlier.length === 0 ? 'once' : null
  if (earlier.some(({ entryKey }) => entryKey === key)) return null
  switch (reentry.kind) {
    case 'after-exit':
      return earlier.some((entry) => wasInAt(entry, occurredAt)) ? null : key
    case 'cooldown':
      return earlier.some(({ enteredAt }) => Math.abs(occurredAt - enteredAt) < reentry.ms) ? null : key
    default:
      return key
  }
}
