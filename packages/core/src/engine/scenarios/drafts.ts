import { parseScenario } from '../../domain/scenario/parse-scenario.ts'
import type { ScenarioDefinition } from '../../domain/scenario/scenario-definition.ts'
import { TobiishiError } from '../../errors/index.ts'
import type { ScenarioRow, ScenarioVersionRow, Step, StorageTransaction } from '../../ports/storage/index.ts'
import type { InboxWork } from '../inbox/take-in.ts'
import { reused } from '../prepare/publish-scenarios.ts'
import { isSameVersion, versionRow } from '../prepare/version-row.ts'
import type { Runtime } from '../runtime.ts'
import type { Tobiishi } from '../tobiishi.ts'
import { checkUsable, invalid } from './check-usable.ts'

/** Scenarios that come as JSON, as an app's own editor makes them. Saving the same again changes nothing. */
export const createDrafts = (runtime: Runtime, work: Pick<InboxWork, 'ready'>): Pick<Tobiishi['scenarios'], 'save'> => ({
  save: async (json) => {
    await work.ready()
    const definition = readScenarioJson(json)
    const { name, version } = definition
    if (runtime.scenarios.has(name))
      throw new TobiishiError(
        'scenario.state',
        `Scenario '${name}' is declared in code: change it there, or save this one under another name.`,
        { details: { scenario: name } },
      )
    checkUsable(runtime, definition)
    const row = versionRow(definition, runtime.clock.now())
    await runtime.storage.transaction((tx) => saveDraft(tx, row))
    return { name, version }
  },
})

const readScenarioJson = (json: unknown): ScenarioDefinition => {
  const parsed = parseScenario(json)
  if (parsed.ok) return parsed.definition
  throw invalid(nameIn(json), parsed.problems)
}

const nameIn = (json: unknown): string =>
  typeof json === 'object' && json !== null && 'name' in json && typeof json.name === 'string' ? json.name : '?'

function* saveDraft(tx: StorageTransaction, row: ScenarioVersionRow): Step<void> {
  const before = yield* tx.scenarios.lock(row.scenario)
  const [stored] = yield* tx.scenarios.versions([row])
  if (before !== null && before.draftVersion !== row.version) refuseLower(before, row, stored)
  if (stored === undefined) yield* tx.scenarios.publish(row, { origin: 'stored', isDraft: true })
  else if (!isSameVersion(stored, row)) {
    if (before?.draftVersion !== row.version) throw reused(row, stored.definition)
    yield* tx.scenarios.replaceDraft(row)
  }
}

/** A number below the published one could never be published. */
const refuseLower = (
  before: ScenarioRow,
  { scenario, version }: ScenarioVersionRow,
  stored: ScenarioVersionRow | undefined,
): void => {
  const published = before.state === 'draft' ? 0 : before.version
  if (stored !== undefined || version > published) return
  throw new TobiishiError(
    'scenario.changed',
    `Scenario '${scenario}' has version ${published} already: save this one with a higher number, such as ${published + 1}.`,
    { details: { scenario, version, published } },
  )
}
