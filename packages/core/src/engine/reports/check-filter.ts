import type { ScenarioDefinition } from '../../domain/scenario/scenario-definition.ts'
import { TobiishiError } from '../../errors/index.ts'
import type { ReportFilter, Step, StorageReader } from '../../ports/storage/index.ts'
import type { Runtime } from '../runtime.ts'

type Named = Pick<ReportFilter, 'scenario' | 'stepId'>

/**
 * Refuses a report about what never was, which would count as zero: a scenario that is neither declared nor stored, a step that
 * no version of it has. Reads the stored versions only where the declared ones do not answer. Throws `scenario.unknown`,
 * `definition.unknown_reference`, with the names there are.
 */
export function* checkFilter(runtime: Runtime, reader: Pick<StorageReader, 'scenarios'>, filter: Named): Step<void> {
  const { scenario, stepId } = filter
  if (scenario === undefined && stepId === undefined) return
  const declared = [...runtime.scenarios.values()].map(({ definition }) => definition)
  if (meantBy(filter, declared).length > 0) return
  const stored = (yield* reader.scenarios.versions()).map(({ definition }) => definition)
  const all = [...declared, ...stored]
  if (meantBy(filter, all).length > 0) return
  const ofScenario = meantBy(scenario === undefined ? {} : { scenario }, all)
  if (ofScenario.length === 0)
    throw new TobiishiError(
      'scenario.unknown',
      `There is no scenario '${scenario}' to report on. There are: ${list(all.map(({ name }) => name))}.`,
    )
  const where = scenario === undefined ? 'No scenario' : `No version of scenario '${scenario}'`
  const steps = ofScenario.flatMap((definition) => Object.keys(definition.steps))
  throw new TobiishiError('definition.unknown_reference', `${where} has a step '${stepId}'. There are: ${list(steps)}.`)
}

const meantBy = ({ scenario, stepId }: Named, definitions: readonly ScenarioDefinition[]): readonly ScenarioDefinition[] =>
  definitions.filter(
    ({ name, steps }) => (scenario === undefined || name === scenario) && (stepId === undefined || Object.hasOwn(steps, stepId)),
  )

const list = (names: readonly string[]): string => [...new Set(names)].sort().join(', ') || 'none'
