import type { DeclaredScenario } from '../define/declared.ts'
import type { ScenarioDefinition } from '../domain/scenario/scenario-definition.ts'
import { TobiishiError } from '../errors/index.ts'
import type { ScenarioRow, Step, StorageReader } from '../ports/storage/index.ts'
import type { Runtime } from './runtime.ts'
import { unknownScenario } from './scenarios/locked-scenario.ts'
import { readDefinition } from './scenarios/read-definition.ts'

/**
 * The definition that an app declares and means, by the scenario itself or by its name; null for a name that only the storage may
 * know. Throws `scenario.unknown`.
 */
export const declaredDefinition = (runtime: Runtime, scenario: DeclaredScenario | string): ScenarioDefinition | null => {
  if (typeof scenario === 'string') return runtime.scenarios.get(scenario)?.definition ?? null
  checkScenario(scenario)
  const { definition } = scenario
  if (runtime.scenarios.get(definition.name) === scenario) return definition
  throw new TobiishiError('scenario.unknown', `Scenario '${definition.name}' was not given to createTobiishi: add it there.`)
}

const checkScenario = (scenario: unknown): void => {
  if (typeof scenario === 'object' && scenario !== null && 'definition' in scenario && scenario.definition instanceof Object)
    return
  throw new TobiishiError(
    'scenario.unknown',
    'The scenario of enrol must be one that the model made and createTobiishi was given, or the name of one.',
  )
}

/**
 * The version of a stored scenario that new enrolments get. Throws `scenario.unknown` where there is none, or where it belongs to
 * code that this process does not have, and `scenario.state` where it takes nobody.
 */
export function* readOpenDefinition(reader: StorageReader, name: string): Step<ScenarioDefinition> {
  const row = (yield* reader.scenarios.all()).find((one) => one.name === name)
  if (row === undefined) throw unknownScenario(name)
  if (row.origin === 'code')
    throw new TobiishiError(
      'scenario.unknown',
      `Scenario '${name}' is declared in code, but not in this process: give it to createTobiishi.`,
      { details: { scenario: name } },
    )
  requireOpen(row)
  return yield* readDefinition(reader.scenarios, name, row.version)
}

/** Throws `scenario.state` where a scenario takes nobody. */
export const requireOpen = ({ name, state }: Pick<ScenarioRow, 'name' | 'state'>): void => {
  if (state === 'active' || state === 'paused') return
  throw new TobiishiError('scenario.state', `Scenario '${name}' is ${state} and takes nobody: publish it before enrolling.`, {
    details: { scenario: name, state },
  })
}
