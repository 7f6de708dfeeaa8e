import type { Json } from '../domain/json.ts'
import { describeExpression } from '../domain/reference/evaluate-expression.ts'
import type { Expression } from '../domain/reference/expression.ts'
import type { DeclaredTemplate } from './declared.ts'
import { invalidDefinition, isJson } from './invalid-definition.ts'
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
  const filled = Object.entries(shape).flatMap(([name, schema]) => {
    const at = `${path}.${name}`
    const reference = referenceData(props[name])
    if (reference !== null) return [[name, readReference(at, reference, readValueType(schema, at), origin)] as const]
    const parsed = schema.safeParse(props[name])
    if (!parsed.success) {
      const problem = props[name] === undefined ? 'is required' : parsed.error.issues[0]?.message
      throw invalidDefinition(at, `${problem} (template "${template.name}").`)
    }
    if (parsed.data === undefined) return []
    if (!isJson(parsed.data)) throw invalidDefinition(at, 'only JSON values can be stored.')
    return [[name, { kind: 'literal', value: parsed.data as Json }] as const]
  })
  return Object.fromEntries(filled)
}

const readReference = (path: string, reference: ReferenceData, wanted: ValueType, origin: symbol): Expression => {
  const { expression, type } = reference
  const name = describeExpression(expression)
  if ([...reference.origins].some((one) => one !== origin)) {
    throw invalidDefinition(path, `${name} belongs to another definition. Here only event.… is known.`)
  }
  if (isText(expression)) throw invalidDefinition(path, `format ${name} in the template, where the reader's language is known.`)
  if (!fits(type, wanted)) throw invalidDefinition(path, `${name} does not fit this prop.`)
  if (!type.isOptional) return expression
  if ('fallback' in wanted && wanted.fallback !== undefined) {
    return { kind: 'or', value: expression, fallback: { kind: 'literal', value: wanted.fallback } }
  }
  if (wanted.isOptional) return expression
  throw invalidDefinition(path, `${name} can be missing, the prop cannot. Give it a fallback: or(${name}, …).`)
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
