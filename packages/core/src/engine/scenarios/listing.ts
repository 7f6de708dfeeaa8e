import type { JsonObject } from '../../domain/json.ts'
import type { Job, ScenarioRow, Step, StorageReader } from '../../ports/storage/index.ts'
import type { InboxWork } from '../inbox/take-in.ts'
import { asStored } from '../prepare/canonical.ts'
import type { Runtime } from '../runtime.ts'
import type { BackfillTally, ScenarioInfo, Tobiishi } from '../tobiishi.ts'
import { emptyTally } from './backfill/tally.ts'
import { allDone } from './jobs/in-flight-chunk.ts'
import { readSpec } from './jobs/job.ts'
import { readDefinition, readScenario, readVersionOption, versionOf } from './read-definition.ts'

type Listing = Pick<Tobiishi['scenarios'], 'list' | 'get' | 'export' | 'enrolments'>

/** The scenarios as they stand in the database, whoever declared them. */
export const createListing = ({ storage }: Runtime, work: Pick<InboxWork, 'ready'>): Listing => ({
  list: async ({ archived = false } = {}) => {
    await work.ready()
    return await storage.read(function* (reader) {
      const infos: ScenarioInfo[] = []
      for (const row of yield* reader.scenarios.all())
        if (archived || row.state !== 'archived') infos.push(yield* infoOf(reader, row))
      return infos
    })
  },
  get: async (name) => {
    await work.ready()
    return await storage.read(function* (reader) {
      const row = (yield* reader.scenarios.all()).find((one) => one.name === name)
      return row === undefined ? null : yield* infoOf(reader, row)
    })
  },
  export: async (name, options = {}) => {
    const version = readVersionOption(options.version)
    await work.ready()
    const definition = await storage.read(function* (reader) {
      const row = yield* readScenario(reader.scenarios, name)
      return yield* readDefinition(reader.scenarios, name, version ?? versionOf(row))
    })
    return asStored(definition) as JsonObject
  },
  enrolments: (contactId) => storage.read((reader) => reader.enrolments.ofContact(contactId)),
})

function* infoOf(reader: StorageReader, row: ScenarioRow): Step<ScenarioInfo> {
  const { name, state, origin, draftVersion, pausedAt } = row
  const counts = { active: 0, completed: 0, exited: 0, failed: 0 }
  for (const group of yield* reader.enrolments.countByStep(name)) counts[group.state] += group.count
  const stored = yield* reader.jobs.ofScenario(name)
  const jobs = stored.map((job) => ({ ...shown(job, state), tally: tallyOfJob(job) }))
  return { name, state, origin, version: versionOf(row), draftVersion, pausedAt, ...counts, jobs }
}

/** Out of an archived scenario everybody is; what showed them out goes on for a while, for mail that was under way. */
const shown = (job: Job, state: ScenarioRow['state']): Job =>
  state === 'archived' && job.kind === 'exit' && job.state === 'running' ? allDone(job) : job

const tallyOfJob = (job: Job): BackfillTally | null =>
  job.kind === 'backfill' ? (readSpec(job, 'backfill')?.tally ?? emptyTally) : null
