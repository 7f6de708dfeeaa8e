import type { JsonObject } from '../json.ts'
import type { Instant } from '../time/instant.ts'
import type { WaitSpec } from './scenario-definition.ts'

/** `completed`, `exited` and `failed` absorb. */
export type EnrolmentState = 'active' | 'completed' | 'exited' | 'failed'

/** One contact's run through one version, as stored. */
export interface Enrolment {
  readonly id: string
  readonly scenario: string
  readonly version: number
  readonly contactId: string
  /** `UNIQUE(scenario, contact, entryKey)`: `once`, or the event id. */
  readonly entryKey: string
  readonly state: EnrolmentState
  /** The step to run next, or the wait it stands at; null when ended, and after the last step while its mail waits for `runAt`. */
  readonly stepId: string | null
  /** Grows by one with every step taken; part of the message's idempotency key. */
  readonly stepSeq: number
  /** Raised whenever queued mail of this enrolment must be looked at again (exit, goal, migration). */
  readonly rev: number
  /** When to wake; null when ended. */
  readonly wakeAt: Instant | null
  /** What `wakeAt` was computed from, so that it can be computed again. */
  readonly wakeSpec: { readonly wait: WaitSpec; readonly anchorAt: Instant } | null
  /** Planned time of the previous send, skipped ones included; at first the entry. The next wait counts from it. */
  readonly anchorAt: Instant
  /** When the last mail queued could go out at the earliest, for `minGap`; null before the first. Later than planned after an outage. */
  readonly lastSendAt: Instant | null
  /** Payload of the event that started it. */
  readonly event: JsonObject
  /** `occurredAt` of the event that started it, or the time of `enrol`. Older exit events do not end it. */
  readonly enteredAt: Instant
  readonly endedAt: Instant | null
  /** `event:NAME` or `late` for exited, `step-limit` or `unknown-step` for failed; null for completed. */
  readonly endReason: string | null
}

/** What a transition wants done; executed by the engine in the same transaction. */
export type Effect =
  | {
      readonly kind: 'queue'
      readonly stepId: string
      readonly stepSeq: number
      readonly template: string
      readonly props: JsonObject
      readonly plannedAt: Instant
      /** Not before. */
      readonly runAt: Instant
      /** Half-open: at this instant it is too late. */
      readonly expiresAt: Instant
    }
  /** The step's time had passed: recorded as a skipped message, so that `explain` can say so. */
  | {
      readonly kind: 'skip'
      readonly stepId: string
      readonly stepSeq: number
      readonly template: string
      readonly props: JsonObject
      readonly plannedAt: Instant
      readonly reason: 'late'
    }
  /** Delete this enrolment's queued mail that is not marked yet. */
  | { readonly kind: 'dropQueued' }
