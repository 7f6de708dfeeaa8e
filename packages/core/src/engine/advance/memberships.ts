import { evaluateSegment } from '../../domain/segment/evaluate-segment.ts'
import { nextChangeAt, type TimeLeaf, timeLeaves } from '../../domain/segment/next-change.ts'
import type { SegmentNode, SegmentQuery } from '../../domain/segment/segment-node.ts'
import type { Instant } from '../../domain/time/instant.ts'
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
  const query = queryOf(batch, tree)
  if (!isOfAttributes(tree)) return new Set(yield* batch.tx.segments.matching(query, contactIds))
  return new Set(contactIds.filter((id) => isMemberByAttributes(batch, query, id)))
}

const queryOf = ({ now, runtime }: Reading, tree: SegmentNode): SegmentQuery => ({
  tree,
  now,
  today: today(now, runtime.settings.timeZone),
})

const isMemberByAttributes = ({ contacts }: Reading, query: SegmentQuery, contactId: string): boolean => {
  const contact = contacts.get(contactId)
  return contact !== undefined && evaluateSegment(query, contact, [])
}

/** Answers at once who is in a tree that asks for attributes alone; null where it asks for more. Time changes nothing there. */
export const membershipByAttributes = (batch: Reading, tree: SegmentNode): ((contactId: string) => Membership) | null => {
  if (!isOfAttributes(tree)) return null
  const query = queryOf(batch, tree)
  return (contactId) => ({ isMember: isMemberByAttributes(batch, query, contactId), changesAt: null })
}

/** Whether a tree asks for nothing but the row of the contact, which the batch holds already. */
export const isOfAttributes = (tree: SegmentNode): boolean => {
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

/** Leaves of one key have the same times: how many there have to be is another question. */
const leafKey = (leaf: TimeLeaf, after: Instant): string =>
  leaf.kind === 'event' ? `${leaf.event}\n${after}` : `${JSON.stringify([leaf.did, leaf.scenario, leaf.step])}\n${after}`

function* readEarliest(
  { tx }: Reading,
  leaf: TimeLeaf,
  contactIds: readonly string[],
  after: Instant,
): Step<ReadonlyMap<string, Instant>> {
  if (leaf.kind === 'message') {
    const rows = yield* tx.segments.earliest(leaf, contactIds, after)
    return new Map(rows.map(({ contactId, at }) => [contactId, at]))
  }
  const rows = yield* tx.events.earliestAfter(contactIds, leaf.event, after)
  return new Map(rows.map(({ contactId, occurredAt }) => [contactId, occurredAt]))
}

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
    for (const after of [now - leaf.within, now]) {
      const key = leafKey(leaf, after)
      if (!read.has(key)) read.set(key, yield* readEarliest(batch, leaf, contactIds, after))
    }
  }
  return (contactId) => nextChangeAt(tree, (leaf, after) => read.get(leafKey(leaf, after))?.get(contactId) ?? null, now)
}
