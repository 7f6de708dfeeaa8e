import { exitEnrolment } from './end-enrolment.ts'
import type { Transition, TransitionFunction } from './transition-contract.ts'
import { walkSteps } from './walk-steps.ts'

export type { Transition, TransitionFacts, TransitionFunction, TransitionInput } from './transition-contract.ts'

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
