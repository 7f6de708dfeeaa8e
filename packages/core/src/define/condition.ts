import type { SegmentNode } from '../domain/segment/segment-node.ts'

/** A condition over a contact or, inside `where`, over the payload of event `Of`. */
export interface Condition<out Of extends string = string> {
  readonly '~of': Of
}

/** What a condition holds: its tree, and what it speaks of; null where it fits anywhere (`all()` of nothing). */
interface ConditionData {
  readonly node: SegmentNode
  readonly of: string | null
}

const dataOf = new WeakMap<object, ConditionData>()

/** Scope of conditions over contacts; those over payloads have `event:` and the event's name. */
export type ContactScope = 'contact'

export const createCondition = <Of extends string>(node: SegmentNode, of: string | null): Condition<Of> => {
  const condition = Object.freeze({})
  dataOf.set(condition, { node, of })
  return condition as Condition<Of>
}

/** Null for what no builder has made. */
export const conditionData = (value: unknown): ConditionData | null =>
  typeof value === 'object' && value !== null ? (dataOf.get(value) ?? null) : null
