import type { Instant } from '../time/instant.ts'
import { countsEvent, countsMessageAt, type SegmentEvent, type SegmentMessage } from './evaluate-segment.ts'
import type { EventNode, MessageNode, SegmentNode } from './segment-node.ts'

/** A leaf whose answer time alone can change. */
export type TimeLeaf = (EventNode | MessageNode) & { readonly within: number }

const hasWindow = (leaf: EventNode | MessageNode): leaf is TimeLeaf => leaf.within !== undefined

/** The leaves of a tree with a window of time; without any, only what happens can change who is in it. */
export const timeLeaves = (tree: SegmentNode): readonly TimeLeaf[] => {
  switch (tree.kind) {
    case 'everyone':
    case 'attribute':
      return []
    case 'not':
      return timeLeaves(tree.of)
    case 'all':
    case 'any':
      return tree.of.flatMap(timeLeaves)
    case 'event':
    case 'message':
      return hasWindow(tree) ? [tree] : []
  }
}

/**
 * The next instant after `now` at which time alone can change whether a contact is in the segment: something leaves the window
 * `(now − within, now]` of a leaf, or enters it because it is dated ahead of `now`. Null: never. It may come too early (nothing
 * changes then), never too late, as long as nothing else happens to the contact.
 *
 * `earliest` answers the earliest time after `after` (exclusive) of what the leaf counts; `where` may be ignored. It is asked for
 * what is in the window or ahead of it, and then for what is ahead of `now`.
 */
export const nextChangeAt = (
  tree: SegmentNode,
  earliest: (leaf: TimeLeaf, after: Instant) => Instant | null,
  now: Instant,
): Instant | null => {
  const changes = timeLeaves(tree).flatMap((leaf) => {
    const first = earliest(leaf, now - leaf.within)
    if (first === null) return []
    if (first > now) return [first]
    const ahead = earliest(leaf, now)
    return ahead === null || ahead <= now ? [first + leaf.within] : [first + leaf.within, ahead]
  })
  return changes.length === 0 ? null : Math.min(...changes)
}

/** The earliest time after `after` (exclusive) of what a leaf counts, among the events or mails of a contact; null: none. */
export const earliestOf = (
  leaf: TimeLeaf,
  after: Instant,
  events: Iterable<SegmentEvent>,
  messages: Iterable<SegmentMessage>,
): Instant | null => {
  const times = leaf.kind === 'event' ? eventTimes(leaf, events) : messageTimes(leaf, messages)
  let earliest: Instant | null = null
  for (const at of times) if (at > after && (earliest === null || at < earliest)) earliest = at
  return earliest
}

function* eventTimes(leaf: EventNode, events: Iterable<SegmentEvent>): Generator<Instant> {
  for (const event of events) if (countsEvent(leaf, event)) yield event.occurredAt
}

function* messageTimes(leaf: MessageNode, messages: Iterable<SegmentMessage>): Generator<Instant> {
  for (const message of messages) {
    const at = countsMessageAt(leaf, message)
    if (at !== null) yield at
  }
}
