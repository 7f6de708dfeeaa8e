import type { JsonObject } from '../../domain/json.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Step } from './step.ts'

/**
 * What the app told us and what is not worked in yet. `identify`: payload is the changed parts. `track`: name and key are the
 * event's name and id. `enrol`: name is the scenario, key the entry key.
 */
export interface InboxEntry {
  readonly contactId: string
  readonly kind: 'identify' | 'track' | 'enrol'
  readonly name: string
  readonly key: string
  readonly payload: JsonObject
  readonly occurredAt: Instant
  readonly receivedAt: Instant
  /** False for imports and history: starts nothing. An exit event still ends what was entered before it happened. */
  readonly startScenarios: boolean
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
  /** Sets entries aside with a reason, so that they are not tried for ever. */
  fail(ids: readonly number[], error: string): Step<void>
}
