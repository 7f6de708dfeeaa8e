import type { ScenarioDefinition } from '../../domain/scenario/scenario-definition.ts'
import { readableFormats, upgradeDefinition } from '../../domain/scenario/upgrade-definition.ts'
import { highestVersion, isVersion } from '../../domain/scenario/version-number.ts'
import { TobiishiError } from '../../errors/index.ts'
import type { ScenarioReader, ScenarioRow, Step } from '../../ports/storage/index.ts'
import { unknownScenario } from './locked-scenario.ts'

/** The row of a scenario. Throws `scenario.unknown`. */
export function* readScenario(reader: ScenarioReader, name: string): Step<ScenarioRow> {
  const row = (yield* reader.all()).find((one) => one.name === name)
  if (row === undefined) throw unknownScenario(name)
  return row
}

/** The version that a caller names, if it names one. Throws `config.invalid` for what is no number of a version. */
export const readVersionOption = (version: unknown): number | undefined => {
  if (version === undefined || isVersion(version)) return version
  throw new TobiishiError('config.invalid', `version must be a whole number from 1 to ${highestVersion}.`)
}

/** A stored version in the format of now. Throws `scenario.unknown` where it is not there, or of a format that this code cannot read. */
export function* readDefinition(reader: ScenarioReader, name: string, version: number): Step<ScenarioDefinition> {
  const [row] = yield* reader.versions([{ scenario: name, version }])
  if (row === undefined)
    throw new TobiishiError('scenario.unknown', `Scenario '${name}' has no version ${version}.`, {
      details: { scenario: name, version },
    })
  if (!readableFormats.includes(row.format))
    throw new TobiishiError(
      'scenario.unknown',
      `Version ${version} of scenario '${name}' was stored by a newer version of Tobiishi: update the package in this process.`,
    )
  return upgradeDefinition(row.definition)
}

/** The version that counts where none is named: the published one, of a draft the draft. */
export const versionOf = (row: ScenarioRow): number => (row.state === 'draft' ? (row.draftVersion ?? row.version) : row.version)

/** The versions of a scenario that this code can read, by number. */
export function* readVersions(
  reader: ScenarioReader,
  name: string,
  versions: Iterable<number>,
): Step<ReadonlyMap<number, ScenarioDefinition>> {
  const keys = [...new Set(versions)].map((version) => ({ scenario: name, version }))
  const rows = keys.length === 0 ? [] : yield* reader.versions(keys)
  const readable = rows.filter(({ format }) => readableFormats.includes(format))
  return new Map(readable.map(({ version, definition }) => [version, upgradeDefinition(definition)]))
}
