import type { ScenarioDefinition, ScenarioStep } from '../scenario-definition.ts'

/** The ways out of a step; null is the end. */
export const waysOf = (step: ScenarioStep): readonly (string | null)[] => {
  switch (step.kind) {
    case 'branch':
      return [step.yes, step.no]
    case 'split':
      return step.arms.map(({ next }) => next)
    case 'wait-for':
      return [...step.arms.map(({ next }) => next), step.timeout.next]
    case 'call':
      return step.waits ? [step.next, step.failed] : [step.next]
    case 'go-to':
    case 'end':
      return [null]
    case 'send':
    case 'wait':
    case 'update':
      return [step.next]
  }
}

/** Whether time passes at a step, so that a loop through it ends nobody. */
export const isPause = (step: ScenarioStep): boolean =>
  step.kind === 'wait' || step.kind === 'wait-for' || (step.kind === 'call' && step.waits)

/** The steps that can be reached from these, themselves included, as long as `goesOn` lets the way through a step; by `ways` out of it. */
export const reachableFrom = (
  definition: ScenarioDefinition,
  starts: readonly (string | null)[],
  goesOn: (step: ScenarioStep) => boolean = () => true,
  ways: (step: ScenarioStep) => readonly (string | null)[] = waysOf,
): ReadonlySet<string> => {
  const found = new Set<string>()
  const open = [...starts]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const step = id === null ? undefined : definition.steps[id]
    if (step === undefined || found.has(step.id)) continue
    found.add(step.id)
    if (goesOn(step)) open.push(...ways(step))
  }
  return found
}

/** The steps from which some way leads to the end. */
export const endingSteps = ({ steps }: ScenarioDefinition): ReadonlySet<string> => {
  const ends = new Set<string>()
  for (let grew = true; grew; ) {
    grew = false
    for (const step of Object.values(steps)) {
      if (ends.has(step.id) || !waysOf(step).some((next) => next === null || steps[next] === undefined || ends.has(next)))
        continue
      ends.add(step.id)
      grew = true
    }
  }
  return ends
}
