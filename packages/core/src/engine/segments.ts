import type { DeclaredSegment } from '../define/declared.ts'
import type { SegmentQuery } from '../domain/segment/segment-node.ts'
import { today } from '../domain/time/local-date.ts'
import type { Runtime } from './runtime.ts'
import type { Tobiishi } from './tobiishi.ts'

const pageSize = 1_000

/** Who is in a segment now. Dates are compared with today in the app's zone. */
export const createSegments = (runtime: Runtime): Tobiishi['segments'] => {
  const query = ({ tree }: DeclaredSegment): SegmentQuery => {
    const now = runtime.clock.now()
    return { tree, now, today: today(now, runtime.settings.timeZone) }
  }
  return {
    count: (segment) => runtime.storage.read((reader) => reader.segments.count(query(segment))),
    members: (segment, { after = null, limit = pageSize } = {}) =>
      runtime.storage.read((reader) => reader.segments.page(query(segment), { after, limit })),
  }
}
