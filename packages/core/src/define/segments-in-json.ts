import { scenarioLimits } from '../domain/scenario/parse/value-schema.ts'
import { isOptions } from './options.ts'

/**
 * Names of segments that a scenario in JSON asks about and does not have under `segments`. The JSON may be anything: what cannot
 * be looked at has none, and is told by whoever parses it.
 */
export const missingSegments = (json: unknown): ReadonlySet<string> => {
  try {
    if (!isOptions(json) || !isOptions(json.segments)) return new Set()
    const { segments } = json
    return new Set(namesIn(json).filter((name) => !Object.hasOwn(segments, name)))
  } catch {
    return new Set()
  }
}

const namesIn = ({ trigger, exitWhen, goal, steps }: { readonly [key: string]: unknown }): readonly string[] => {
  // More than a scenario may have are refused by whoever parses it: a million would take a second here.
  const isReadable = isOptions(steps) && Object.keys(steps).length <= scenarioLimits.steps
  const conditions = isReadable ? Object.values(steps).flatMap(conditionsOf) : []
  return [exitWhen, ...[trigger, goal, ...conditions].map(nameOf)].filter((name) => typeof name === 'string')
}

const nameOf = (condition: unknown): unknown =>
  isOptions(condition) && condition.kind === 'segment' ? condition.segment : undefined

const conditionsOf = (step: unknown): readonly unknown[] => {
  if (!isOptions(step)) return []
  const arms: readonly unknown[] = Array.isArray(step.arms) ? step.arms : []
  return [step.on, ...arms.map((arm) => (isOptions(arm) ? arm.on : undefined))]
}
