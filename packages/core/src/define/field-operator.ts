import type * as z from 'zod'

type Wrapper<I> = { readonly _zod: { readonly def: { readonly innerType: I } } }
type Format<F> = { readonly _zod: { readonly def: { readonly format: F } } }

/** The class of a schema that decides which operators a field has; `never`: data only. */
export type FieldClass<S> =
  S extends Wrapper<infer I>
    ? FieldClass<I>
    : S extends Format<'date'>
      ? 'date'
      : S extends Format<'datetime'>
        ? 'instant'
        : S extends z.core.$ZodType
          ? ClassOfOutput<z.output<S>>
          : never

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
  readonly list: 'isSet'
}

/** The operators of a field by its schema. */
export type OperatorOf<S> = OperatorsOf[FieldClass<S>]

/** What comes after the operator: nothing for `isSet`, a list for `in`. Dates are `YYYY-MM-DD`, instants a `Date` or ISO text. */
export type OperandOf<S extends z.core.$ZodType, Op> = Op extends 'isSet'
  ? []
  : Op extends 'in'
    ? [values: readonly Operand<S>[]]
    : [value: Operand<S>]

type Operand<S extends z.core.$ZodType> = FieldClass<S> extends 'instant' ? Date | string : NonNullable<z.output<S>>

/** Names of the fields that can be asked about. */
export type FieldName<Shape> = { [K in keyof Shape & string]: [FieldClass<Shape[K]>] extends [never] ? never : K }[keyof Shape &
  string]
