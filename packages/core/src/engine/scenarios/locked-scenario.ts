import { TobiishiError } from '../../errors/index.ts'
import type { ScenarioRow, Step, StorageTransaction } from '../../ports/storage/index.ts'

/** Locks the row of a scenario, which every change of its state does first. Throws `scenario.unknown`. */
export function* lockScenario(tx: Pick<StorageTransaction, 'scenarios'>, name: string): Step<ScenarioRow> {
  const row = yield* tx.scenarios.lock(name)
  if (row === null) throw unknownScenario(name)
  return row
}

export const unknownScenario = (name: string): TobiishiError =>
  new TobiishiError(
    'scenario.unknown',
    `There is no scenario '${name}': give it to createTobiishi, or save it with scenarios.save.`,
    { details: { scenario: name } },
  )

/** What a scenario refuses in the state that it is in, and what to do instead. */
export const wrongState = (row: Pick<ScenarioRow, 'name' | 'state'>, wanted: string, advice: string): TobiishiError =>
  new TobiishiError('scenario.state', `Scenario '${row.name}' is ${row.state} and cannot be ${wanted}: ${advice}.`, {
    details: { scenario: row.name, state: row.state },
  })
