import type { Instant } from '../../domain/time/instant.ts'
import { TobiishiError } from '../../errors/index.ts'
import type { Step, StorageTransaction } from '../../ports/storage/index.ts'
import type { InboxWork } from '../inbox/take-in.ts'
import type { Runtime } from '../runtime.ts'
import type { Tobiishi } from '../tobiishi.ts'
import { cancelJobs, newJob } from './jobs/job.ts'
import { lockScenario, wrongState } from './locked-scenario.ts'
import { afterPause } from './pausing.ts'

type Stopping = Pick<Tobiishi['scenarios'], 'stop' | 'archive'>

interface Stop {
  readonly name: string
  readonly inFlight: 'finish' | 'exit'
  readonly now: Instant
  /** Of the job, where one is needed. */
  readonly jobId: string
}

/**
 * Ending a scenario: `stop` closes the entry, cancels its backfills and ends a pause, and with `exit` no mail or call of it starts
 * any more, queued mail is dropped at once and a job ends everybody who is in it. A stopped one is started again by publishing. Rejects with `scenario.unknown`, `scenario.state`.
 */
export const createStopping = (runtime: Runtime, work: Pick<InboxWork, 'ready'>): Stopping => {
  const { storage, clock, waker, randomId } = runtime
  return {
    stop: async (name, options) => {
      const inFlight = readInFlight(options?.inFlight)
      await work.ready()
      const request = { name, inFlight, now: clock.now(), jobId: `exit:${randomId()}` }
      await storage.transaction((tx) => stop(tx, request))
      if (inFlight === 'exit') await storage.transaction((tx) => dropAll(tx, request))
      waker.hint()
    },
    archive: async (name) => {
      await work.ready()
      await storage.transaction((tx) => archive(tx, name, clock.now()))
    },
  }
}

const readInFlight = (inFlight: unknown): Stop['inFlight'] => {
  if (inFlight === 'finish' || inFlight === 'exit') return inFlight
  throw new TobiishiError('config.invalid', "stop needs inFlight: 'finish' lets those who are in it go on, 'exit' ends them now.")
}

function* stop(tx: StorageTransaction, { name, inFlight, now, jobId }: Stop): Step<void> {
  const row = yield* lockScenario(tx, name)
  if (row.state === 'archived') throw wrongState(row, 'stopped', 'it was stopped before')
  if (row.state !== 'stopped') yield* tx.scenarios.save({ ...afterPause(row, 'continue', now), state: 'stopped' })
  yield* cancelJobs(tx, name, ({ kind }) => kind === 'backfill', now)
  if (inFlight === 'finish') return
  yield* cancelJobs(tx, name, () => true, now)
  const total = yield* tx.enrolments.count({ scenario: name, state: 'active' })
  const spec = { reason: 'stopped', below: null } as const
  yield* tx.jobs.create(newJob('exit', { id: jobId, scenario: name, spec, total }, now))
}

/** In a transaction of its own, because the one with the job holds up all marks. Without it the marks and the job drop that mail. */
function* dropAll(tx: StorageTransaction, { name, now }: Stop): Step<void> {
  yield* tx.messages.dropQueued({ scenario: name, before: Number.MAX_SAFE_INTEGER }, 'stopped', now)
}

function* archive(tx: StorageTransaction, name: string, now: Instant): Step<void> {
  const row = yield* lockScenario(tx, name)
  if (row.state === 'archived') return
  if (row.state !== 'stopped') throw wrongState(row, 'archived', 'stop it first')
  const active = yield* tx.enrolments.count({ scenario: name, state: 'active' })
  if (active > 0)
    throw wrongState(
      row,
      'archived',
      `${active} contacts are in it still. Wait until they have finished, or stop it with inFlight: 'exit'`,
    )
  // What shows everybody out goes on: mail that was under way when it began may still come back.
  yield* cancelJobs(tx, name, ({ kind }) => kind !== 'exit', now)
  yield* tx.scenarios.save({ ...row, state: 'archived' })
}
