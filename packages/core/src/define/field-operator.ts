import type * as z from 'zod'

type Wrapper<I> = { readonly _zod: { readonly def: { readonly innerType: I } } }
type ListOf<E> = { readonly _zod: { readonly def: { readonly element: E } } }
type Format<F> = { readonly _zod: { readonly def: { readonly format: F } } }

/** The class of a schema that decides which operators a field has; `never`: data only. */
export type FieldClass<S> =
  S extends Wrapper<infer I>
    ? FieldClass<I>
    : S extends Format<'date'>
      ? 'date'
      : S extends Format<'datetime'>
        ? 'instant'
        : S extends z.core.$ZodType & ListOf<infer E>
          ? ClassOfList<E, z.output<S>>
          : S extends z.core.$ZodType
            ? ClassOfOutput<z.output<S>>
            : never

type ClassOfList<E, T> = 'instant' extends FieldClass<E> ? 'instants' : ClassOfOutput<T>

type ClassOfOutput<T> = [T] extends [string]
  ? 'string'
  : [T] extends [number]
    ? 'number'
    : [T] extends [boolean]
      ? 'boolean'
      : [T] extends [readonly (string | number | boolean)[]]
        ? 'list'
        : never

interface OperatorsOf {
  readonly string: '=' | '!=' | 'in' | 'isSet'
  readonly number: '=' | '!=' | 'in' | 'isSet' | '<' | '<=' | '>' | '>='
  readonly boolean: '=' | '!=' | 'isSet'
  readonly date: '=' | '!=' | 'in' | 'isSet' | '<' | '<=' | '>' | '>='
  readonly instant: '=' | '!=' | 'in' | 'isSet' | '<' | '<=' | '>' | '>='
  readonly list: 'isSet' | 'isEmpty' | 'has' | 'hasAny' | 'hasAll'
  /** A list of them: what it holds cannot be asked, because one instant is spelt in many ways. */
  readonly instants: 'isSet' | 'isEmpty'
}

/** The operators of a field by its schema. */
export type OperatorOf<S> = OperatorsOf[FieldClass<S>]

/**
 * What comes after the operator: nothing for `isSet` and `isEmpty`, a list for `in`, `hasAny` and `hasAll`, else one value; of
 * lists an element. Dates are `YYYY-MM-DD`, instants a `Date` or ISO text.
 */
export type OperandOf<S extends z.core.$ZodType, Op> = Op extends 'isSet' | 'isEmpty'
  ? []
  : Op extends 'in' | 'hasAny' | 'hasAll'
    ? [values: readonly Operand<S>[]]
    : [value: Operand<S>]

type Operand<S extends z.core.$ZodType> = FieldClass<S> extends 'instant' ? Date | string : ElementIn<NonNullable<z.output<S>>>
type ElementIn<T> = T extends readonly (infer E)[] ? E : T

/** Names of the fields that can be asked about. */
export type FieldName<Shape> = { [K in keyof Shape & string]: [FieldClass<Shape[K]>] extends [never] ? never : K }[keyof Shape &
  string]
