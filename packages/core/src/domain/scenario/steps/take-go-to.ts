import { fixValues } from '../fix-values.ts'
import type { GoToStep } from '../scenario-definition.ts'
import type { World } from '../transition-contract.ts'
import { leave, type Progress, type Walk } from '../walk.ts'

/** Comes to its end here, and enters the other scenario under a key of its own. */
export const takeGoTo = (step: GoToStep, walk: Walk, { facts }: World): Progress => {
  const { enrolment } = walk
  const event = fixValues(step.event, { event: enrolment.event, contact: facts.attributes })
  const key = `${enrolment.id}:${enrolment.stepSeq + 1}`
  return leave(walk, null, { effect: { kind: 'enter', scenario: step.scenario, key, event } })
}
