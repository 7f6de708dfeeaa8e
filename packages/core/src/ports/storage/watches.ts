import type { JsonObject } from '../../domain/json.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Step } from './step.ts'

/**
 * Something that is watched for every contact: membership of a segment, or the next occurrence of a date. `filling` until every
 * contact has been looked at once, in which time nothing starts.
 */
export interface Watch {
  /** `segment:` and the hash of the tree, or `date:` and the hash of the trigger. */
  readonly key: string
  readonly spec: JsonObject
  readonly state: 'filling' | 'ready'
  /** While filling: the last contact that was looked at. */
  readonly cursor: string | null
  readonly createdAt: Instant
}
export interface WatchMember {
  readonly key: string
  readonly contactId: string
  /** In the segment; for dates false. */
  readonly isMember: boolean
  /** When it last changed. */
  readonly changedAt: Instant
  /** When time alone can change it, or the next occurrence; null: never. */
  readonly nextAt: Instant | null
}
export interface WatchReader {
  all(): Step<Watch[]>
  members(keys: readonly string[], contactIds: readonly string[]): Step<WatchMember[]>
  /** Contacts with `nextAt <= now` under one of the keys, earliest first. Unlocked candidates. */
  due(options: { readonly now: Instant; readonly limit: number; readonly keys: readonly string[] }): Step<string[]>
}
export interface WatchWriter extends WatchReader {
  /** Adds absent ones. */
  add(rows: readonly Watch[]): Step<void>
  /** Locks and answers it; with `skipLocked` null where another holds it. */
  lock(key: string, options: { readonly skipLocked: boolean }): Step<Watch | null>
  save(row: Watch): Step<void>
  /** Adds or replaces; their contacts are locked. */
  put(rows: readonly WatchMember[]): Step<void>
  /** Deletes the rows of a contact. */
  erase(contactId: string): Step<void>
  /** Deletes a watch with its rows. */
  remove(key: string): Step<void>
}
