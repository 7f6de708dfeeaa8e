import type { Json } from '../json.ts'

export type ReferenceScope = 'contact' | 'recipient' | 'props' | 'event' | 'item'

/**
 * A value known only per message or per enrolment, as data: what templates and scenarios hold instead of closures, and
 * what is stored in a scenario version.
 */
export type Expression =
  | { readonly kind: 'literal'; readonly value: Json }
  | { readonly kind: 'reference'; readonly scope: ReferenceScope; readonly path: readonly string[] }
  | { readonly kind: 'or'; readonly value: Expression; readonly fallback: Expression }
  | { readonly kind: 'eq'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'isSet'; readonly value: Expression }
  | { readonly kind: 'not'; readonly value: Expression }
  | { readonly kind: 'honorific'; readonly locale?: string }
  | {
      readonly kind: 'format'
      readonly format: 'number' | 'currency' | 'date'
      readonly value: Expression
      readonly options?: { readonly [key: string]: Json }
    }

/** The values that references read, one record a scope. */
export type Scope = { readonly [S in ReferenceScope]?: unknown }
