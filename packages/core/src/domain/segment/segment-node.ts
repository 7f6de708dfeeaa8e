import type { Json } from '../json.ts'
import type { Instant, LocalDate, Milliseconds } from '../time/instant.ts'

/** The schema class of an attribute or payload field; decides which operators it has. `list` is an array of scalars. */
export type FieldType = 'string' | 'number' | 'boolean' | 'date' | 'instant' | 'list'

export type FieldOperator = '=' | '!=' | 'in' | 'isSet' | '<' | '<=' | '>' | '>=' | ListOperator

/** What asks about the elements of a list. */
export type ListOperator = 'has' | 'hasAny' | 'hasAll' | 'isEmpty'

/**
 * A typed comparison. Two-valued: a missing, null or wrongly typed value makes every operator false, `isSet` too; `!=` means
 * set and different. The type guard is the JSON type alone: text for `string`, `date` and `instant`. Strings compare by code
 * point, dates as `YYYY-MM-DD` text. Instants: the operand is stored as ms; the record holds ISO-8601 text normalised to UTC
 * with ms (`normaliseRecord`), and the comparison is of that text with the operand's `toISOString()`, by code point.
 * Booleans have `= != isSet`.
 *
 * Lists have `isSet`, `has` (one element), `hasAny`, `hasAll` and `isEmpty`. Elements are text, numbers or booleans and equal by
 * JSON type and value; dates are their text. Instants in lists cannot be asked for: nothing brings them into one form. `isEmpty`
 * is the exception to the rule above: true wherever no element stands, so where the list is missing, null or no list, too.
 */
export interface FieldNode {
  readonly kind: 'attribute'
  readonly field: string
  readonly type: FieldType
  readonly operator: FieldOperator
  /** Absent for `isSet` and `isEmpty`; an array for `in`, `hasAny` and `hasAll`. */
  readonly value?: Json
}

/**
 * Contacts that did `event` at least, at most or exactly `count.value` times in `(now − within, now]`; ever, without `within`,
 * and then without an upper bound too.
 */
export interface EventNode {
  readonly kind: 'event'
  readonly event: string
  readonly within?: Milliseconds
  readonly count: { readonly operator: '>=' | '=' | '<='; readonly value: number }
  /** Condition on the payload: only `attribute` (fields of the payload), `all`, `any`, `not`. */
  readonly where?: SegmentNode
}

/**
 * Contacts with at least, at most or exactly `count.value` mails that were sent to them, that they opened or in which they clicked,
 * in `(now − within, now]`; ever, without `within`, and then without an upper bound too. Opens and clicks of people only, each mail
 * once, by its first one; a click is an open. Sent: handed over for certain, at that time.
 */
export interface MessageNode {
  readonly kind: 'message'
  readonly did: 'sent' | 'opened' | 'clicked'
  readonly within?: Milliseconds
  readonly count: { readonly operator: '>=' | '=' | '<='; readonly value: number }
  /** Only mail of this scenario. Default any mail, broadcasts too. */
  readonly scenario?: string
  /** Only mail of this step; needs `scenario`. */
  readonly step?: string
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
export type SegmentNode = AllNode | AnyNode | NotNode | EveryoneNode | FieldNode | EventNode | MessageNode

/** What an evaluation is asked: the tree and the two clocks it may look at. */
export interface SegmentQuery {
  readonly tree: SegmentNode
  readonly now: Instant
  /** Today in the app's zone. */
  readonly today: LocalDate
}
