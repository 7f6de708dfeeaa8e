import type { JsonObject } from '../../domain/json.ts'
import type { SegmentQuery } from '../../domain/segment/segment-node.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Step } from './step.ts'

export interface Broadcast {
  readonly id: string
  readonly template: string
  readonly segment: { readonly name: string; readonly tree: SegmentQuery['tree'] }
  readonly props: JsonObject
  readonly state: 'scheduled' | 'expanding' | 'sending' | 'cancelled'
  readonly at: Instant
  readonly startedAt: Instant | null
  readonly audience: number | null
  readonly createdAt: Instant
}
export interface BroadcastReader {
  get(id: string): Step<Broadcast | null>
  all(): Step<Broadcast[]>
  /** Scheduled with `at <= now`, or expanding. */
  due(now: Instant): Step<Broadcast[]>
}
export interface BroadcastWriter extends BroadcastReader {
  /** The same id again is left alone and answers false. */
  create(row: Broadcast): Step<boolean>
  /** Locks the row and answers it; expansion and cancel exclude each other. With `skipLocked`, null where another holds it. */
  lock(id: string, options: { readonly skipLocked: boolean }): Step<Broadcast | null>
  save(row: Broadcast): Step<void>
  /** Writes down, in one statement, who is in the segment now. Answers how many. */
  freeze(id: string, query: SegmentQuery): Step<number>
  /** Removes up to `limit` from the frozen audience and answers them, by id. */
  takeAudience(id: string, limit: number): Step<string[]>
}
