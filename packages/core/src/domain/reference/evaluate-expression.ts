import { TobiishiError } from '../../errors/index.ts'
import type { ContactName } from '../contact/contact.ts'
import type { Json } from '../json.ts'
import type { Expression, Scope } from './expression.ts'
import { type FormatContext, formatCurrencyValue, formatDateValue, formatNumberValue } from './format-value.ts'
import { salutation } from './honorific.ts'

/**
 * The value of an expression. A missing or null value is `undefined`, for the caller to refuse or leave out; `or` replaces it,
 * `eq` is false on it, `isSet` tells of it, `not` of it is true, formats pass it on. Paths read own properties only. Formats
 * and the salutation use the reader's locale and zone: `scope.recipient`, unless the expression says otherwise.
 * Throws `render.failed` (path, never the value) where a format gets a value of the wrong type.
 */
export const evaluateExpression = (expression: Expression, scope: Scope): Json | undefined => {
  switch (expression.kind) {
    case 'literal':
      return expression.value ?? undefined
    case 'reference':
      return read(scope[expression.scope], expression.path)
    case 'or':
      return evaluateExpression(expression.value, scope) ?? evaluateExpression(expression.fallback, scope)
    case 'eq':
      return isEqual(evaluateExpression(expression.left, scope), evaluateExpression(expression.right, scope))
    case 'isSet':
      return evaluateExpression(expression.value, scope) !== undefined
    case 'not':
      return evaluateExpression(expression.value, scope) !== true
    case 'honorific':
      return salutation(recipientName(scope), expression.locale ?? readerOf(scope).locale)
    case 'format':
      return format(expression, scope)
  }
}

/** The path of the value that an expression is about, for messages: `contact.company`. */
export const describeExpression = (expression: Expression): string => {
  switch (expression.kind) {
    case 'literal':
      return 'a constant'
    case 'reference':
      return [expression.scope, ...expression.path].join('.')
    case 'honorific':
      return 'recipient.name'
    case 'eq':
      return describeExpression(expression.left)
    default:
      return describeExpression(expression.value)
  }
}

const read = (root: unknown, path: readonly string[]): Json | undefined => {
  let value = root
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Record<string, unknown>)[key]
  }
  return (value as Json | undefined) ?? undefined
}

const isEqual = (left: Json | undefined, right: Json | undefined): boolean => left !== undefined && left === right

const format = (expression: Extract<Expression, { kind: 'format' }>, scope: Scope): string | undefined => {
  const value = evaluateExpression(expression.value, scope)
  if (value === undefined) return undefined
  const options = expression.options ?? {}
  const reader = readerOf(scope)
  const context: FormatContext = {
    locale: typeof options.locale === 'string' ? options.locale : reader.locale,
    timeZone: typeof options.timeZone === 'string' ? options.timeZone : reader.timeZone,
  }
  const formatted = applyFormat(expression.format, value, options, context)
  if (formatted !== null) return formatted
  const path = describeExpression(expression.value)
  throw new TobiishiError('render.failed', `${path} cannot be shown as a ${expression.format}: the value has another type.`, {
    details: { path, format: expression.format },
  })
}

const applyFormat = (
  kind: 'number' | 'currency' | 'date',
  value: Json,
  options: { readonly [key: string]: Json },
  context: FormatContext,
): string | null => {
  if (kind === 'date') return typeof value === 'string' ? formatDateValue(value, options, context) : null
  if (typeof value !== 'number') return null
  return kind === 'number' ? formatNumberValue(value, options, context) : formatCurrencyValue(value, options, context)
}

/** Who reads the mail; Japanese and UTC where the scope has no recipient. */
const readerOf = (scope: Scope): FormatContext => ({
  locale: stringOf(read(scope.recipient, ['locale'])) ?? 'ja',
  timeZone: stringOf(read(scope.recipient, ['timeZone'])) ?? 'UTC',
})

const recipientName = (scope: Scope): ContactName => {
  const name = read(scope.recipient, ['name'])
  return typeof name === 'object' && name !== null && !Array.isArray(name) ? (name as ContactName) : {}
}

const stringOf = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined)
