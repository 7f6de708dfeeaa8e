import type { Expression } from '../reference/expression.ts'
import type { SegmentNode } from '../segment/segment-node.ts'
import type { Milliseconds } from '../time/instant.ts'

/** `days: 'business'` leaves out Saturday, Sunday and the calendar's holidays; half-open, wraps over midnight. */
export interface SendWindow {
  readonly days: 'any' | 'weekdays' | 'business'
  /** Wall clock `HH:MM`. */
  readonly from: string
  readonly to: string
}

/** Elapsed time, or calendar units with an optional wall clock `at`. Never mixed (design §2). */
export type WaitSpec =
  | { readonly kind: 'elapsed'; readonly ms: Milliseconds }
  | {
      readonly kind: 'calendar'
      readonly months: number
      readonly weeks: number
      readonly days: number
      readonly at: string | null
    }

/** What to do with a mail whose time has passed by more than `sendWithin`. */
export type LatePolicy = 'skip' | 'send' | 'exit'

export interface SendStep {
  readonly kind: 'send'
  readonly id: string
  readonly template: string
  /** Fixed on the message when the step runs, from the `event` scope. */
  readonly props: { readonly [name: string]: Expression }
  /** Default 24 h. */
  readonly sendWithin: Milliseconds
  readonly late: LatePolicy
  readonly next: string | null
}
export interface WaitStep {
  readonly kind: 'wait'
  readonly id: string
  readonly wait: WaitSpec
  readonly next: string | null
}
export interface BranchStep {
  readonly kind: 'branch'
  readonly id: string
  /** Name of a segment in `ScenarioDefinition.segments`. */
  readonly segment: string
  readonly yes: string | null
  readonly no: string | null
}
export interface EndStep {
  readonly kind: 'end'
  readonly id: string
}

/** A node of the graph. Both arms of a branch lead to what follows it. `next: null` completes. */
export type ScenarioStep = SendStep | WaitStep | BranchStep | EndStep

/** One immutable version of a scenario as stored: plain JSON, no closures. */
export interface ScenarioDefinition {
  /** Format of this JSON; a process leaves alone what it cannot read. */
  readonly format: 1
  readonly name: string
  readonly version: number
  /** Event that starts it; null: only `enrol`. */
  readonly enterOn: string | null
  /** Events that end it. */
  readonly exitOn: readonly string[]
  readonly reentry: 'once' | 'every-event'
  readonly window: SendWindow | null
  /** An older event does not start it. Default 24 h. */
  readonly maxEventAge: Milliseconds
  readonly first: string | null
  readonly steps: { readonly [id: string]: ScenarioStep }
  /** Copies of the trees in use. */
  readonly segments: { readonly [name: string]: SegmentNode }
}
