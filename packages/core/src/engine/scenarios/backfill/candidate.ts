import type { JsonObject } from '../../../domain/json.ts'
import type { ScenarioDefinition } from '../../../domain/scenario/scenario-definition.ts'
import type { Instant } from '../../../domain/time/instant.ts'
import type { Step, StorageReader } from '../../../ports/storage/index.ts'

/** Something that would have started the scenario for a contact, had it been there. */
export interface Candidate {
  readonly contactId: string
  /** Of the entry, where several are allowed: the event's id, or `in:` and when the contact came into the segment. */
  readonly key: string
  readonly occurredAt: Instant
  readonly payload: JsonObject
}

export interface CandidatePage {
  readonly found: readonly Candidate[]
  /** Contacts that were looked at, in the order in which they are. */
  readonly contactIds: readonly string[]
  /** Where the next page begins; null: there is none. */
  readonly cursor: JsonObject | null
}

export interface CandidateQuery {
  readonly definition: ScenarioDefinition
  /** Null: since ever. */
  readonly since: Instant | null
  readonly cursor: JsonObject | null
  /** Most contacts. */
  readonly limit: number
  readonly now: Instant
  /** Of the app, for dates in segments. */
  readonly timeZone: string
}

export type CandidateSource = (
  reader: Pick<StorageReader, 'events' | 'segments' | 'watches'>,
  query: CandidateQuery,
) => Step<CandidatePage>
