import type { Json } from '../json.ts'
import type { Instant, LocalDate, Milliseconds } from '../time/instant.ts'

/** The schema class of an attribute or payload field; decides which operators it has. `list` is an array of scalars. */
export type FieldType = 'string' | 'number' | 'boolean' | 'date' | 'instant' | 'list'

export type FieldOperator = '=' | '!=' | 'in' | 'isSet' | '<' | '<=' | '>' | '>='

/**
 * A typed comparison. Two-valued: a missing, null or wrongly typed value makes every operator false; `!=` means set and
 * different. Strings compare by code point, dates as `YYYY-MM-DD` text, instants as milliseconds (operand stored as ms;
 * the value in the record is ISO-8601 text as the model's `z.iso.datetime` gives it, normalised to UTC `…Z` with ms).
 */
export interface FieldNode {
  readonly kind: 'attribute'
  readonly field: string
  readonly type: FieldType
  readonly operator: FieldOperator
  /** Absent for `isSet`; an array for `in`. */
  readonly value?: Json
}

/** Contacts that did `event` at least/at most/exactly `count.value` times in `(now − within, now]` (ever, without `within`). */
export interface EventNode {
  readonly kind: 'event'
  readonly event: string
  readonly within?: Milliseconds
  readonly count: { readonly operator: '>=' | '=' | '<='; readonly value: number }
  /** Condition on the payload: only `attribute` (fields of the payload), `all`, `any`, `not`. */
  readonly where?: SegmentNode
}

export interface AllNode {
  readonly kind: 'all'
  readonly of: readonly SegmentNode[]
}
export interface AnyNode {
  readonly kind: 'any'
  readonly of: readonly SegmentNode[]
}
export interface NotNode {
  readonly kind: 'not'
  readonly of: SegmentNode
}
export interface EveryoneNode {
  readonly kind: 'everyone'
}

/** A condition over contacts as data (design §7). `all` of nothing is true, `any` of nothing is false. */
export type SegmentNode = AllNode | AnyNode | NotNode | EveryoneNode | FieldNode | EventNode

/** What an evaluation is asked: the tree and the two clocks it may look at. */
export interface SegmentQuery {
  readonly tree: SegmentNode
  readonly now: Instant
  /** Today in the app's zone. */
  readonly today: LocalDate
}
