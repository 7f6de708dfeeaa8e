import type { Json, JsonObject } from '../json.ts'
import { compareCodePoints } from './code-point-order.ts'
import { isElement } from './list-elements.ts'
import type { FieldNode, FieldType } from './segment-node.ts'

/** Whether a field of a record fits; false wherever it is missing, null or of another JSON type, save for `isEmpty`. */
export const evaluateField = (node: FieldNode, record: JsonObject): boolean => {
  const value = Object.hasOwn(record, node.field) ? record[node.field] : undefined
  if (node.type === 'list') return evaluateList(node, value)
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
    case 'has':
    case 'hasAny':
    case 'hasAll':
    case 'isEmpty':
      return false
  }
}

const evaluateList = ({ operator, value: operand }: FieldNode, value: Json | undefined): boolean => {
  const elements = isList(value) ? value : null
  if (operator === 'isEmpty') return elements === null || elements.length === 0
  if (elements === null || operator === 'isSet') return elements !== null
  const holds = (one: Json) => isElement(one) && elements.includes(one)
  if (operator === 'has') return operand !== undefined && holds(operand)
  if (!isList(operand)) return false
  if (operator === 'hasAny') return operand.some(holds)
  return operator === 'hasAll' && operand.every(holds)
}

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value)

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
