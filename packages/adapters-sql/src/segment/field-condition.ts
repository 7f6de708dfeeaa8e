import type { FieldNode, Json } from '@tobiishi/core/ports'
import { type RawBuilder, sql } from 'kysely'
import type { DocumentField, ListElement } from '../dialect.ts'
import { storableText } from '../json-text.ts'
import type { SqlBuilder } from '../sql-builder.ts'

type Condition = RawBuilder<unknown>

/** One comparison with a field of `document`; false wherever it is missing, null or of another JSON type, save for `isEmpty`. */
export const fieldCondition = (b: SqlBuilder, node: FieldNode, document: Condition): Condition => {
  const field = b.dialect.field(document, node.field)
  if (node.type === 'list') return listCondition(node, field)
  const value = node.type === 'number' ? field.number : node.type === 'boolean' ? field.boolean : field.text
  if (node.operator === 'isSet') return sql`(${value} is not null)`
  if (node.operator === 'in') return oneOf(node, value)
  const operand = node.value === undefined ? null : operandOf(node, node.value)
  if (operand === null || !comparisons.has(node.operator)) return never
  if (node.type === 'boolean' && node.operator !== '=' && node.operator !== '!=') return never
  return sql`coalesce(${value} ${sql.raw(node.operator === '!=' ? '<>' : node.operator)} ${operand}, false)`
}

const never = sql`false`

const comparisons: ReadonlySet<FieldNode['operator']> = new Set(['=', '!=', '<', '<=', '>', '>='])

const listCondition = ({ operator, value }: FieldNode, field: DocumentField): Condition => {
  if (operator === 'isSet') return field.isList
  if (operator === 'isEmpty') return sql`not (${field.isFilledList})`
  if (operator === 'has') return isElement(value) ? field.hasAll([storableElement(value)]) : never
  if (!isList(value)) return never
  const elements = value.filter(isElement).map(storableElement)
  if (operator === 'hasAny') return elements.length === 0 ? never : field.hasAny(elements)
  return operator === 'hasAll' && elements.length === value.length ? field.hasAll(elements) : never
}

const isElement = (value: Json | undefined): value is ListElement =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'

const storableElement = (element: ListElement): ListElement => (typeof element === 'string' ? storableText(element) : element)

const oneOf = (node: FieldNode, value: Condition): Condition => {
  const operands = isList(node.value) ? node.value.flatMap((one) => operandOf(node, one) ?? []) : []
  return operands.length === 0 ? never : sql`coalesce(${value} in (${sql.join(operands)}), false)`
}

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value)

/** The operand as SQL; null where it has another type than the field, so that nothing can be compared. */
const operandOf = ({ type }: FieldNode, value: Json): Condition | null => {
  switch (type) {
    case 'number':
      return typeof value === 'number' ? sql`cast(${value} as double precision)` : null
    case 'boolean':
      return typeof value === 'boolean' ? (value ? sql`true` : sql`false`) : null
    case 'instant':
      return typeof value === 'number' ? sql`cast(${new Date(value).toISOString()} as text)` : null
    case 'string':
    case 'date':
      return typeof value === 'string' ? sql`cast(${storableText(value)} as text)` : null
    case 'list':
      return null
  }
}
