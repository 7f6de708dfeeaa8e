import type { SegmentQuery } from '../../domain/segment/segment-node.ts'
import type { Step } from './step.ts'

/** Evaluates trees exactly as `evaluateSegment` in core does; the conformance suite proves it on generated trees and data. */
export interface SegmentReader {
  count(query: SegmentQuery): Step<number>
  /** Members by id in code-point order, after `after`. */
  page(query: SegmentQuery, options: { readonly after: string | null; readonly limit: number }): Step<string[]>
  /** Those of `contactIds` that are members. */
  matching(query: SegmentQuery, contactIds: readonly string[]): Step<string[]>
}
