import type { ScenarioDefinition } from '../../domain/scenario/scenario-definition.ts'
import { TobiishiError } from '../../errors/index.ts'
import type { ScenarioVersionRow } from '../../ports/storage/index.ts'
import type { Runtime } from '../runtime.ts'
import { asStored } from './canonical.ts'
import { differences } from './difference.ts'
import { isSameVersion, versionRow } from './version-row.ts'

const mostDifferences = 5

/**
 * Stores the declared versions that are new. A version number that is there with another content is refused with what
 * changed, because enrolments are pinned to it. A lower number than the stored one is stored but replaces nothing.
 * Throws `scenario.changed`.
 */
export const publishScenarios = async (runtime: Runtime): Promise<void> => {
  const rows = [...runtime.scenarios.values()].map(({ definition }) => versionRow(definition, runtime.clock.now()))
  const changed = await runtime.storage.transaction(function* (tx) {
    const reused: ScenarioVersionRow[] = []
    for (const row of rows) if ((yield* tx.scenarios.publish(row)).storedHash !== row.hash) reused.push(row)
    return reused
  })
  if (changed.length === 0) return
  const stored = await runtime.storage.read((reader) => reader.scenarios.versions(changed))
  for (const row of changed) {
    const before = stored.find(({ scenario, version }) => scenario === row.scenario && version === row.version)
    if (before === undefined || !isSameVersion(before, row)) throw reused(row, before?.definition)
  }
}

const reused = ({ scenario, version, definition }: ScenarioVersionRow, before: ScenarioDefinition | undefined) => {
  const found = differences(asStored(before ?? {}), asStored(definition))
  const shown = found.slice(0, mostDifferences).join('; ')
  const more = found.length > mostDifferences ? `; and ${found.length - mostDifferences} more` : ''
  return new TobiishiError(
    'scenario.changed',
    `Version ${version} of scenario '${scenario}' was published with other contents: ${shown}${more}. Raise the version to ${version + 1}; ` +
      'contacts who are in it finish with the version they entered.',
    { details: { scenario, version, differences: found } },
  )
}
