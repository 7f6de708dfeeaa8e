import type { ScenarioDefinition } from '../scenario-definition.ts'
import { type BareFinding, bare } from './finding.ts'
import { reachableFrom, waysOf } from './graph.ts'

/**
 * Waits that follow the very date that starts the scenario. Once the date is corrected, who is in it waits for the new date, and
 * enters for it beside that: both send at one instant.
 */
export const dateFindings = (definition: ScenarioDefinition): readonly BareFinding[] => {
  const { trigger, reentry, steps } = definition
  if (trigger?.kind !== 'date' || (reentry.kind !== 'once' && reentry.kind !== 'every-event')) return []
  const { attribute } = trigger
  const reachable = reachableFrom(definition, [definition.first])
  return Object.values(steps)
    .filter((step) => step.kind === 'wait' && step.from.kind === 'attribute' && step.from.attribute === attribute)
    .filter((step) => reachable.has(step.id))
    .filter((step) => [...reachableFrom(definition, waysOf(step))].some((id) => steps[id]?.kind === 'send'))
    .map(({ id }) => bare('date-twice', id, { attribute }))
}
