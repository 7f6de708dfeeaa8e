import type { JsonObject } from '../../domain/json.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Step } from './step.ts'

export interface EventRow {
  readonly name: string
  /** Dedupe id, unique per name (and bucket, the month of `occurredAt`). */
  readonly id: string
  readonly contactId: string
  readonly payload: JsonObject
  readonly occurredAt: Instant
  readonly receivedAt: Instant
}
export interface EventReader {
  /** Newest first. */
  ofContact(contactId: string, options: { readonly names?: readonly string[]; readonly limit: number }): Step<EventRow[]>
  count(): Step<number>
  /** Events of these contacts and names since then (inclusive), newest first within a contact. */
  ofContacts(
    contactIds: readonly string[],
    options: { readonly names: readonly string[]; readonly since: Instant },
  ): Step<EventRow[]>
  /** Of each contact that has one: the earliest time of this event after `after` (exclusive). For the next change of a window. */
  earliestAfter(
    contactIds: readonly string[],
    event: string,
    after: Instant,
  ): Step<{ readonly contactId: string; readonly occurredAt: Instant }[]>
  /** Events of a name since then by (contactId, occurredAt, id), after that place: for backfills. */
  page(options: {
    readonly name: string
    readonly since: Instant
    readonly after: { readonly contactId: string; readonly occurredAt: Instant; readonly id: string } | null
    readonly limit: number
  }): Step<EventRow[]>
}
export interface EventWriter extends EventReader {
  /** Inserts what is new, each (name, id) once. `duplicate`: same payload, no second effect. `conflicting`: another payload or contact; the first stays. Answers indexes into `events`. */
  record(events: readonly EventRow[]): Step<{
    readonly inserted: readonly number[]
    readonly duplicate: readonly number[]
    readonly conflicting: readonly number[]
  }>
  /** Gives the events of `from` to `into`. */
  move(from: string, into: string): Step<void>
  /** Deletes all events of a contact. */
  erase(contactId: string): Step<void>
}
