import type { ScenarioDefinition } from '../../domain/scenario/scenario-definition.ts'
import type { ScenarioReader, Step } from '../../ports/storage/index.ts'
import { learn, versionKey } from '../advance/scenario-book.ts'
import type { Runtime } from '../runtime.ts'

/** The version of a scenario that a mail or an enrolment belongs to. */
export interface PinnedVersion {
  readonly scenario: string
  readonly version: number
}

type Known = Pick<Runtime, 'scenarios' | 'stored'>

const declaredOf = ({ scenarios }: Known, { scenario, version }: PinnedVersion): ScenarioDefinition | null => {
  const definition = scenarios.get(scenario)?.definition
  return definition?.version === version ? definition : null
}

/** Reads the definitions of these versions: nothing, unless one is neither declared here nor known already. */
export function* readVersions(
  runtime: Known,
  reader: { readonly scenarios: ScenarioReader },
  versions: readonly PinnedVersion[],
): Step<void> {
  const missing = versions.filter((version) => declaredOf(runtime, version) === null)
  if (missing.length > 0) yield* learn(reader.scenarios, missing, runtime.stored)
}

/** The definition after `readVersions`; null where this process cannot read its format, undefined where there is none. */
export const definitionOf = (runtime: Known, version: PinnedVersion): ScenarioDefinition | null | undefined =>
  declaredOf(runtime, version) ?? runtime.stored.versions.get(versionKey(version.scenario, version.version))

/** The version that planned a mail; null for mail of no scenario. */
export const versionOf = (mail: {
  readonly scenario: string | null
  readonly scenarioVersion: number | null
}): PinnedVersion | null =>
  mail.scenario === null || mail.scenarioVersion === null ? null : { scenario: mail.scenario, version: mail.scenarioVersion }
