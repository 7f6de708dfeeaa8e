import type { Instant } from '../time/instant.ts'
import type { Effect, Enrolment } from './enrolment.ts'
import type { ScenarioDefinition } from './scenario-definition.ts'

/** What happens to an enrolment. `enter` is the first input of every enrolment. */
export type TransitionInput =
  | { readonly kind: 'enter' }
  | { readonly kind: 'wake' }
  | { readonly kind: 'event'; readonly event: string; readonly occurredAt: Instant }

/** What the reducer may look at besides its arguments. */
export interface TransitionFacts {
  /** The contact's zone, else the app's. */
  readonly timeZone: string
  /** True on days that are closed (holidays); used by `business`. */
  isHoliday(date: string): boolean
  /** Whether the contact is in the segment now; undefined where it has not been read yet. */
  matches(segment: string): boolean | undefined
}

/**
 * Either the enrolment after the input with its effects, or the segments that must be read first: the caller reads them for
 * a whole batch and calls again with the same arguments and richer facts.
 */
export type Transition =
  | { readonly kind: 'done'; readonly enrolment: Enrolment; readonly effects: readonly Effect[] }
  | { readonly kind: 'needs'; readonly segments: readonly string[] }

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
