import type { Json } from '../json.ts'
import type { Expression } from '../reference/expression.ts'
import type { SegmentNode } from '../segment/segment-node.ts'
import type { Milliseconds } from '../time/instant.ts'
import type { Anchor, WaitSpec } from '../time/wait-spec.ts'

export type { Anchor, WaitSpec } from '../time/wait-spec.ts'

/** `days: 'business'` leaves out Saturday, Sunday and the calendar's holidays; half-open, wraps over midnight. */
export interface SendWindow {
  readonly days: 'any' | 'weekdays' | 'business'
  /** Wall clock `HH:MM`. */
  readonly from: string
  readonly to: string
}

/** What to do with a mail whose time has passed by more than `sendWithin`. */
export type LatePolicy = 'skip' | 'send' | 'exit'

/**
 * What to do when a wait from an anchor is over before the enrolment comes to it (a renewal in three days, a mail seven days
 * before it), or has no anchor: `skip` leaves out the mails up to the next wait, `send` sends them now if the time has passed by
 * no more than `within`, else skips, `exit` ends the enrolment.
 */
export type PastPolicy =
  | { readonly kind: 'skip' }
  | { readonly kind: 'send'; readonly within: Milliseconds }
  | { readonly kind: 'exit' }

/** An event of the contact; `where` asks about its payload (fields, `all`, `any`, `not` only). */
export interface EventMatch {
  readonly kind: 'event'
  readonly event: string
  readonly where: SegmentNode | null
}

/** The contact is in a segment of `ScenarioDefinition.segments` now. */
export interface SegmentMatch {
  readonly kind: 'segment'
  readonly segment: string
}

/** What became of the mail that a step of this enrolment sent. Opens and clicks of people only; a click is an open too. */
export interface MailMatch {
  readonly kind: 'mail'
  readonly step: string
  readonly fate: 'sent' | 'delivered' | 'opened' | 'clicked' | 'bounced'
  /** With `clicked`: only this link, by its address in the template or its number. Null: any. */
  readonly link: string | number | null
}

/** What starts a scenario by itself; null in the definition: only `enrol`. */
export type Trigger =
  | EventMatch
  | { readonly kind: 'segment'; readonly segment: string; readonly on: 'entry' | 'exit' }
  | DateTrigger

/**
 * A date of the contact: `days` after it (negative: before), at a wall-clock time in the contact's zone. An entry a date, its
 * key the date that is celebrated or renewed: each occurrence enters once, also where `reentry` is `once`.
 */
export interface DateTrigger {
  readonly kind: 'date'
  readonly attribute: string
  readonly days: number
  readonly at: string
  readonly yearly: boolean
  /** 29 February in other years. */
  readonly leapDay: 'feb-28' | 'mar-1' | 'skip'
}

/**
 * Who may enter again. `once`: never. `after-exit`: when no enrolment of the contact in this scenario is active. `cooldown`:
 * when the last entry is `ms` ago. `every-event`: each event (name, id) once.
 */
export type Reentry =
  | { readonly kind: 'once' }
  | { readonly kind: 'after-exit' }
  | { readonly kind: 'cooldown'; readonly ms: Milliseconds }
  | { readonly kind: 'every-event' }

export interface SendStep {
  readonly kind: 'send'
  readonly id: string
  readonly template: string
  /** Fixed on the message when the step runs, from the `event` scope. */
  readonly props: { readonly [name: string]: Expression }
  /** Default 24 h. */
  readonly sendWithin: Milliseconds
  readonly late: LatePolicy
  /** Why it passes window, quiet hours and caps (transactional mail only); null: it does not. */
  readonly urgent: string | null
  readonly next: string | null
}
export interface WaitStep {
  readonly kind: 'wait'
  readonly id: string
  readonly wait: WaitSpec
  readonly from: Anchor
  readonly past: PastPolicy
  readonly next: string | null
}
/** Goes on by the first arm that comes true, or by the time-out, counted from the arrival at the step. */
export interface WaitForStep {
  readonly kind: 'wait-for'
  readonly id: string
  readonly arms: readonly { readonly on: EventMatch | SegmentMatch | MailMatch; readonly next: string | null }[]
  /** Events count from then on: the entry of the enrolment, the planned time of the previous send, or the arrival here. */
  readonly since: 'entry' | 'previous' | 'step'
  readonly timeout: { readonly wait: WaitSpec; readonly next: string | null }
}
export interface BranchStep {
  readonly kind: 'branch'
  readonly id: string
  readonly on: SegmentMatch | MailMatch
  readonly yes: string | null
  readonly no: string | null
}
/**
 * Shares contacts out by a hash of contact and `experiment`, once: the variant is written down and kept. A contact of the
 * holdout walks the first arm, and its mails there are written down as `skipped: holdout`, up to the step `until` (null: the end).
 */
export interface SplitStep {
  readonly kind: 'split'
  readonly id: string
  readonly experiment: string
  readonly arms: readonly { readonly name: string; readonly weight: number; readonly next: string | null }[]
  readonly holdout: { readonly weight: number; readonly until: string | null } | null
}
/** Changes attributes: `null` clears. `add` and `remove` change lists (tags). What follows sees the new values. */
export interface UpdateStep {
  readonly kind: 'update'
  readonly id: string
  readonly set: { readonly [attribute: string]: Expression | null }
  readonly add: { readonly [attribute: string]: readonly Json[] }
  readonly remove: { readonly [attribute: string]: readonly Json[] }
  readonly next: string | null
}
/** Calls a function that the app gave to `createTobiishi({ handlers })`, at least once, with a key that stays the same. */
export interface CallStep {
  readonly kind: 'call'
  readonly id: string
  readonly handler: string
  readonly payload: { readonly [name: string]: Expression }
  /** True: stays at the step until the call has succeeded (`next`) or was given up (`failed`). */
  readonly waits: boolean
  readonly timeout: Milliseconds
  readonly attempts: number
  readonly next: string | null
  readonly failed: string | null
}
/** Completes this enrolment and enters another scenario, through the inbox. */
export interface GoToStep {
  readonly kind: 'go-to'
  readonly id: string
  readonly scenario: string
  readonly event: { readonly [name: string]: Expression }
}
export interface EndStep {
  readonly kind: 'end'
  readonly id: string
}

/** A node of the graph. All arms lead to what follows their step. `next: null` completes. */
export type ScenarioStep = SendStep | WaitStep | WaitForStep | BranchStep | SplitStep | UpdateStep | CallStep | GoToStep | EndStep

/** One immutable version of a scenario as stored: plain JSON, no closures. */
export interface ScenarioDefinition {
  /** Format of this JSON; a process leaves alone what it cannot read. */
  readonly format: 2
  readonly name: string
  readonly version: number
  readonly trigger: Trigger | null
  /** Events that end it. */
  readonly exitOn: readonly string[]
  /** Segment that ends it as soon as the contact is in it. */
  readonly exitWhen: string | null
  /** What it is for: reached, the enrolment ends with the reason `goal`. */
  readonly goal: EventMatch | SegmentMatch | null
  readonly reentry: Reentry
  readonly window: SendWindow | null
  /** An older event does not start it. Default 24 h. */
  readonly maxEventAge: Milliseconds
  /** Two mails stay this far apart after an outage, or as far as they were planned if that is less. Default 12 h. */
  readonly minGap: Milliseconds
  /** Who goes first where a cap lets only some mails of a day through: the higher. Default 0. */
  readonly priority: number
  /** What publishing this version does to enrolments of older ones. */
  readonly inFlight: 'pin' | 'migrate' | 'exit'
  /** With `migrate`: where contacts go who stand at a step that this version lacks; null completes them. */
  readonly successors: { readonly [step: string]: string | null }
  readonly first: string | null
  readonly steps: { readonly [id: string]: ScenarioStep }
  /** Copies of the trees in use. */
  readonly segments: { readonly [name: string]: SegmentNode }
}
