import type { Instant } from '../time/instant.ts'
import { exitEnrolment } from './end-enrolment.ts'
import type { Effect, Enrolment } from './enrolment.ts'
import type { ScenarioDefinition } from './scenario-definition.ts'
import { walkSteps } from './walk-steps.ts'

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

/**
 * The reducer of scenarios: pure, so that repeating it after a crash gives the same enrolment and the same message keys.
 * A run goes on step after step until a wait lies in the future, the end, or facts are missing. Terminal states absorb;
 * `stepSeq` never falls; the same input on the result changes nothing and returns the same object. Throws what the window's
 * calendar and the props throw (`time.beyond_horizon`, `time.invalid`, `render.failed`).
 */
export const transition: TransitionFunction = (definition, enrolment, input, facts, now) => {
  const unchanged: Transition = { kind: 'done', enrolment, effects: [] }
  if (enrolment.state !== 'active') return unchanged
  if (input.kind !== 'event') return walkSteps(enrolment, { definition, facts, now })
  if (!definition.exitOn.includes(input.event) || input.occurredAt < enrolment.enteredAt) return unchanged
  return { kind: 'done', enrolment: exitEnrolment(enrolment, `event:${input.event}`, now), effects: [{ kind: 'dropQueued' }] }
}
