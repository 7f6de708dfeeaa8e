import type { TimeLeaf } from '../../domain/segment/next-change.ts'
import type { SegmentQuery } from '../../domain/segment/segment-node.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Step } from './step.ts'

/** Evaluates trees exactly as `evaluateSegment` in core does; the conformance suite proves it on generated trees and data. */
export interface SegmentReader {
  count(query: SegmentQuery): Step<number>
  /** Members by id in code-point order, after `after`. */
  page(query: SegmentQuery, options: { readonly after: string | null; readonly limit: number }): Step<string[]>
  /** Those of `contactIds` that are members. */
  matching(query: SegmentQuery, contactIds: readonly string[]): Step<string[]>
  /** Of each of these contacts that has one: the earliest time after `after` (exclusive) of what the leaf counts; for `nextChangeAt`. */
  earliest(
    leaf: TimeLeaf,
    contactIds: readonly string[],
    after: Instant,
  ): Step<{ readonly contactId: string; readonly at: Instant }[]>
}
