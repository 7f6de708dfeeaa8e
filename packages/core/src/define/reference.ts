import { describeExpression } from '../domain/reference/evaluate-expression.ts'
import type { Expression, ReferenceScope } from '../domain/reference/expression.ts'
import { invalidDefinition } from './invalid-definition.ts'
import type { ObjectType, ScalarType, ValueType } from './value-type.ts'

/** What can stand in a text or be compared. */
export type Printable = string | number | boolean

/**
 * A value known later, per message or per enrolment. `T` is its type; one that can be missing cannot be printed or given to a
 * required prop until `or(…)` gives it a fallback.
 */
export interface Ref<out T> {
  readonly '~ref': T
}

/** References to the fields of an object. Fields of an optional object are optional themselves. */
export type Refs<T, Missing = never> = { readonly [K in keyof T & string]-?: RefTo<T[K], Missing> }

/** The reference to one value: of a scalar or a list a `Ref`, of an object its fields and the `Ref` in one. */
export type RefTo<T, Missing = never> = [NonNullable<T>] extends [Printable | readonly unknown[]]
  ? Ref<T | Missing>
  : [NonNullable<T>] extends [object]
    ? Refs<NonNullable<T>, Missing | Extract<T, undefined | null>> & Ref<T | Missing>
    : Ref<T | Missing>

/** What a reference holds behind its type. */
export interface ReferenceData {
  readonly expression: Expression
  readonly type: ValueType
  /** The definition and the loops whose references these are: outside of them they mean nothing. */
  readonly origins: ReadonlySet<symbol>
}

const dataOf = new WeakMap<object, ReferenceData>()

/** The data of a reference; null for anything else. */
export const referenceData = (value: unknown): ReferenceData | null =>
  typeof value === 'object' && value !== null ? (dataOf.get(value) ?? null) : null

/** The data of a reference; anything else is refused with `path`. */
export const requireReference = (value: unknown, path: string): ReferenceData => {
  const data = referenceData(value)
  if (data !== null) return data
  throw invalidDefinition(path, `expected a reference such as contact.company, got ${nameOf(value)}.`)
}

const nameOf = (value: unknown): string =>
  value === undefined ? 'undefined: there is no such value' : value === null ? 'null' : `a ${typeof value}`

/** A reference with this data. Made into text outside of a tag it throws, since its value is not known yet. */
export const createReference = <T>(data: ReferenceData): Ref<T> => {
  const reference = Object.freeze({
    toString: () => {
      const name = describeExpression(data.expression)
      throw invalidDefinition(name, 'a reference has no value yet. Put it into a line, mjml or text tag.')
    },
    toJSON: () => data.expression,
  })
  dataOf.set(reference, data)
  return reference as unknown as Ref<T>
}

/** Where references start: scope and path so far, whose they are, and the name that messages use. */
export interface ReferenceRoot {
  readonly scope: ReferenceScope
  readonly path: readonly string[]
  readonly origins: ReadonlySet<symbol>
  /** `template "welcome"`. */
  readonly owner: string
}

/** References to the fields of `type`, nested ones included. A name that is not there throws `definition.unknown_reference`. */
export const createReferences = <T>(type: ObjectType, root: ReferenceRoot): Refs<T> => {
  const fields = Object.entries(type.fields).map(([name, field]) => {
    const inherited = type.isOptional ? { ...field, isOptional: true } : field
    return [name, referenceTo(inherited, { ...root, path: [...root.path, name] })] as const
  })
  return guarded(Object.fromEntries(fields), root) as Refs<T>
}

/** The reference to one value of any type. */
export const referenceTo = (type: ValueType, root: ReferenceRoot): object => {
  const expression = { kind: 'reference', scope: root.scope, path: root.path } as const
  if (type.kind !== 'object') return createReference(withFallback({ expression, type, origins: root.origins }))
  const fields = createReferences(type, root)
  dataOf.set(fields, { expression, type, origins: root.origins })
  return fields
}

/** An attribute added to the model later is missing on older contacts: its default is part of the reference. */
const withFallback = (data: ReferenceData): ReferenceData => {
  const { fallback } = data.type as ScalarType
  if (fallback === undefined) return data
  return { ...data, expression: { kind: 'or', value: data.expression, fallback: { kind: 'literal', value: fallback } } }
}

const guarded = (fields: { readonly [name: string]: object }, root: ReferenceRoot): object =>
  new Proxy(Object.freeze(fields), {
    get: (target, key) => {
      if (typeof key === 'symbol' || key === 'toJSON') return undefined
      if (Object.hasOwn(target, key)) return target[key]
      const path = [root.scope, ...root.path, key].join('.')
      const known = Object.keys(target).join(', ') || 'none'
      throw invalidDefinition(root.owner, `${path} does not exist. Known here: ${known}.`, 'definition.unknown_reference')
    },
  })
