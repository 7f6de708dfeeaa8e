import { followingDate } from './dated-mail.ts'
import { exitEnrolment } from './end-enrolment.ts'
import type { Enrolment } from './enrolment.ts'
import { endingSegments } from './level-conditions.ts'
import { segmentNeeds } from './step-needs.ts'
import type { Transition, World } from './transition-contract.ts'
import { walkSteps } from './walk-steps.ts'

/** Ends it; its queued mail goes with it. */
export const leaveScenario = (enrolment: Enrolment, reason: string, { now }: World): Transition => ({
  kind: 'done',
  enrolment: exitEnrolment(enrolment, reason, now),
  effects: [{ kind: 'dropQueued' }],
})

/** Looks at goal and exit, then goes on from where it stands as far as it can. The goal goes first: what was reached is not an exit. */
export const advanceEnrolment = (enrolment: Enrolment, world: World): Transition => {
  const { definition, facts } = world
  const needs = endingSegments(definition).flatMap((segment) => segmentNeeds(segment, facts))
  if (needs.length > 0) return walkSteps(enrolment, world, needs)
  const { goal, exitWhen } = definition
  if (goal?.kind === 'segment' && facts.matches(goal.segment) === true) return leaveScenario(enrolment, 'goal', world)
  if (exitWhen !== null && facts.matches(exitWhen) === true) return leaveScenario(enrolment, `segment:${exitWhen}`, world)
  return walkSteps(followingDate(enrolment, world), world)
}
