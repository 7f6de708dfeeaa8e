import type { Json } from '../domain/json.ts'
import type { FieldNode, FieldOperator, FieldType } from '../domain/segment/segment-node.ts'
import { invalidDefinition } from './invalid-definition.ts'
import { fieldTypesOf, type ObjectType, type ValueType } from './value-type.ts'

const ordered: readonly FieldOperator[] = ['=', '!=', 'in', 'isSet', '<', '<=', '>', '>=']

const takesNothing: ReadonlySet<FieldOperator> = new Set(['isSet', 'isEmpty'])
const takesList: ReadonlySet<FieldOperator> = new Set(['in', 'hasAny', 'hasAll'])

const operatorsOf: { readonly [T in FieldType]: readonly FieldOperator[] } = {
  string: ['=', '!=', 'in', 'isSet'],
  number: ordered,
  boolean: ['=', '!=', 'isSet'],
  date: ordered,
  instant: ordered,
  list: ['has', 'hasAny', 'hasAll', 'isEmpty', 'isSet'],
}

/** The node of `attribute('plan', '=', 'pro')`, checked for callers without types too. */
export const createFieldNode = (
  owner: string,
  record: ObjectType,
  field: string,
  operator: string,
  operands: readonly unknown[],
): FieldNode => {
  const path = `${owner}, "${field}"`
  const types = fieldTypesOf(record)
  const type = Object.hasOwn(types, field) ? types[field] : undefined
  const value = record.fields[field]
  if (type === undefined || value === undefined) {
    const known = Object.keys(types).join(', ') || 'none'
    throw invalidDefinition(path, `there is no such field to ask about. Known: ${known}.`, 'definition.unknown_attribute')
  }
  const known = readOperator(path, type, value, operator)
  const isAlone = takesNothing.has(known)
  if (operands.length !== (isAlone ? 0 : 1))
    throw invalidDefinition(path, `${known} takes ${isAlone ? 'no' : 'one'} value.`, 'segment.invalid')
  const node = { kind: 'attribute', field, type, operator: known } as const
  if (isAlone) return node
  const [operand] = operands
  const compared = value.kind === 'list' ? value.item : value
  if (!takesList.has(known)) return { ...node, value: readOperand(path, compared, operand) }
  if (!Array.isArray(operand)) throw invalidDefinition(path, `${known} takes a list of values.`, 'segment.invalid')
  return { ...node, value: operand.map((one: unknown) => readOperand(path, compared, one)) }
}

const readOperator = (path: string, type: FieldType, value: ValueType, operator: string): FieldOperator => {
  const isListOfInstants = value.kind === 'list' && value.item.kind === 'instant'
  const possible = isListOfInstants ? (['isEmpty', 'isSet'] as const) : operatorsOf[type]
  const known = possible.find((one) => one === operator)
  if (known !== undefined) return known
  throw invalidDefinition(
    path,
    `${JSON.stringify(operator)} is not for a ${isListOfInstants ? 'list of instants' : type}. Use ${possible.join(' ')}.`,
    'segment.invalid',
  )
}

const readOperand = (path: string, type: ValueType, operand: unknown): Json => {
  if (type.kind === 'instant') return readInstant(path, operand)
  if (type.kind === 'date') return readDate(path, operand)
  if (type.kind === 'list' || type.kind === 'object' || typeof operand !== type.kind) {
    throw invalidDefinition(path, `compares with a ${type.kind}, not with a ${typeof operand}.`, 'segment.invalid')
  }
  const value = operand as string | number | boolean
  if (type.values !== null && !type.values.includes(value)) {
    throw invalidDefinition(
      path,
      `can never be ${JSON.stringify(value)}. Its values: ${type.values.join(', ')}.`,
      'segment.invalid',
    )
  }
  return value
}

const readInstant = (path: string, operand: unknown): number => {
  const hasZone = typeof operand === 'string' && /T.*(?:Z|[+-]\d\d:?\d\d)$/.test(operand)
  const at = operand instanceof Date ? operand.getTime() : hasZone ? Date.parse(operand) : Number.NaN
  if (Number.isNaN(at))
    throw invalidDefinition(path, 'compares with a Date or with ISO text that has an offset.', 'segment.invalid')
  return at
}

const readDate = (path: string, operand: unknown): string => {
  if (typeof operand === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(operand)) {
    const at = new Date(`${operand}T00:00:00Z`)
    if (!Number.isNaN(at.getTime()) && at.toISOString().startsWith(operand)) return operand
  }
  throw invalidDefinition(path, 'compares with a date, written 2026-01-31.', 'segment.invalid')
}
