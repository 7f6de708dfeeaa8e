import type { Json, JsonObject } from '../json.ts'
import type { Instant, Milliseconds } from '../time/instant.ts'
import type { Anchor, WaitSpec } from '../time/wait-spec.ts'

/** `completed`, `exited` and `failed` absorb. */
export type EnrolmentState = 'active' | 'completed' | 'exited' | 'failed'

/** What a waiting enrolment waits for, so that `wakeAt` can be worked out again. */
export interface WakeSpec {
  readonly wait: WaitSpec
  /** Instant that the wait counts from; of an attribute's anchor the last one known. Null: there is none. */
  readonly anchorAt: Instant | null
  readonly from: Anchor
  /** When the enrolment came to the step by its own time (not by the worker's). */
  readonly arrivedAt: Instant
  /** When the wait itself is over; `wakeAt` is earlier where something else has to be looked at before. Null: never, without an anchor. */
  readonly endsAt: Instant | null
  /** The attribute as it was when the anchor was taken from it: another zone moves the anchor, but does not change the date. */
  readonly anchorValue?: string
}

/** What an enrolment remembers beside its columns; absent parts are none. */
export interface EnrolmentMemory {
  /** The version that it entered, where it was migrated since. */
  readonly enteredVersion?: number
  /** In the holdout of a split, up to this step (null: the end). */
  readonly holdout?: { readonly until: string | null }
  /** The sends up to the next wait are skipped with this reason: their time had passed when the enrolment came to them. */
  readonly skipping?: 'past' | 'no-anchor'
  /** Send steps whose mail went out before a migration: they never send again in this enrolment. */
  readonly sentBefore?: readonly string[]
  /** Resumed with `skip`: mail planned before this is skipped as `paused`. */
  readonly skipBefore?: Instant
  /** When the latest mail that was queued had been planned for, where mail was left out since: the gap to the next counts from it. */
  readonly queuedFor?: Instant
  /** The `stepSeq` of the latest send, until the wait after it is over: so long what a cap says about its mail concerns the enrolment. */
  readonly lastSendSeq?: number
  /** Pauses that were resumed with `shift`: up to when, and by how much in all. */
  readonly shift?: { readonly until: Instant; readonly by: Milliseconds }
  /** The latest wait, where it counted from an attribute, with the mail that was queued behind it: see `DatedMail`. */
  readonly dated?: DatedMail
  /** Stands again at a wait, because its date has changed: see `StandingAgain`. */
  readonly again?: StandingAgain
  /** Where a run stopped between two steps (after `update`, or after 100 steps): how the next one goes on. */
  readonly due?: DueMemory
  /** Steps taken since a wait of a minute or more, where it stands at a wait that may be shorter. */
  readonly taken?: number
  /** The event by which it went on from a `wait-for`: it does not count there again when a loop comes back. */
  readonly heard?: { readonly [step: string]: { readonly event: string; readonly at: Instant } }
}

/**
 * Mail that was queued for a date of the contact. If the date changes before any of it has gone out, it is taken back and the
 * enrolment stands at the wait again, as it was `before`.
 */
export interface DatedMail {
  /** The wait. */
  readonly step: string
  /** The attribute as it was. */
  readonly value: string
  readonly anchorAt: Instant
  readonly endsAt: Instant
  readonly arrivedAt: Instant
  /** Send steps behind it that queued mail, in that order. */
  readonly sends: readonly string[]
  readonly before: Pick<Enrolment, 'anchorAt' | 'lastSendAt'> & { readonly queuedFor?: Instant }
}

/** At a wait for the second time, because its date has changed. */
export interface StandingAgain {
  /** The wait. */
  readonly step: string
  /** Where it goes on when that is over: where mail was taken back, or where it stood before any. */
  readonly next: string
  /** When the wait was over, by the date of before. */
  readonly endsAt: Instant
  /** When the mail that was taken back was to go out; null: there was none yet. */
  readonly mailAt: Instant | null
}

/** What a walk through the steps knows between two of them. */
export interface DueMemory {
  /** What the next step counts from. */
  readonly at: Instant
  /** When the enrolment came there by its own time. */
  readonly reachedAt: Instant
  /** A mail there is planned for now. */
  readonly isFresh: boolean
  /** Steps taken since the last wait of a minute or more. */
  readonly taken: number
}

/** One contact's run through one version, as stored. */
export interface Enrolment {
  readonly id: string
  readonly scenario: string
  readonly version: number
  readonly contactId: string
  /** `UNIQUE(scenario, contact, entryKey)`: `once`, the event id, the occurrence's date, or the app's own key. */
  readonly entryKey: string
  readonly state: EnrolmentState
  /** The step to run next, or the one it waits at; null when ended, and after the last step while its mail waits for `runAt`. */
  readonly stepId: string | null
  /** Grows by one with every step taken; part of the message's idempotency key. */
  readonly stepSeq: number
  /** Raised whenever queued mail of this enrolment must be looked at again (exit, goal, migration). */
  readonly rev: number
  /** When to wake; null when ended, and while it waits for the result of a call. */
  readonly wakeAt: Instant | null
  readonly wakeSpec: WakeSpec | null
  /** Planned time of the previous send, skipped ones included; at first the entry. The next wait counts from it. */
  readonly anchorAt: Instant
  /** When the last mail queued could go out at the earliest, for `minGap`; null before the first. Later than planned after an outage. */
  readonly lastSendAt: Instant | null
  /** Payload of the event that started it. */
  readonly event: JsonObject
  /** `occurredAt` of the event that started it, or the time of `enrol`. Older exit events do not end it. */
  readonly enteredAt: Instant
  readonly endedAt: Instant | null
  /** `event:NAME`, `segment:NAME`, `goal`, `late`, `past`, `no-anchor`, `stopped`, `replaced`, `merged`, `erased` for exited; `step-limit`, `unknown-step` or an error for failed; null for completed. */
  readonly endReason: string | null
  readonly memory: EnrolmentMemory
  /** How many pauses of its scenario it has lived through (`ScenarioRow.pauses`). */
  readonly pausesSeen: number
  /** How many scenarios led to it one after the other by `go-to` and `update`; 0 from outside, and once it has waited for a minute. */
  readonly depth: number
}

/** What a transition wants done; executed by the engine in the same transaction, in this order. */
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
      readonly urgent: string | null
    }
  /** A mail that is not sent: recorded as a skipped message, so that `explain` can say so. */
  | {
      readonly kind: 'skip'
      readonly stepId: string
      readonly stepSeq: number
      readonly template: string
      readonly props: JsonObject
      readonly plannedAt: Instant
      readonly reason: 'late' | 'past' | 'no-anchor' | 'paused' | 'holdout'
    }
  /** Delete this enrolment's queued mail and calls that are not under way yet. */
  | { readonly kind: 'dropQueued' }
  /** Change attributes of the contact. The enrolment goes on in the next round, with the new values. */
  | {
      readonly kind: 'update'
      readonly set: { readonly [attribute: string]: Json | null }
      readonly add: { readonly [attribute: string]: readonly Json[] }
      readonly remove: { readonly [attribute: string]: readonly Json[] }
    }
  /** Write down which variant the contact got. */
  | { readonly kind: 'assign'; readonly experiment: string; readonly variant: string }
  | {
      readonly kind: 'call'
      readonly stepId: string
      readonly stepSeq: number
      readonly handler: string
      readonly payload: JsonObject
      readonly timeout: Milliseconds
      readonly attempts: number
      readonly waits: boolean
    }
  /** Enter another scenario, through the inbox; `key` is the entry's key there where several are allowed. */
  | { readonly kind: 'enter'; readonly scenario: string; readonly key: string; readonly event: JsonObject }
