import { advanceEnrolment, leaveScenario } from './advance-enrolment.ts'
import type { Enrolment } from './enrolment.ts'
import { takeCapped } from './inputs/take-capped.ts'
import { takeDeferred } from './inputs/take-deferred.ts'
import { takeResult } from './inputs/take-result.ts'
import { takeResumed } from './inputs/take-resumed.ts'
import { isSame } from './is-same.ts'
import { awaitsEvent, endingReason, type HeardEvent } from './level-conditions.ts'
import type { Transition, TransitionFunction, TransitionInput, World } from './transition-contract.ts'
import { withEvent } from './with-event.ts'

export type { Transition, TransitionFacts, TransitionFunction, TransitionInput } from './transition-contract.ts'

const unchanged = (enrolment: Enrolment): Transition => ({ kind: 'done', enrolment, effects: [] })

/** Stopped between two steps: it goes on when it is woken, with facts of then, and looks back to what has happened. */
const isUnderWay = ({ memory }: Enrolment): boolean => memory.due !== undefined

const takeEvent = (enrolment: Enrolment, event: HeardEvent, world: World): Transition => {
  const { definition, facts } = world
  const reason = endingReason(definition, enrolment, event, facts.timeZone)
  if (reason !== null) return leaveScenario(enrolment, reason, world)
  if (isUnderWay(enrolment) || !awaitsEvent(definition, enrolment, event.event)) return unchanged(enrolment)
  return advanceEnrolment(enrolment, { ...world, facts: withEvent(facts, event) })
}

/** What a message about the enrolment makes of it, before it goes on; the same object where it means nothing to it. */
const takeMessage = (enrolment: Enrolment, input: TransitionInput, world: World): Enrolment => {
  switch (input.kind) {
    case 'result':
      return takeResult(enrolment, input, world)
    case 'capped':
      return takeCapped(enrolment, input, world)
    case 'deferred':
      return takeDeferred(enrolment, input, world.definition)
    default:
      return enrolment
  }
}

const takeInput = (enrolment: Enrolment, input: TransitionInput, world: World): Transition => {
  switch (input.kind) {
    case 'exit':
      return leaveScenario(enrolment, input.reason, world)
    case 'event':
      return takeEvent(enrolment, input, world)
    case 'enter':
    case 'wake':
    case 'look':
      return advanceEnrolment(enrolment, world)
    case 'resumed':
      return { kind: 'done', enrolment: takeResumed(enrolment, input, world.now), effects: [] }
    default: {
      const told = takeMessage(enrolment, input, world)
      if (told === enrolment || isSame(told, enrolment)) return unchanged(enrolment)
      return isUnderWay(enrolment) ? unchanged(told) : advanceEnrolment(told, world)
    }
  }
}

/**
 * The reducer of scenarios: pure, so that repeating it after a crash gives the same enrolment and the same message keys.
 * A run goes on step after step until a wait lies in the future, an `update`, the end, or facts are missing. Goal, exit and what
 * a `wait-for` waits for are looked at on `enter`, `wake` and `look`. Terminal states absorb; `stepSeq` never falls; the same
 * input on the result changes nothing and returns the same object (where a run stopped behind an `update`, a `wake` goes on).
 * Throws what calendars and props throw (`time.beyond_horizon`, `time.invalid`, `render.failed`).
 */
export const transition: TransitionFunction = (definition, enrolment, input, facts, now) => {
  if (enrolment.state !== 'active') return unchanged(enrolment)
  const answer = takeInput(enrolment, input, { definition, facts, now })
  if (answer.kind === 'needs' || answer.effects.length > 0) return answer
  return isSame(answer.enrolment, enrolment) ? unchanged(enrolment) : answer
}
