import type { ScenarioDefinition, ScenarioStep } from '../scenario-definition.ts'
import { briefLoops, floodingLoops } from './brief-loops.ts'

import { type BareFinding, bare } from './finding.ts'
import { endingSteps, isPause, reachableFrom, waysOf } from './graph.ts'
import { hastyLoops } from './hasty-loops.ts'

/** Steps that nobody reaches, that nobody leaves, and loops that never wait. */
export const graphFindings = (definition: ScenarioDefinition): readonly BareFinding[] => {
  const steps = Object.values(definition.steps)
  const reachable = reachableFrom(definition, [definition.first])
  const ending = endingSteps(definition)
  const reached = steps.filter(({ id }) => reachable.has(id))
  return [
    ...steps.filter(({ id }) => !reachable.has(id)).map(({ id }) => bare('unreachable', id)),
    ...reached.filter(({ id }) => !ending.has(id)).map(({ id }) => bare('no-way-out', id)),
    ...reached.filter((step) => isInBusyLoop(definition, step)).map(({ id }) => bare('loop-without-wait', id)),
    ...briefLoops(definition)
      .filter((id) => reachable.has(id))
      .map((id) => bare('loop-too-fast', id)),
    ...floodingLoops(definition)
      .filter((id) => reachable.has(id))
      .map((id) => bare('loop-floods', id)),
    ...hastyLoops(definition)
      .filter((id) => reachable.has(id))
      .map((id) => bare('loop-may-not-wait', id)),
    ...reached.filter(endsWithWait).map(({ id }) => bare('wait-before-end', id)),
    ...(reached.some(({ kind }) => kind === 'send' || kind === 'call' || kind === 'update' || kind === 'go-to')
      ? []
      : [bare('sends-nothing', null)]),
  ]
}

const isInBusyLoop = (definition: ScenarioDefinition, step: ScenarioStep): boolean =>
  !isPause(step) && reachableFrom(definition, waysOf(step), (one) => !isPause(one)).has(step.id)

const endsWithWait = (step: ScenarioStep): boolean => step.kind === 'wait' && step.next === null
