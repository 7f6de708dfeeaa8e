import { mailTruth } from '../mail-match.ts'
import type { BranchStep } from '../scenario-definition.ts'
import type { World } from '../transition-contract.ts'
import { leave, type Progress, type Walk } from '../walk.ts'

/** Goes the way of the answer as of now. */
export const takeBranch = ({ on, yes, no }: BranchStep, walk: Walk, world: World): Progress => {
  const holds = on.kind === 'mail' ? mailTruth(on, walk, world).holds : world.facts.matches(on.segment) === true
  return leave(walk, holds ? yes : no)
}
