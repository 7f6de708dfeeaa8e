import { evaluateSegment } from '../../domain/segment/evaluate-segment.ts'
import { nextChangeAt, type TimeLeaf, timeLeaves } from '../../domain/segment/next-change.ts'
import type { SegmentNode, SegmentQuery } from '../../domain/segment/segment-node.ts'
import { day, hour, type Instant } from '../../domain/time/instant.ts'
import { today } from '../../domain/time/local-date.ts'
import type { Step } from '../../ports/storage/index.ts'
import type { Batch } from './batch.ts'

/** What membership is read with. */
type Reading = Pick<Batch, 'runtime' | 'tx' | 'now' | 'contacts'>

/** Whether a contact is in a segment now, and when time alone can next change that (null: never). */
export interface Membership {
  readonly isMember: boolean
  readonly changesAt: Instant | null
}

/** Tree (`treeKey`) → contact → membership, as far as it has been read. */
export type Memberships = Map<string, Map<string, Membership>>

const keys = new WeakMap<SegmentNode, string>()

/** Equal trees have equal keys. */
export const treeKey = (tree: SegmentNode): string => {
  const key = keys.get(tree) ?? JSON.stringify(tree)
  keys.set(tree, key)
  return key
}

/** Reads who of these contacts is in each tree, for those not known yet: nothing where a tree asks for attributes alone, else one request a tree, and few more where time can change it. */
export function* readMemberships(
  batch: Reading,
  known: Memberships,
  asked: ReadonlyMap<SegmentNode, Iterable<string>>,
): Step<void> {
  for (const [tree, contactIds] of asked) {
    const own = known.get(treeKey(tree)) ?? new Map<string, Membership>()
    known.set(treeKey(tree), own)
    const missing = [...contactIds].filter((id) => !own.has(id))
    if (missing.length === 0) continue
    const members = yield* membersOf(batch, tree, missing)
    const changesAt = yield* changesOf(batch, tree, missing)
    for (const id of missing) own.set(id, { isMember: members.has(id), changesAt: changesAt(id) })
  }
}

function* membersOf(batch: Reading, tree: SegmentNode, contactIds: readonly string[]): Step<ReadonlySet<string>> {
  const query: SegmentQuery = { tree, now: batch.now, today: today(batch.now, batch.runtime.settings.timeZone) }
  if (!isOfAttributes(tree)) return new Set(yield* batch.tx.segments.matching(query, contactIds))
  return new Set(
    contactIds.filter((id) => {
      const contact = batch.contacts.get(id)
      return contact !== undefined && evaluateSegment(query, contact, [])
    }),
  )
}

/** Whether a tree asks for nothing but the row of the contact, which the batch holds already. */
const isOfAttributes = (tree: SegmentNode): boolean => {
  switch (tree.kind) {
    case 'everyone':
    case 'attribute':
      return true
    case 'not':
      return isOfAttributes(tree.of)
    case 'all':
    case 'any':
      return tree.of.every(isOfAttributes)
    case 'event':
    case 'message':
      return false
  }
}

type Earliest = (leaf: TimeLeaf, after: Instant) => ReadonlyMap<string, Instant>

/** For each contact the next instant at which time alone can change who is in the tree. */
function* changesOf(
  batch: Reading,
  tree: SegmentNode,
  contactIds: readonly string[],
): Step<(contactId: string) => Instant | null> {
  const leaves = timeLeaves(tree)
  if (leaves.length === 0) return () => null
  const { now } = batch
  const read = new Map<string, ReadonlyMap<string, Instant>>()
  for (const leaf of leaves) {
    if (leaf.kind === 'message') continue
    for (const after of [now - leaf.within, now]) {
      const key = `${leaf.event}\n${after}`
      if (read.has(key)) continue
      const rows = yield* batch.tx.events.earliestAfter(contactIds, leaf.event, after)
      read.set(key, new Map(rows.map(({ contactId, occurredAt }) => [contactId, occurredAt])))
    }
  }
  const earliest: Earliest = (leaf, after) =>
    leaf.kind === 'message' ? new Map() : (read.get(`${leaf.event}\n${after}`) ?? new Map())
  const again = lookAgainAt(leaves, now)
  return (contactId) => {
    const at = nextChangeAt(tree, (leaf, after) => earliest(leaf, after).get(contactId) ?? null, now)
    return again === null ? at : Math.min(at ?? again, again)
  }
}

/**
 * Nobody answers for a batch when somebody's mail leaves a window, so trees that ask for it are looked at again in a thirtieth of
 * the window, between an hour and a day: that late at most is such a change seen.
 */
const lookAgainAt = (leaves: readonly TimeLeaf[], now: Instant): Instant | null => {
  const windows = leaves.flatMap((leaf) => (leaf.kind === 'message' ? [leaf.within] : []))
  return windows.length === 0 ? null : now + Math.min(day, Math.max(hour, Math.min(...windows) / 30))
}
