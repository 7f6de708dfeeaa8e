import * as z from 'zod'
import { sentenceOf } from '../domain/issue-sentence.ts'
import type { Json } from '../domain/json.ts'
import { describeExpression } from '../domain/reference/evaluate-expression.ts'
import type { Expression } from '../domain/reference/expression.ts'
import type { DeclaredTemplate } from './declared.ts'
import { invalidDefinition, isJson, mustBe } from './invalid-definition.ts'
import { type ReferenceData, referenceData } from './reference.ts'
import { readValueType, type ScalarType, type ValueType } from './value-type.ts'

/**
 * The props of a send as data: constants are checked by the template's schema, references by their type and origin. Missing,
 * unknown and unfit ones are refused with their path. The schema's defaults are filled in here, since steps know no schema.
 */
export const readFill = (
  path: string,
  template: DeclaredTemplate,
  props: { readonly [name: string]: unknown },
  origin: symbol,
): { readonly [name: string]: Expression } => {
  const shape = template.props?.shape ?? {}
  for (const name of Object.keys(props)) {
    if (!Object.hasOwn(shape, name)) throw invalidDefinition(`${path}.${name}`, `template "${template.name}" has no such prop.`)
  }
  const of = `template "${template.name}"`
  const filled = Object.entries(shape).flatMap(([name, schema]) => {
    const value = readProp({ path: `${path}.${name}`, schema, origin, of }, props[name])
    return value === null ? [] : [[name, value] as const]
  })
  return Object.fromEntries(filled)
}

/** A place for a value: a prop of a template, an attribute of the model. */
export interface Place {
  readonly path: string
  readonly schema: z.core.$ZodType
  /** Whose references may stand there. */
  readonly origin: symbol
  /** Whose place it is, for messages: `template "welcome"`. */
  readonly of: string
  /** A value that is missing then leaves the place as it is. Default false: only a place that may be empty takes one. */
  readonly canStay?: boolean
}

/** A constant or a reference; null where it is left out and may be. */
export const readProp = (place: Place, value: unknown): Expression | null => {
  const reference = referenceData(value)
  if (reference !== null) return readReference(place, reference)
  const constant = readOptional(place, value)
  return constant === undefined ? null : { kind: 'literal', value: constant }
}

/** A value that is known now and that the schema takes, its defaults filled in. */
export const readConstant = (place: Omit<Place, 'origin'>, value: unknown): Json => {
  const constant = readOptional(place, value)
  if (constant !== undefined) return constant
  throw invalidDefinition(place.path, `is required (${place.of}).`)
}

const readOptional = ({ path, schema, of }: Omit<Place, 'origin'>, value: unknown): Json | undefined => {
  const parsed = z.safeParse(schema, value, { error: sentenceOf })
  if (!parsed.success) {
    const problem = value === undefined ? 'is required' : parsed.error.issues[0]?.message.replace(/\.$/, '')
    throw invalidDefinition(path, `${problem} (${of}).`)
  }
  if (parsed.data === undefined || isJson(parsed.data)) return parsed.data as Json | undefined
  throw invalidDefinition(path, 'only JSON values can be stored.')
}

/** A value for the app's own code or another scenario, which no schema checks. A reference that is missing then is left out. */
export const readPayloadValue = (path: string, value: unknown, origin: symbol): Expression => {
  const reference = referenceData(value)
  if (reference !== null) {
    requireOwn(path, reference, origin)
    return reference.expression
  }
  if (isJson(value)) return { kind: 'literal', value: value as Json }
  throw mustBe(path, 'a JSON value or a reference such as event.total', value)
}

const requireOwn = (path: string, { expression, origins }: ReferenceData, origin: symbol): void => {
  const name = describeExpression(expression)
  if ([...origins].some((one) => one !== origin))
    throw invalidDefinition(path, `${name} belongs to another definition. Here only event.… is known.`)
  if (isText(expression)) throw invalidDefinition(path, `format ${name} in the template, where the reader's language is known.`)
}

const readReference = ({ path, schema, origin, canStay }: Place, reference: ReferenceData): Expression => {
  const { expression, type } = reference
  const wanted = readValueType(schema, path)
  const name = describeExpression(expression)
  requireOwn(path, reference, origin)
  if (!fits(type, wanted)) throw invalidDefinition(path, `${name} does not fit.`)
  if (!type.isOptional || canStay === true) return expression
  if ('fallback' in wanted && wanted.fallback !== undefined) {
    return { kind: 'or', value: expression, fallback: { kind: 'literal', value: wanted.fallback } }
  }
  if (wanted.isOptional) return expression
  throw invalidDefinition(path, `${name} can be missing, this cannot. Give it a fallback: or(${name}, …).`)
}

const fits = (type: ValueType, wanted: ValueType): boolean => {
  if (type.kind === 'list' && wanted.kind === 'list') return fits(type.item, wanted.item)
  if (type.kind === 'object' && wanted.kind === 'object') {
    return Object.entries(wanted.fields).every(([name, field]) => {
      const given = type.fields[name]
      return given === undefined ? field.isOptional : fits(given, field)
    })
  }
  if (type.kind !== 'list' && type.kind !== 'object' && wanted.kind !== 'list' && wanted.kind !== 'object') {
    return fitsScalar(type, wanted)
  }
  return false
}

const fitsScalar = (type: ScalarType, wanted: ScalarType): boolean => {
  if (wanted.values !== null) return type.values?.every((value) => wanted.values?.includes(value)) ?? false
  if (type.kind === wanted.kind) return true
  return wanted.kind === 'string' && (type.kind === 'date' || type.kind === 'instant')
}

const isText = (expression: Expression): boolean =>
  expression.kind === 'format' ||
  expression.kind === 'honorific' ||
  (expression.kind === 'or' && (isText(expression.value) || isText(expression.fallback)))
