import type { DeclaredScenario } from '../../define/declared.ts'
import type { ScenarioDefinition } from '../../domain/scenario/scenario-definition.ts'
import { upgradeDefinition } from '../../domain/scenario/upgrade-definition.ts'
import type { Instant } from '../../domain/time/instant.ts'
import { TobiishiError } from '../../errors/index.ts'
import type { ScenarioRow, ScenarioVersionRow, Step, StorageReader, StorageTransaction } from '../../ports/storage/index.ts'
import { versionKey } from '../advance/scenario-book.ts'
import type { Runtime } from '../runtime.ts'
import { raiseVersion } from '../scenarios/raise-version.ts'
import { asStored } from './canonical.ts'
import { differences } from './difference.ts'
import { refuseUnfilled } from './refuse-unfilled.ts'
import { isSameVersion, versionRow } from './version-row.ts'

const mostDifferences = 5

/**
 * Stores the declared versions that are new and makes them the ones that new enrolments get; a draft waits for `publish`. A version
 * number that was published with another content is refused with what changed, because enrolments are pinned to it. A lower
 * number than the stored one is stored but replaces nothing. Texts that a version could not fill are refused, too. All
 * or, where something is refused, nothing. Throws `scenario.changed`, `scenario.in_flight`, `template.invalid`.
 */
export const publishScenarios = async (runtime: Runtime): Promise<void> => {
  const { storage, clock, scenarios, templates, stored } = runtime
  const declared = [...scenarios.values()].toSorted((a, b) => (a.definition.name < b.definition.name ? -1 : 1))
  const fresh = await storage.read((reader) => notYetPublished(reader, declared))
  if (fresh.length === 0) return await storage.read((reader) => refuseUnfilled(reader, templates))
  const now = clock.now()
  await storage.transaction(function* (tx) {
    for (const scenario of fresh) yield* publishDeclared(tx, scenario, now)
    yield* refuseUnfilled(tx, templates)
  })
  for (const { definition } of fresh) stored.versions.delete(versionKey(definition.name, definition.version))
}

/** Most processes start with what is published already: they take no lock. */
function* notYetPublished(reader: StorageReader, declared: readonly DeclaredScenario[]): Step<readonly DeclaredScenario[]> {
  if (declared.length === 0) return []
  const rows = new Map((yield* reader.scenarios.all()).map((row) => [row.name, row]))
  const keys = declared.map(({ definition }) => ({ scenario: definition.name, version: definition.version }))
  const versions = new Map((yield* reader.scenarios.versions(keys)).map((row) => [row.scenario, row]))
  return declared.filter(({ definition, isDraft }) => {
    const row = rows.get(definition.name)
    const before = versions.get(definition.name)
    if (row === undefined || before === undefined || !isSameVersion(before, versionRow(definition, 0))) return true
    return row.draftVersion === definition.version && !isDraft
  })
}

function* publishDeclared(tx: StorageTransaction, { definition, isDraft }: DeclaredScenario, now: Instant): Step<void> {
  const row = versionRow(definition, now)
  const before = yield* tx.scenarios.lock(row.scenario)
  const [stored] = yield* tx.scenarios.versions([row])
  const isItsDraft = before?.draftVersion === row.version
  if (stored !== undefined && !isSameVersion(stored, row)) {
    if (!isItsDraft) throw reused(row, stored.definition)
    yield* tx.scenarios.replaceDraft(row)
  }
  if (stored === undefined) yield* addVersion(tx, row, { isDraft, before })
  const isNew = stored === undefined || isItsDraft
  if (before === null || isDraft || !isNew) return
  const isFirst = before.state === 'draft'
  if (!isFirst && before.version >= row.version) return
  yield* raiseVersion(tx, { row: raised(before, row.version), definition, isFirst, now })
}

/** Of two processes that add a version at once one is first, and the other hears what is stored. */
function* addVersion(
  tx: StorageTransaction,
  row: ScenarioVersionRow,
  { isDraft, before }: { readonly isDraft: boolean; readonly before: ScenarioRow | null },
): Step<void> {
  if (isDraft && before !== null && before.version > row.version) return
  const { storedHash } = yield* tx.scenarios.publish(row, { origin: 'code', isDraft })
  if (storedHash === row.hash) return
  const [stored] = yield* tx.scenarios.versions([row])
  if (stored === undefined || !isSameVersion(stored, row)) throw reused(row, stored?.definition)
}

const raised = (before: ScenarioRow, version: number): ScenarioRow => ({
  ...before,
  version,
  state: before.state === 'draft' ? 'active' : before.state,
  origin: 'code',
  draftVersion: before.draftVersion === version ? null : before.draftVersion,
})

/** That a published version was used for other contents, with what differs. */
export const reused = ({ scenario, version, definition }: ScenarioVersionRow, before: ScenarioDefinition | undefined) => {
  const found = differences(asStored(before === undefined ? {} : upgradeDefinition(before)), asStored(definition))
  const shown = found.slice(0, mostDifferences).join('; ')
  const more = found.length > mostDifferences ? `; and ${found.length - mostDifferences} more` : ''
  return new TobiishiError(
    'scenario.changed',
    `Version ${version} of scenario '${scenario}' was published with other contents: ${shown}${more}. Raise the version to ${version + 1}; ` +
      'contacts who are in it finish with the version they entered.',
    { details: { scenario, version, differences: found } },
  )
}
