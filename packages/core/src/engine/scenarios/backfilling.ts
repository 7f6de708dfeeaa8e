import type { JsonObject } from '../../domain/json.ts'
import type { ScenarioDefinition } from '../../domain/scenario/scenario-definition.ts'
import type { Instant } from '../../domain/time/instant.ts'
import { today } from '../../domain/time/local-date.ts'
import { parseInstant } from '../../domain/time/parse-instant.ts'
import { TobiishiError } from '../../errors/index.ts'
import type { ScenarioRow, Step, StorageReader, StorageTransaction } from '../../ports/storage/index.ts'
import type { InboxWork } from '../inbox/take-in.ts'
import type { Runtime } from '../runtime.ts'
import type { BackfillPreview, BackfillSettings, Tobiishi } from '../tobiishi.ts'
import { type Admitted, admitted } from './backfill/admitted.ts'
import type { Candidate, CandidatePage, CandidateQuery } from './backfill/candidate.ts'
import { sourceFor } from './backfill/candidates.ts'
import { durationOf } from './backfill/rate.ts'
import { addTally, emptyTally, tallyOf } from './backfill/tally.ts'
import { triggerHash } from './jobs/backfill-chunk.ts'
import { chunkSize, finished, type JobSpec, newJob } from './jobs/job.ts'
import { lockScenario, wrongState } from './locked-scenario.ts'
import { readDefinition, readScenario, versionOf } from './read-definition.ts'

type Backfilling = Pick<Tobiishi['scenarios'], 'previewBackfill' | 'backfill' | 'cancelJob'>

/**
 * Entering those who did what starts a scenario before it was there. By event: the latest of each contact, or each event where
 * re-entry is `every-event`; by segment: its members. Left out is who was in it already, as re-entry has it, and to whom an exit or
 * the goal happened since. Rejects with `scenario.unknown`, `scenario.state`, `config.invalid`, `job.unknown`.
 */
export const createBackfilling = (runtime: Runtime, work: Pick<InboxWork, 'ready'>): Backfilling => {
  const { storage, clock, waker, randomId } = runtime
  return {
    previewBackfill: async (name, options = {}) => {
      const settings = readSettings(options)
      await work.ready()
      return await preview(runtime, name, settings)
    },
    backfill: async (name, options = {}) => {
      const settings = readSettings(options)
      await work.ready()
      const id = `backfill:${randomId()}`
      await storage.transaction((tx) => start(runtime, tx, { name, id, settings, now: clock.now() }))
      waker.hint()
      return { job: id }
    },
    cancelJob: async (id) => {
      await work.ready()
      await storage.transaction((tx) => cancel(tx, id, clock.now()))
    },
  }
}

type Settings = Pick<JobSpec<'backfill'>, 'as' | 'since' | 'perHour'>

const readSettings = ({ as = 'now', since, perHour }: BackfillSettings): Settings => {
  if (as !== 'now' && as !== 'original') throw new TobiishiError('config.invalid', "as must be 'now' or 'original'.")
  if (perHour !== undefined && !(Number.isSafeInteger(perHour) && perHour > 0))
    throw new TobiishiError('config.invalid', 'perHour must be a whole number above 0.')
  return { as, since: since === undefined ? null : parseInstant(since), perHour: perHour ?? null }
}

/** Reads everybody whom the trigger means, page by page. */
const preview = async (runtime: Runtime, name: string, { as, since, perHour }: Settings): Promise<BackfillPreview> => {
  const { storage, clock, settings } = runtime
  const now = clock.now()
  const definition = await storage.read((reader) => definitionOf(reader, name))
  const source = sourceFor(definition)
  const { timeZone } = settings
  const enteredAt = ({ occurredAt }: Candidate) => (as === 'now' ? now : occurredAt)
  let tally = emptyTally
  const entriesOfEach: number[] = []
  for (let cursor: JsonObject | null = null; ; ) {
    const query: CandidateQuery = { definition, since, cursor, limit: chunkSize, now, timeZone }
    const page: CandidatePage & Admitted = await storage.read(function* (reader) {
      const next = yield* source(reader, query)
      return { ...next, ...(yield* admitted(reader, definition, next.found, { enteredAt, timeZone })) }
    })
    tally = addTally(tally, tallyOf(page))
    const entries = Map.groupBy(page.entering, ({ contactId }) => contactId)
    for (const id of page.contactIds) entriesOfEach.push(entries.get(id)?.length ?? 0)
    cursor = page.cursor
    if (cursor === null) break
  }
  const { entered, ...rest } = tally
  return { ...rest, wouldEnter: entered, duration: durationOf(entriesOfEach, perHour) }
}

function* definitionOf(reader: StorageReader, name: string): Step<ScenarioDefinition> {
  const row = yield* readScenario(reader.scenarios, name)
  return yield* readDefinition(reader.scenarios, name, versionOf(row))
}

interface Start {
  readonly name: string
  readonly id: string
  readonly settings: Settings
  readonly now: Instant
}

function* start(runtime: Runtime, tx: StorageTransaction, { name, id, settings, now }: Start): Step<void> {
  const row = yield* lockScenario(tx, name)
  if (row.state !== 'active' && row.state !== 'paused') throw wrongState(row, 'backfilled', 'publish it first')
  yield* refuseSecond(tx, row)
  const definition = yield* readDefinition(tx.scenarios, name, row.version)
  sourceFor(definition)
  const spec = { ...settings, version: row.version, trigger: triggerHash(definition) }
  const total = yield* totalOf(runtime, tx, definition, now)
  yield* tx.jobs.create(newJob('backfill', { id, scenario: name, spec, total }, now))
}

/** Two at once would be twice the rate. */
function* refuseSecond(tx: StorageTransaction, row: ScenarioRow): Step<void> {
  const running = (yield* tx.jobs.ofScenario(row.name)).find(({ kind, state }) => kind === 'backfill' && state === 'running')
  if (running === undefined) return
  throw new TobiishiError(
    'scenario.state',
    `A backfill of scenario '${row.name}' is running: wait for it, or cancel it with cancelJob.`,
    {
      details: { scenario: row.name, job: running.id },
    },
  )
}

/** Members of a segment are counted; how many contacts did an event is not known before all were read. */
function* totalOf(
  { settings }: Runtime,
  tx: StorageTransaction,
  definition: ScenarioDefinition,
  now: Instant,
): Step<number | null> {
  const { trigger, segments } = definition
  const tree = trigger?.kind === 'segment' ? segments[trigger.segment] : undefined
  return tree === undefined ? null : yield* tx.segments.count({ tree, now, today: today(now, settings.timeZone) })
}

function* cancel(tx: StorageTransaction, id: string, now: Instant): Step<void> {
  const job = yield* tx.jobs.lock(id, { skipLocked: false })
  if (job === null) throw new TobiishiError('job.unknown', 'There is no job with this id.', { details: { job: id } })
  if (job.state === 'running') yield* tx.jobs.save(finished(job, 'cancelled', now))
}
