import type { Json } from '../domain/json.ts'
import { describeExpression } from '../domain/reference/evaluate-expression.ts'
import type { Expression } from '../domain/reference/expression.ts'
import { invalidDefinition } from './invalid-definition.ts'
import type { Recipient } from './recipient.ts'
import {
  createReference,
  type Printable,
  type Ref,
  type ReferenceData,
  type Refs,
  referenceData,
  requireReference,
} from './reference.ts'
import type { ScalarType, ValueType } from './value-type.ts'

type Missing = undefined | null
/** `'free' | 'pro'` may fall back to any text, a number only to a number. */
type Widened<T> = T extends string ? string : T extends number ? number : boolean

/** `value`, or `fallback` where it is missing or null. An empty text is not missing. */
export const or = <T extends Printable, const F extends Widened<T>>(
  value: Ref<T | Missing>,
  fallback: F | Ref<F>,
): Ref<T | F> => {
  const left = requireReference(value, 'or')
  const right = operand(fallback, 'or')
  requireScalar(left, 'or')
  if (family(left.type) !== family(right.type)) {
    throw invalidDefinition('or', `the fallback of ${describeExpression(left.expression)} must be a ${family(left.type)} too.`)
  }
  const values = left.type.values && right.type.values ? [...left.type.values, ...right.type.values] : null
  return combine(
    { kind: 'or', value: left.expression, fallback: right.expression },
    { kind: staysDate(left, right) ? left.type.kind : family(left.type), isOptional: right.type.isOptional, values },
    [left, right],
  )
}

/** True where both are there and the same; false where one is missing. */
export const eq = <T extends Printable>(value: Ref<T | Missing>, to: NoInfer<T> | Ref<NoInfer<T> | Missing>): Ref<boolean> => {
  const left = requireReference(value, 'eq')
  const right = operand(to, 'eq')
  requireScalar(left, 'eq')
  if (family(left.type) !== family(right.type)) {
    throw invalidDefinition(
      'eq',
      `${describeExpression(left.expression)} is a ${family(left.type)} and the other a ${family(right.type)}.`,
    )
  }
  return combine({ kind: 'eq', left: left.expression, right: right.expression }, truth, [left, right])
}

/** True where the value is there and not null. */
export const isSet = (value: Ref<unknown>): Ref<boolean> => {
  const data = requireReference(value, 'isSet')
  return combine({ kind: 'isSet', value: data.expression }, truth, [data])
}

/** The opposite of a condition. */
export const not = (condition: Ref<boolean>): Ref<boolean> => {
  const data = requireCondition(condition, 'not')
  return combine({ kind: 'not', value: data.expression }, truth, [data])
}

/** The salutation from the parts of the name: 「山田 花子 様」, 「株式会社飛石 御中」, 「お客様」 (facts §1). Never missing. */
export const honorific = (recipient: Refs<Recipient>, options: { readonly locale?: string } = {}): Ref<string> => {
  const name = requireReference(recipient?.name, 'honorific')
  if (describeExpression(name.expression) !== 'recipient.name') throw invalidDefinition('honorific', 'give it the recipient.')
  return combine({ kind: 'honorific', ...options }, text, [name])
}

/** 12,800. `digits` after the point, exactly. Locale: the reader's. */
export const formatNumber = <T extends number | Missing>(
  value: Ref<T>,
  options: { readonly digits?: number; readonly locale?: string } = {},
): Ref<string | Extract<T, Missing>> => format('number', value, ['number'], options)

/** 12,800円 in Japanese, ¥12,800 in English. Currency in ISO 4217, default `JPY`. Locale: the reader's. */
export const formatCurrency = <T extends number | Missing>(
  value: Ref<T>,
  options: { readonly currency?: string; readonly locale?: string } = {},
): Ref<string | Extract<T, Missing>> => {
  const { currency } = options
  if (currency !== undefined && !/^[A-Z]{3}$/.test(currency))
    throw invalidDefinition('formatCurrency', 'currency is a code such as JPY.')
  return format('currency', value, ['number'], options)
}

export interface DateFormat {
  /** `long` 2026年1月5日 (default), `short` 2026/1/5, `monthDay` 1月5日. */
  readonly style?: 'long' | 'short' | 'monthDay'
  /** Adds (月). */
  readonly weekday?: boolean
  /** Adds 10:00, to instants only. */
  readonly time?: boolean
  readonly locale?: string
  /** For instants. Default the reader's zone. */
  readonly timeZone?: string
}

/** A `z.iso.date()` or `z.iso.datetime()` for reading. Locale and zone: the reader's. */
export const formatDate = <T extends string | Missing>(
  value: Ref<T>,
  options: DateFormat = {},
): Ref<string | Extract<T, Missing>> => format('date', value, ['date', 'instant'], options as { readonly [key: string]: Json })

/** The data of a condition that is always true or false. */
export const requireCondition = (value: unknown, path: string): ReferenceData => {
  const data = requireReference(value, path)
  const name = describeExpression(data.expression)
  if (data.type.kind !== 'boolean') throw invalidDefinition(path, `${name} is no condition. Use eq(…) or isSet(…).`)
  if (data.type.isOptional) throw invalidDefinition(path, `${name} can be missing. Use eq(…, true) or or(…, false).`)
  return data
}

const truth: ScalarType = { kind: 'boolean', isOptional: false, values: null }
const text: ScalarType = { kind: 'string', isOptional: false, values: null }

const combine = <T>(expression: Expression, type: ValueType, of: readonly ReferenceData[]): Ref<T> =>
  createReference<T>({ expression, type, origins: new Set(of.flatMap((data) => [...data.origins])) })

const format = <T>(
  kind: 'number' | 'currency' | 'date',
  value: unknown,
  accepts: readonly ValueType['kind'][],
  options: { readonly [key: string]: Json },
): Ref<T> => {
  const data = requireReference(value, `format ${kind}`)
  if (!accepts.includes(data.type.kind)) {
    throw invalidDefinition(
      `format ${kind}`,
      `${describeExpression(data.expression)} is a ${data.type.kind}, not a ${accepts.join(' or ')}.`,
    )
  }
  requireIntlNames(kind, options)
  return combine(
    { kind: 'format', format: kind, value: data.expression, options },
    { ...text, isOptional: data.type.isOptional },
    [data],
  )
}

/** Intl throws on names that it does not know: at definition, not at the thousandth mail. */
const requireIntlNames = (kind: string, options: { readonly [key: string]: Json }): void => {
  const { locale, timeZone, digits } = options
  try {
    new Intl.DateTimeFormat(locale as string | undefined, { timeZone: timeZone as string | undefined })
    new Intl.NumberFormat('en', {
      minimumFractionDigits: digits as number | undefined,
      maximumFractionDigits: digits as number | undefined,
    })
  } catch {
    throw invalidDefinition(`format ${kind}`, 'a locale, time zone or number of digits that does not exist.')
  }
}

const operand = (value: unknown, path: string): ReferenceData & { readonly type: ScalarType } => {
  const data = referenceData(value)
  if (data !== null) {
    requireScalar(data, path)
    return data
  }
  if (typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) {
    const type: ScalarType = { kind: typeof value as 'string' | 'number' | 'boolean', isOptional: false, values: [value] }
    return { expression: { kind: 'literal', value }, type, origins: new Set() }
  }
  throw invalidDefinition(path, 'the second argument is a text, a number, true, false or a reference.')
}

function requireScalar(data: ReferenceData, path: string): asserts data is ReferenceData & { readonly type: ScalarType } {
  if (data.type.kind === 'list' || data.type.kind === 'object') {
    throw invalidDefinition(
      path,
      `${describeExpression(data.expression)} is a ${data.type.kind}. Use each(…) or one of its fields.`,
    )
  }
}

/** A date with a fallback that is none, as 「未定」, is a text from then on. */
const staysDate = (left: { readonly type: ScalarType }, right: ReferenceData): boolean => {
  if (left.type.kind === right.type.kind) return true
  const { expression } = right
  return (
    expression.kind === 'literal' &&
    typeof expression.value === 'string' &&
    /^\d{4}-\d{2}-\d{2}(?:T.*(?:Z|[+-]\d\d:\d\d))?$/.test(expression.value)
  )
}

const family = (type: ScalarType): 'string' | 'number' | 'boolean' =>
  type.kind === 'number' || type.kind === 'boolean' ? type.kind : 'string'
