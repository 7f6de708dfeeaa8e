import type * as z from 'zod'
import type { Json } from '../domain/json.ts'
import type { LatePolicy } from '../domain/scenario/scenario-definition.ts'
import type { DeclaredSegment } from './declared.ts'
import type { AnyEventCondition, Events } from './event-condition.ts'
import type { FieldClass } from './field-operator.ts'
import type { MailCondition } from './mail-condition.ts'
import type { Ref } from './reference.ts'
import type { ElapsedSpan } from './span.ts'
import type { Step } from './step.ts'
import type { Fields } from './template.ts'
import type { WaitInput } from './wait-input.ts'

/** Props as `send` takes them: constants, or references to what the event brought. */
export type Fill<P> = { readonly [K in keyof P]: P[K] | Ref<P[K]> }

export interface SendOptions {
  /** How late the mail may be, a day being 24 hours. Default `24 hours`. */
  readonly sendWithin?: ElapsedSpan
  /** What happens when it is later: leave this mail out and go on (default), send it all the same, or end the enrolment. */
  readonly late?: LatePolicy
  /**
   * Why this mail cannot wait, for the record: it passes the window, quiet hours and caps, never a suppression. Transactional
   * templates only. Default: it waits like any other.
   */
  readonly urgent?: string
}

/** Props are asked for exactly when the template has required ones; a template without props takes the options at once. */
export type SendArguments<P> = [keyof P] extends [never]
  ? [options?: SendOptions]
  : object extends P
    ? [props?: Fill<P>, options?: SendOptions]
    : [props: Fill<P>, options?: SendOptions]

/** Names of the attributes whose values are of one of these classes. */
export type FieldOfClass<A extends z.ZodObject, C> = {
  [K in keyof A['shape'] & string]: [FieldClass<A['shape'][K]>] extends [never]
    ? never
    : FieldClass<A['shape'][K]> extends C
      ? K
      : never
}[keyof A['shape'] & string]

/** Where a wait counts from, and what happens if it is over before the contact comes to it. */
export interface WaitOptions<A extends z.ZodObject, E extends Events> {
  /**
   * `previous` (default): the planned time of the previous send, else the entry. `entry`: the entry. An attribute: a date or
   * instant of the contact, looked at again whenever it changes. An event: the latest of that name.
   */
  readonly from?:
    | 'previous'
    | 'entry'
    | { readonly attribute: FieldOfClass<A, 'date' | 'instant'> }
    | { readonly event: keyof E & string }
  /**
   * When the wait ends before the contact comes to it, or there is nothing to count from: `skip` (default) leaves out the mails
   * up to the next wait, `exit` ends the enrolment, `{ within }` sends if it is over for no longer than that, else leaves
   * out. Not with `previous`, whose mails are late at most.
   */
  readonly past?: 'skip' | 'exit' | { readonly within: ElapsedSpan }
}

/** Steps for yes and for no; both go on with what follows. An arm left out is empty. */
export interface Arms {
  readonly yes?: readonly Step[]
  readonly no?: readonly Step[]
}

/** Something to wait for: an event, being in a segment, or what becomes of an earlier mail. `steps` default to none. */
export type AwaitedArm<E extends Events> = (
  | AnyEventCondition<E>
  | { readonly segment: DeclaredSegment }
  | { readonly mail: MailCondition }
) & { readonly steps?: readonly Step[] }

export interface WaitForOptions<E extends Events> {
  /** At least one. The one that came true first leads on; of several at one instant, the first of the list. */
  readonly for: readonly AwaitedArm<E>[]
  /** Counted from the arrival at the step; `steps` default to none. */
  readonly timeout: { readonly after: WaitInput; readonly steps?: readonly Step[] }
  /**
   * Since when events count: `entry` (default), the planned time of the `previous` send, or the arrival at this `step`. Neither
   * order of wait and event loses one.
   */
  readonly since?: 'entry' | 'previous' | 'step'
}

export interface SplitOptions {
  /**
   * Name under which contact and arm are written down; the same name in two places gives a contact the same arm. Default
   * `scenario:step`.
   */
  readonly experiment?: string
  /**
   * Arms by name. Weights are whole numbers, relative to each other; a new weight changes only who comes new, and 0 lets
   * nobody new in. `steps` defaults to none.
   */
  readonly arms: { readonly [name: string]: { readonly weight: number; readonly steps?: readonly Step[] } }
  /**
   * Weight of those who get none of the arms' mail, to measure against: they walk the first arm with its mails written down as
   * skipped, up to what follows the split. Default 0: there are none.
   */
  readonly holdout?: number
}

/** Items of a list. */
type ItemOf<T> = NonNullable<T> extends readonly (infer I)[] ? I : never

/** New values of attributes. */
export interface AttributeChanges<A extends z.ZodObject> {
  /** Constants, references to what the event brought (one that is missing changes nothing), or `null` to clear. */
  readonly set?: {
    readonly [K in keyof Fields<z.input<A>>]?:
      | Exclude<Fields<z.input<A>>[K], undefined>
      | Ref<Fields<z.input<A>>[K] | undefined | null>
      | null
  }
  /** Items that lists (tags) must have afterwards. What is there stays where it is. */
  readonly add?: { readonly [K in FieldOfClass<A, 'list' | 'instants'>]?: readonly ItemOf<z.input<A>[K]>[] }
  /** Items that lists must not have afterwards. */
  readonly remove?: { readonly [K in FieldOfClass<A, 'list' | 'instants'>]?: readonly ItemOf<z.input<A>[K]>[] }
}

/** Values for the app's own code, or for another scenario: constants, or references to what the event brought. */
export type Payload = { readonly [name: string]: Json | Ref<unknown> }

export interface CallOptions {
  /** Whether the contact stays at the step until the call has succeeded or was given up. Default true. */
  readonly wait?: boolean
  /** How long one try may take; then its `signal` aborts and it counts as failed. At most an hour. Default `30 seconds`. */
  readonly timeout?: ElapsedSpan
  /** Tries until it is given up, with growing pauses. Default 8. */
  readonly attempts?: number
  /** Steps after a call that was given up; they go on with what follows. Only with `wait`. Default none: it goes on the same way. */
  readonly failed?: readonly Step[]
}
