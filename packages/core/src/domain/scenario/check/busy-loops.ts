import { minute } from '../../time/instant.ts'
import type { ScenarioDefinition, ScenarioStep } from '../scenario-definition.ts'
import { briefLoops } from './brief-loops.ts'
import { isPause, reachableFrom, waysOf } from './graph.ts'
import { timedWaysOf, waysWithoutPause } from './timed-ways.ts'

/**
 * Loops in which nothing waits, each as the ids on its way round: whoever comes there fails after 100 steps. Loops that share a
 * step are told once.
 */
export const busyLoops = (definition: ScenarioDefinition): readonly (readonly string[])[] => {
  const told = new Set<string>()
  return Object.keys(definition.steps).flatMap((id) => {
    const loop = told.has(id) ? null : wayRound(definition, id)
    if (loop === null || loop.some((step) => told.has(step))) return []
    for (const step of loop) told.add(step)
    return [loop]
  })
}

/** The shortest way from a step back to it without a pause. */
const wayRound = ({ steps }: ScenarioDefinition, start: string): readonly string[] | null => {
  const before = new Map<string, string>()
  const open = [start]
  for (let id = open.shift(); id !== undefined; id = open.shift()) {
    const step = steps[id]
    for (const next of step === undefined ? [] : waysWithoutPause(step)) {
      if (next === start) return trace(before, start, id)
      const target = next === null ? undefined : steps[next]
      if (target === undefined || isPause(target) || before.has(target.id)) continue
      before.set(target.id, id)
      open.push(target.id)
    }
  }
  return null
}

const trace = (before: ReadonlyMap<string, string>, start: string, last: string): readonly string[] => {
  const way: string[] = []
  for (let id: string | undefined = last; id !== undefined && id !== start; id = before.get(id)) way.unshift(id)
  return [start, ...way]
}

/**
 * Pauses of a loop that can be walked round in less than a minute, because each of its waits may be over as soon as it begins:
 * from the entry the second time, until an hour of the same day, for a segment that the contact is in. Those of `briefLoops` are
 * left out.
 */
export const hastyLoops = (definition: ScenarioDefinition): readonly string[] => {
  const told = new Set(briefLoops(definition))
  return Object.values(definition.steps)
    .filter((step) => isPause(step) && !told.has(step.id))
    .filter((step) => reachableFrom(definition, quickWaysOf(step), () => true, quickWaysOf).has(step.id))
    .map(({ id }) => id)
}

const quickWaysOf = (step: ScenarioStep): readonly (string | null)[] =>
  isPause(step) ? timedWaysOf(step, false).flatMap(({ next, ms }) => (ms < minute ? [next] : [])) : waysOf(step)
