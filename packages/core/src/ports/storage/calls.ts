import type { JsonObject } from '../../domain/json.ts'
import type { Instant, Milliseconds } from '../../domain/time/instant.ts'
import type { Step } from './step.ts'

/** A call to the app that waits to be made, at least once: the `effect_queue`. */
export interface Call {
  /** `enrolment:stepSeq`: given to the app, unique. */
  readonly idemKey: string
  readonly enrolmentId: string
  readonly contactId: string
  readonly scenario: string
  readonly stepId: string
  readonly stepSeq: number
  readonly handler: string
  readonly payload: JsonObject
  readonly timeout: Milliseconds
  readonly attempts: number
  /** The enrolment stays at the step for the result. */
  readonly waits: boolean
  readonly runAt: Instant
  /** Tries so far. */
  readonly attempt: number
  /** `dead`: given up after `attempts`; kept to be looked at and tried again. */
  readonly state: 'waiting' | 'dead'
  /** Of the last failure: code and sentence. */
  readonly error: string | null
  readonly createdAt: Instant
}
export interface ClaimedCall extends Call {
  readonly token: number
}
export interface CallReader {
  dead(options: { readonly limit: number }): Step<Call[]>
  /** Calls of these enrolments that are not done: under way, waiting or dead, by their keys. */
  ofEnrolments(enrolmentIds: readonly string[]): Step<Call[]>
  count(): Step<{ readonly waiting: number; readonly dead: number }>
}
export interface CallWriter extends CallReader {
  /** Adds those whose key is new. */
  enqueue(calls: readonly Call[]): Step<void>
  /**
   * Takes due ones (`runAt <= now`, lease free or over, waiting, scenario not paused, no running job that ends their enrolment, one of these handlers), earliest first, each
   * for one claimer; raises the token and sets the lease: until `now` plus the call's own `timeout` plus `leaseMargin`.
   */
  claim(options: {
    readonly now: Instant
    readonly limit: number
    readonly leaseMargin: Milliseconds
    readonly handlers: readonly string[]
  }): Step<ClaimedCall[]>
  /** `done` deletes the row, `retry` puts it back with one more `attempt`, `dead` keeps it aside, with one more too. Another token than the row's, or one whose call was given back since, changes nothing. Answers true where it took effect. */
  finish(
    requests: readonly {
      readonly idemKey: string
      readonly token: number
      readonly outcome: 'done' | 'retry' | 'dead'
      readonly runAt: Instant
      readonly error: string | null
    }[],
  ): Step<boolean[]>
  /** Deletes waiting calls of these enrolments that are not under way (no lease, or one that is over). */
  drop(enrolmentIds: readonly string[], now: Instant): Step<void>
  /** A dead call waits again, from its first try. False where there is none. */
  revive(idemKey: string, now: Instant): Step<boolean>
  /** Gives the calls of a contact to another, or deletes them (`null`). */
  move(from: string, into: string | null): Step<void>
}
