import type { Json, JsonObject } from '../json.ts'
import type { Instant } from '../time/instant.ts'
import { compareCodePoints } from './code-point-order.ts'
import type { EventNode, FieldNode, FieldType, SegmentNode, SegmentQuery } from './segment-node.ts'

/** What an evaluation reads of an event. */
export interface SegmentEvent {
  readonly name: string
  readonly payload: JsonObject
  readonly occurredAt: Instant
}

/**
 * Whether a contact is in a segment. The reference of the three evaluators: the SQL ones agree with it on every tree.
 * Two-valued and total: a missing, null or wrongly typed value makes a comparison false, and `not` turns exactly that round,
 * so `count(P) + count(not P) = count(all)`. Without `within` events of any time count, those just ahead of `now` too.
 */
export const evaluateSegment = (
  query: SegmentQuery,
  contact: { readonly attributes: JsonObject },
  events: Iterable<SegmentEvent>,
): boolean =>
  evaluateNode(query.tree, { record: contact.attributes, events: Array.isArray(events) ? events : [...events], now: query.now })

interface Facts {
  readonly record: JsonObject
  readonly events: readonly SegmentEvent[]
  readonly now: Instant
}

const evaluateNode = (node: SegmentNode, facts: Facts): boolean => {
  switch (node.kind) {
    case 'everyone':
      return true
    case 'all':
      return node.of.every((child) => evaluateNode(child, facts))
    case 'any':
      return node.of.some((child) => evaluateNode(child, facts))
    case 'not':
      return !evaluateNode(node.of, facts)
    case 'attribute':
      return evaluateField(node, facts.record)
    case 'event':
      return evaluateEvents(node, facts)
  }
}

const evaluateEvents = (node: EventNode, facts: Facts): boolean => {
  const { within, where, count } = node
  const matches = facts.events.filter(
    (event) =>
      event.name === node.event &&
      (within === undefined || (event.occurredAt > facts.now - within && event.occurredAt <= facts.now)) &&
      (where === undefined || evaluateNode(where, { ...facts, record: event.payload, events: [] })),
  ).length
  switch (count.operator) {
    case '>=':
      return matches >= count.value
    case '<=':
      return matches <= count.value
    case '=':
      return matches === count.value
  }
}

const evaluateField = (node: FieldNode, record: JsonObject): boolean => {
  const value = Object.hasOwn(record, node.field) ? record[node.field] : undefined
  if (value === undefined || !hasType(value, node.type)) return false
  if (node.operator === 'isSet') return true
  if (node.operator === 'in') {
    return Array.isArray(node.value) && node.value.some((operand: Json) => compare(node.type, value, operand) === 0)
  }
  if (node.value === undefined) return false
  const order = compare(node.type, value, node.value)
  if (order === null) return false
  if (node.operator === '=') return order === 0
  if (node.operator === '!=') return order !== 0
  if (node.type === 'boolean') return false
  switch (node.operator) {
    case '<':
      return order < 0
    case '<=':
      return order <= 0
    case '>':
      return order > 0
    case '>=':
      return order >= 0
  }
}

/** The JSON type only: dates and instants are strings, and were checked by the model when they came in. */
const hasType = (value: Json, type: FieldType): boolean => {
  if (type === 'list') return Array.isArray(value)
  if (type === 'number' || type === 'boolean') return typeof value === type
  return typeof value === 'string'
}

/** Null where the two cannot be compared: every operator is false then. `value` has the type already. */
const compare = (type: FieldType, value: Json, operand: Json): number | null => {
  if (type === 'list') return null
  if (type === 'instant') {
    return typeof operand === 'number' ? compareCodePoints(value as string, new Date(operand).toISOString()) : null
  }
  if (!hasType(operand, type)) return null
  if (typeof value === 'string') return compareCodePoints(value, operand as string)
  return Number(value) - Number(operand)
}
