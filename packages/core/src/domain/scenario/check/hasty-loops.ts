import { minute } from '../../time/instant.ts'
import type { ScenarioDefinition, ScenarioStep } from '../scenario-definition.ts'
import { briefLoops, floodingLoops } from './brief-loops.ts'
import { isPause, reachableFrom, waysOf } from './graph.ts'
import { timedWaysOf } from './timed-ways.ts'

/**
 * Pauses of a loop that can be walked round in less than a minute, because each of its waits may be over as soon as it begins:
 * from the entry or a date the second time, until an hour of the same day, for a segment that the contact is in. Those of
 * `briefLoops` and `floodingLoops` are left out.
 */
export const hastyLoops = (definition: ScenarioDefinition): readonly string[] => {
  const told = new Set([...briefLoops(definition), ...floodingLoops(definition)])
  const isInLoop = (step: ScenarioStep, ways: typeof quickWaysOf) =>
    reachableFrom(definition, ways(step), () => true, ways).has(step.id)
  return Object.values(definition.steps)
    .filter((step) => isPause(step) && !told.has(step.id))
    .filter((step) => isInLoop(step, quickWaysOf) || (isFixed(step) && isInLoop(step, waysBehindFixed)))
    .map(({ id }) => id)
}

const quickWaysOf = (step: ScenarioStep): readonly (string | null)[] =>
  isPause(step) ? timedWaysOf(step, false).flatMap(({ next, ms }) => (ms < minute ? [next] : [])) : waysOf(step)

/** Ends at the same instant every time. */
const isFixed = (step: ScenarioStep): boolean => step.kind === 'wait' && step.from.kind !== 'previous'

/** Waits that follow a fixed one count from its end, so that they end at the same instant too. */
const waysBehindFixed = (step: ScenarioStep): readonly (string | null)[] =>
  step.kind === 'wait' ? waysOf(step) : quickWaysOf(step)
