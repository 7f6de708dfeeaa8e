import type { ScenarioStep } from '../scenario-definition.ts'
import type { World } from '../transition-contract.ts'
import { leave, type Progress, type Walk } from '../walk.ts'
import { takeBranch } from './take-branch.ts'
import { takeCall } from './take-call.ts'
import { takeGoTo } from './take-go-to.ts'
import { takeSend } from './take-send.ts'
import { takeSplit } from './take-split.ts'
import { takeUpdate } from './take-update.ts'
import { takeWait } from './take-wait.ts'
import { takeWaitFor } from './take-wait-for.ts'

/** Runs the step that the walk stands at. All facts that it needs are there. */
export const takeStep = (step: ScenarioStep, walk: Walk, world: World): Progress => {
  switch (step.kind) {
    case 'send':
      return takeSend(step, walk, world)
    case 'wait':
      return takeWait(step, walk, world)
    case 'wait-for':
      return takeWaitFor(step, walk, world)
    case 'branch':
      return takeBranch(step, walk, world)
    case 'split':
      return takeSplit(step, walk, world)
    case 'update':
      return takeUpdate(step, walk, world)
    case 'call':
      return takeCall(step, walk, world)
    case 'go-to':
      return takeGoTo(step, walk, world)
    case 'end':
      return leave(walk, null)
  }
}
