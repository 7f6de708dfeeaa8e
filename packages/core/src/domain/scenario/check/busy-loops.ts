import type { ScenarioDefinition } from '../scenario-definition.ts'
import { isPause, waysOf } from './graph.ts'

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
    for (const next of step === undefined || isPause(step) ? [] : waysOf(step)) {
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
