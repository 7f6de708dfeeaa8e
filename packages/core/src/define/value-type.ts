import type * as z from 'zod'
import type { Json } from '../domain/json.ts'
import { fieldNameRule, isFieldName } from '../domain/name.ts'
import type { FieldType } from '../domain/segment/segment-node.ts'
import { invalidDefinition } from './invalid-definition.ts'

/** What a schema says of a value, as far as references, segments and storages need to know. */
export type ValueType = ScalarType | ListType | ObjectType

export interface ScalarType {
  readonly kind: 'string' | 'number' | 'boolean' | 'date' | 'instant'
  /** May be missing or null after parsing. */
  readonly isOptional: boolean
  /** The values of an enum or literal; null: any. */
  readonly values: readonly Json[] | null
  /** What a missing value stands for. */
  readonly fallback?: Json
}
export interface ListType {
  readonly kind: 'list'
  readonly isOptional: boolean
  readonly item: ValueType
}
export interface ObjectType {
  readonly kind: 'object'
  readonly isOptional: boolean
  readonly fields: { readonly [name: string]: ValueType }
}

const supported =
  'Use string, enum, number, boolean, z.iso.date(), z.iso.datetime() or arrays of these, optional or nullable, without transforms.'

/**
 * Reads a schema that is made of JSON's types. Throws `definition.invalid` with the path where it finds anything else: a
 * transform, a `z.date()`, a union, a record.
 */
export const readValueType = (schema: z.core.$ZodType, path: string): ValueType => {
  const { core, isOptional, fallback } = unwrap(schema)
  const { def } = core._zod
  switch (def.type) {
    case 'array':
      return { kind: 'list', isOptional, item: readItem((def as z.core.$ZodArrayDef).element, `${path}[]`) }
    case 'object':
      return { ...readObjectType(core as z.core.$ZodObject, path), isOptional }
    default: {
      const scalar = { ...readScalar(core, path), isOptional }
      return fallback === undefined ? scalar : { ...scalar, fallback }
    }
  }
}

/** Reads an object schema field by field. Loose objects are refused: what they let in has no type. */
export const readObjectType = (schema: z.core.$ZodObject, path: string): ObjectType => {
  const { catchall, shape } = schema._zod.def
  if (catchall !== undefined && catchall._zod.def.type !== 'never') {
    throw invalidDefinition(path, 'a loose object takes fields without a type. Use z.object().')
  }
  const fields = Object.entries(shape).map(([name, field]) => {
    requireFieldName(`${path}.${name}`, name)
    return [name, readValueType(field, `${path}.${name}`)] as const
  })
  return { kind: 'object', isOptional: false, fields: Object.fromEntries(fields) }
}

/** The fields that a segment can ask about: scalars and lists of scalars. Objects and lists of objects are data only. */
export const fieldTypesOf = (type: ObjectType): { readonly [field: string]: FieldType } =>
  Object.fromEntries(
    Object.entries(type.fields).flatMap(([name, field]) => {
      if (field.kind === 'object') return []
      if (field.kind === 'list' && (field.item.kind === 'object' || field.item.kind === 'list')) return []
      return [[name, field.kind] as const]
    }),
  )

/** The schema of the elements, of a schema of lists; null: it is none. */
export const elementOf = (schema: z.core.$ZodType): z.core.$ZodType | null => {
  const { core } = unwrap(schema)
  return core._zod.def.type === 'array' ? (core._zod.def as z.core.$ZodArrayDef).element : null
}

const requireFieldName = (path: string, name: string): void => {
  if (!isFieldName(name)) throw invalidDefinition(path, fieldNameRule)
}

const readItem = (schema: z.core.$ZodType, path: string): ValueType => {
  const item = readValueType(schema, path)
  if (item.isOptional) throw invalidDefinition(path, 'a list cannot have missing elements. Make the list optional instead.')
  if (item.kind === 'list') throw invalidDefinition(path, 'a list cannot hold lists. Use objects.')
  return item
}

const readScalar = (schema: z.core.$ZodType, path: string): Omit<ScalarType, 'isOptional' | 'fallback'> => {
  const def = schema._zod.def as z.core.$ZodTypeDef & { readonly format?: string; readonly local?: boolean }
  switch (def.type) {
    case 'string':
      if (def.format === 'datetime' && def.local === true) {
        throw invalidDefinition(path, 'a local date-time is no point in time. Use z.iso.datetime({ offset: true }).')
      }
      return { kind: stringKinds[def.format ?? ''] ?? 'string', values: null }
    case 'number':
    case 'boolean':
      return { kind: def.type, values: null }
    case 'enum':
    case 'literal':
      return readValues([...(schema._zod.values ?? [])], path)
    default:
      throw invalidDefinition(path, `${def.type} is not supported here. ${supported}`)
  }
}

const stringKinds: { readonly [format: string]: 'date' | 'instant' } = { date: 'date', datetime: 'instant' }

const readValues = (values: readonly unknown[], path: string): Omit<ScalarType, 'isOptional' | 'fallback'> => {
  const kinds = new Set(values.map((value) => typeof value))
  const [kind] = kinds
  if (kinds.size !== 1 || (kind !== 'string' && kind !== 'number' && kind !== 'boolean')) {
    throw invalidDefinition(path, 'all values of an enum must be strings, or all numbers, or all booleans.')
  }
  return { kind, values: values as readonly Json[] }
}

/** Takes off the wrappers from outside in. Below a default nothing is missing any more, but it can still be null. */
const unwrap = (schema: z.core.$ZodType) => {
  let core = schema
  let isOptional = false
  let fallback: Json | undefined
  for (;;) {
    const def = core._zod.def as z.core.$ZodTypeDef & { readonly innerType?: z.core.$ZodType; readonly defaultValue?: unknown }
    if (def.innerType === undefined || !wrappers.has(def.type)) return { core, isOptional, fallback }
    if (def.type === 'nullable' || (def.type === 'optional' && fallback === undefined)) isOptional = true
    if (def.type === 'default' || def.type === 'prefault') fallback = def.defaultValue as Json
    core = def.innerType
  }
}

const wrappers = new Set(['optional', 'nullable', 'default', 'prefault', 'readonly', 'nonoptional'])
