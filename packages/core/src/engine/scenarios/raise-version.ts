import type { ScenarioDefinition } from '../../domain/scenario/scenario-definition.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { ScenarioRow, Step, StorageTransaction } from '../../ports/storage/index.ts'
import { previewInFlight, refuseLost } from './in-flight.ts'
import { cancelJobs, newJob } from './jobs/job.ts'

export interface Raise {
  /** As it is to be saved. Its lock is held. */
  readonly row: ScenarioRow
  readonly definition: ScenarioDefinition
  /** Nothing was published before, so nobody is in it. */
  readonly isFirst: boolean
  readonly now: Instant
}

/**
 * Makes `definition` the version that new enrolments get, and hands those who are in older ones to a job where `inFlight` says so,
 * all in the caller's transaction. An earlier job that moves or ends them is superseded. Throws `scenario.in_flight`.
 */
export function* raiseVersion(tx: StorageTransaction, { row, definition, isFirst, now }: Raise): Step<void> {
  const { name, version, inFlight } = definition
  yield* tx.scenarios.save({ ...row, version })
  if (isFirst || inFlight === 'pin') return
  const preview = yield* previewInFlight(tx, definition)
  refuseLost(definition, preview)
  yield* cancelJobs(tx, name, ({ kind, spec }) => kind === 'migrate' || (kind === 'exit' && spec.reason === 'replaced'), now)
  const total = preview.moves.reduce((sum, { contacts }) => sum + contacts, 0)
  const job = { id: `${inFlight}:${name}:${version}`, scenario: name, total }
  if (inFlight === 'migrate') yield* tx.jobs.create(newJob('migrate', { ...job, spec: { version } }, now))
  else yield* tx.jobs.create(newJob('exit', { ...job, spec: { reason: 'replaced', below: version } }, now))
}
