import { minute } from '../../../domain/time/instant.ts'
import { TobiishiError } from '../../../errors/index.ts'
import type { Job, Step, StorageTransaction } from '../../../ports/storage/index.ts'
import { reasonOf } from '../../advance/batch.ts'
import type { Runtime } from '../../runtime.ts'
import { backfillChunk } from './backfill-chunk.ts'
import type { Chunk, WorkChunk } from './chunk.ts'
import { exitChunk } from './exit-chunk.ts'
import { migrateChunk } from './migrate-chunk.ts'

const workers: { readonly [kind in Job['kind']]: WorkChunk } = {
  backfill: backfillChunk,
  migrate: migrateChunk,
  exit: exitChunk,
}

/** Chunks of one job in one pass, so that mail does not wait behind a long migration. */
const chunksAPass = 5
/** A job whose chunk fails is tried again after this, and the others go on. */
const afterFailure = minute

/**
 * Works the jobs that are due: chunk by chunk, each a transaction that saves with its work where the next one goes on, so that a
 * crash repeats nothing and loses nothing. Of two workers one has a job at a time, the other leaves it alone. Answers how many
 * contacts were looked at. An abort ends it after the chunk under way.
 */
export const workJobs = async (
  runtime: Runtime,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<number> => {
  const due = await runtime.storage.read((reader) => reader.jobs.due(runtime.clock.now()))
  let contacts = 0
  for (const { id } of due) {
    for (let nth = 0; nth < chunksAPass && !signal?.aborted; nth += 1) {
      const chunk = await workChunk(runtime, id)
      if (chunk === null) break
      contacts += chunk.contacts
    }
  }
  return contacts
}

/** One chunk of a job; null where there is nothing to do now: another has it, it has ended, or it waits. */
const workChunk = async (runtime: Runtime, id: string): Promise<Chunk | null> => {
  try {
    const chunk = await runtime.storage.transaction((tx) => jobChunk(runtime, tx, id))
    for (const { event, fields } of chunk?.warnings ?? []) runtime.logger.warn(event, fields)
    return chunk
  } catch (error) {
    if (TobiishiError.is(error) && error.isRetryable) throw error
    runtime.logger.error('job.failed', { job: id, reason: reasonOf(error) })
    await runtime.storage.transaction((tx) => postpone(runtime, tx, id))
    return null
  }
}

/** The work of one transaction, for tests that stop it half-way. */
export function* jobChunk(runtime: Runtime, tx: StorageTransaction, id: string): Step<Chunk | null> {
  const now = runtime.clock.now()
  const job = yield* tx.jobs.lock(id, { skipLocked: true })
  if (job === null || job.state !== 'running' || job.runAt > now) return null
  const chunk = yield* workers[job.kind]({ runtime, tx, job, now })
  yield* tx.jobs.save(chunk.job)
  return chunk
}

function* postpone({ clock }: Runtime, tx: StorageTransaction, id: string): Step<void> {
  const job = yield* tx.jobs.lock(id, { skipLocked: true })
  if (job?.state === 'running') yield* tx.jobs.save({ ...job, runAt: clock.now() + afterFailure })
}
