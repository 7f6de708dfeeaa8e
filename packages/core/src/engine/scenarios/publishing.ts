import type { Instant } from '../../domain/time/instant.ts'
import type { Job, ScenarioRow, Step, StorageTransaction } from '../../ports/storage/index.ts'
import { reasonOf } from '../advance/batch.ts'
import type { InboxWork } from '../inbox/take-in.ts'
import { versionRow } from '../prepare/version-row.ts'
import type { Runtime } from '../runtime.ts'
import type { Tobiishi } from '../tobiishi.ts'
import { fillWatches } from '../watches/fill-watches.ts'
import { checkUsable } from './check-usable.ts'
import { previewInFlight } from './in-flight.ts'
import { dropLeft } from './jobs/exit-chunk.ts'
import { cancelJobs } from './jobs/job.ts'
import { lockScenario, wrongState } from './locked-scenario.ts'
import { raiseVersion } from './raise-version.ts'
import { readDefinition, readScenario, readVersionOption, versionOf } from './read-definition.ts'

type Publishing = Pick<Tobiishi['scenarios'], 'publish' | 'previewPublish'>

/**
 * Publishing a draft, or starting a stopped scenario again. What the definition names has to be there in this process. Rejects with
 * `scenario.unknown`, `scenario.state`, `scenario.in_flight`, and as `save` does.
 */
export const createPublishing = (runtime: Runtime, work: Pick<InboxWork, 'ready'>): Publishing => {
  const { storage, clock, waker } = runtime
  return {
    previewPublish: async (name, options = {}) => {
      const version = readVersionOption(options.version)
      await work.ready()
      return await storage.read(function* (reader) {
        const row = yield* readScenario(reader.scenarios, name)
        const wanted = version ?? row.draftVersion ?? versionOf(row)
        return yield* previewInFlight(reader, yield* readDefinition(reader.scenarios, name, wanted))
      })
    },
    publish: async (name) => {
      await work.ready()
      const version = await storage.transaction((tx) => publish(runtime, tx, name, clock.now()))
      await watchAtOnce(runtime)
      waker.hint()
      return { version }
    },
  }
}

/** So that whoever comes into a segment right after this enters, and is not taken for one who was there before. What fails is left to a worker. */
const watchAtOnce = async (runtime: Runtime): Promise<void> => {
  try {
    await fillWatches(runtime)
  } catch (error) {
    runtime.logger.warn('watches.leftToWorker', { reason: reasonOf(error) })
  }
}

function* publish(runtime: Runtime, tx: StorageTransaction, name: string, now: Instant): Step<number> {
  const row = yield* lockScenario(tx, name)
  const draft = draftOf(row)
  const definition = yield* readDefinition(tx.scenarios, name, draft ?? row.version)
  checkUsable(runtime, definition)
  if (row.state === 'stopped' || row.state === 'archived') yield* endStop(tx, row, now)
  const started: ScenarioRow = { ...row, state: row.state === 'paused' ? 'paused' : 'active' }
  if (draft === null) {
    yield* tx.scenarios.save(started)
    return row.version
  }
  yield* tx.scenarios.replaceDraft(versionRow(definition, now))
  const origin = runtime.scenarios.has(name) ? 'code' : 'stored'
  const published: ScenarioRow = { ...started, draftVersion: null, origin }
  yield* raiseVersion(tx, { row: published, definition, isFirst: row.state === 'draft', now })
  return draft
}

/** Whoever comes in from now on must not be shown out with those who were in it: they have to be out before. A version shows out older ones only. */
function* endStop(tx: StorageTransaction, row: ScenarioRow, now: Instant): Step<void> {
  const jobs = yield* tx.jobs.ofScenario(row.name)
  if (!jobs.some((job) => isStop(job) && job.state === 'running')) return
  const active = yield* tx.enrolments.count({ scenario: row.name, state: 'active' })
  if (active > 0)
    throw wrongState(row, 'published', `${active} contacts are still leaving it. Wait until the workers have ended them`)
  yield* cancelJobs(tx, row.name, isStop, now)
  yield* dropLeft(tx, row.name, { reason: 'stopped', below: null }, now)
}

const isStop = ({ kind, spec }: Job): boolean => kind === 'exit' && spec.reason === 'stopped'

/** The draft to be published; null where a scenario that was stopped goes on as it was. Throws `scenario.state` where there is neither. */
const draftOf = (row: ScenarioRow): number | null => {
  const { state, version, draftVersion } = row
  if (draftVersion !== null && state !== 'draft' && draftVersion <= version)
    throw wrongState(
      row,
      'published',
      `version ${version} is newer than its draft ${draftVersion}. Save the draft with a higher version`,
    )
  if (draftVersion === null && state !== 'stopped' && state !== 'archived')
    throw wrongState(row, 'published', 'it has no draft. Save one with scenarios.save, or declare a higher version')
  return draftVersion
}
