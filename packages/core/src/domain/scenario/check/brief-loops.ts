import { minute } from '../../time/instant.ts'
import type { WaitSpec } from '../../time/wait-spec.ts'
import type { ScenarioDefinition, ScenarioStep } from '../scenario-definition.ts'
import { isPause, reachableFrom, waysOf } from './graph.ts'

/**
 * The waits of a loop in which none takes a minute. After a day without a worker such a loop has millions of steps to catch up
 * with for one contact, and would hold the host's thread meanwhile.
 */
export const briefLoops = (definition: ScenarioDefinition): readonly string[] =>
  Object.values(definition.steps)
    .filter((step) => isBriefPause(step) && reachableFrom(definition, waysOf(step), isQuick).has(step.id))
    .map(({ id }) => id)

const isBriefPause = (step: ScenarioStep): boolean => {
  if (step.kind === 'wait') return step.from.kind === 'previous' && isBrief(step.wait)
  return step.kind === 'wait-for' && isBrief(step.timeout.wait)
}

const isBrief = (wait: WaitSpec): boolean => wait.kind === 'elapsed' && wait.ms < minute

const isQuick = (step: ScenarioStep): boolean => !isPause(step) || isBriefPause(step)
