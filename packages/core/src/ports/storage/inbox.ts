import type { JsonObject } from '../../domain/json.ts'
import type { TransitionInput } from '../../domain/scenario/transition-contract.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Step } from './step.ts'

/**
 * What the app told us, or a part of the engine the other, and what is not worked in yet. `identify`: payload is the changed
 * parts. `track`: name and key are the event's name and id. `enrol`: name is the scenario, key the entry key. `look`: something
 * about the contact has changed that its scenarios act on. `step`: what became of a call or of a capped mail of an enrolment
 * (`meta` has `enrolmentId` and the `TransitionInput`).
 */
export interface InboxEntry {
  readonly contactId: string
  readonly kind: 'identify' | 'track' | 'enrol' | 'look' | 'step'
  readonly name: string
  readonly key: string
  readonly payload: JsonObject
  readonly occurredAt: Instant
  readonly receivedAt: Instant
  /** False for imports and history: starts nothing. An exit event still ends what was entered before it happened. */
  readonly startScenarios: boolean
  /** What is not payload. Absent: nothing of it. */
  readonly meta?: InboxMeta
}
export interface InboxMeta {
  /** How many scenarios led to this one after the other; 0 from outside. Refused above 20. */
  readonly depth?: number
  /** `enrol`: start at this step instead of the first (moving in from another system). */
  readonly at?: string
  /** `enrol` of a backfill: started although the event is older than `maxEventAge`. */
  readonly isBackfill?: boolean
  /** `step`. */
  readonly enrolmentId?: string
  readonly input?: TransitionInput
}
/** `id` grows with insertion on one connection; across connections it may not, so it only breaks ties. */
export interface InboxRow extends InboxEntry {
  readonly id: number
}

export interface InboxReader {
  /** Contacts with entries that have not failed, the longest waiting first. Unlocked. */
  waiting(options: { readonly limit: number; readonly contactIds?: readonly string[] }): Step<string[]>
  failed(options: { readonly limit: number }): Step<(InboxRow & { readonly error: string })[]>
}
export interface InboxWriter extends InboxReader {
  append(entries: readonly InboxEntry[]): Step<void>
  /** Entries of locked contacts in the order of a contact's life: (contactId, occurredAt, receivedAt, id). At most `limit` a contact. */
  load(contactIds: readonly string[], limit: number): Step<InboxRow[]>
  remove(ids: readonly number[]): Step<void>
  /** Gives the waiting and failed entries of `from` to `into`. */
  move(from: string, into: string): Step<void>
  /** Deletes all entries of a contact, failed ones too. */
  erase(contactId: string): Step<void>
  /** Sets entries aside with a reason, so that they are not tried for ever. */
  fail(ids: readonly number[], error: string): Step<void>
}
