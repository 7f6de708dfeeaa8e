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
}
export interface EventWriter extends EventReader {
  /** Inserts what is new, each (name, id) once. `duplicate`: same payload, no second effect. `conflicting`: another payload or contact; the first stays. Answers indexes into `events`. */
  record(events: readonly EventRow[]): Step<{
    readonly inserted: readonly number[]
    readonly duplicate: readonly number[]
    readonly conflicting: readonly number[]
  }>
}
