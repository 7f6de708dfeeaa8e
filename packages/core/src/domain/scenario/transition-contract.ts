import type { JsonObject } from '../json.ts'
import type { Instant } from '../time/instant.ts'
import type { Effect, Enrolment } from './enrolment.ts'
import type { ScenarioDefinition } from './scenario-definition.ts'

/** What happens to an enrolment. `enter` is the first input of every enrolment. */
export type TransitionInput =
  | { readonly kind: 'enter' }
  | { readonly kind: 'wake' }
  | { readonly kind: 'event'; readonly event: string; readonly occurredAt: Instant; readonly payload: JsonObject }
  /** Something about the contact or its mail has changed (attributes, zone, segments, opens, clicks): waits are worked out anew, exits and awaited conditions looked at. */
  | { readonly kind: 'look' }
  /** A call has succeeded or was given up. */
  | { readonly kind: 'result'; readonly stepSeq: number; readonly ok: boolean }
  /** A cap left the mail of that step out, and its policy is `advance`: the wait after it is not waited for. */
  | { readonly kind: 'capped'; readonly stepSeq: number }
  /** The mail of that step goes out at another time, by a cap or because the contact has moved: the wait after it counts from there. */
  | { readonly kind: 'deferred'; readonly stepSeq: number; readonly plannedAt: Instant }
  /** The scenario was paused and goes on: `continue` leaves it to lateness, `skip` leaves out what was due meanwhile, `shift` moves everything by the pause. */
  | {
      readonly kind: 'resumed'
      readonly missed: 'continue' | 'skip' | 'shift'
      readonly pausedAt: Instant
      readonly resumedAt: Instant
    }
  /** Ends it at once. */
  | { readonly kind: 'exit'; readonly reason: string }

/** An event of the contact as waits look back to it. */
export interface PastEvent {
  readonly occurredAt: Instant
  readonly payload: JsonObject
}

/** What became of the latest mail of one step of an enrolment. Opens and clicks by people. */
export interface MailFate {
  readonly state: 'queued' | 'sent' | 'failed' | 'skipped' | 'unknown'
  readonly deliveredAt: Instant | null
  readonly openedAt: Instant | null
  readonly clickedAt: Instant | null
  readonly bouncedAt: Instant | null
  /** Links clicked, by number and by address. */
  readonly links: readonly { readonly link: number; readonly url: string | null }[]
}

/** What the reducer may look at besides its arguments. What answers `undefined` has not been read yet: see `Transition`. */
export interface TransitionFacts {
  /** The contact's zone, else the app's. */
  readonly timeZone: string
  /** Attributes of the contact as of now. */
  readonly attributes: JsonObject
  /** App-wide band in which no marketing mail goes out, wall clock in the contact's zone; null: none. */
  readonly quietHours: { readonly from: string; readonly to: string } | null
  /** True on days that are closed (holidays, own closed days); used by `business`. Throws past its horizon. */
  isHoliday(date: string): boolean
  purposeOf(template: string): 'marketing' | 'transactional'
  /** Whether the contact is in the segment now. */
  matches(segment: string): boolean | undefined
  /** The next instant at which time alone may change that; null: never. Read together with `matches`. */
  changesAt(segment: string): Instant | null | undefined
  /** Events of that name, newest first: the latest one of all, and all since the entry of the enrolment. */
  events(event: string): readonly PastEvent[] | undefined
  /** Null: the step has sent nothing. */
  fate(stepId: string): MailFate | null | undefined
  /** The variant written down earlier; null: none yet. */
  variant(experiment: string): string | null | undefined
}

/** A fact that must be read before the transition can go on. */
export type Need =
  | { readonly kind: 'segment'; readonly segment: string }
  | { readonly kind: 'events'; readonly event: string }
  | { readonly kind: 'fate'; readonly step: string }
  | { readonly kind: 'variant'; readonly experiment: string }

/**
 * Either the enrolment after the input with its effects, or the facts that must be read first: the caller reads them for
 * a whole batch and calls again with the same arguments and richer facts.
 */
export type Transition =
  | { readonly kind: 'done'; readonly enrolment: Enrolment; readonly effects: readonly Effect[] }
  | { readonly kind: 'needs'; readonly needs: readonly Need[] }

export type TransitionFunction = (
  definition: ScenarioDefinition,
  enrolment: Enrolment,
  input: TransitionInput,
  facts: TransitionFacts,
  now: Instant,
) => Transition

/** What a transition reads and never changes. */
export interface World {
  readonly definition: ScenarioDefinition
  readonly facts: TransitionFacts
  readonly now: Instant
}
