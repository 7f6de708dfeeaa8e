import * as z from 'zod'
import type { JsonObject } from '../../../domain/json.ts'
import type { Instant } from '../../../domain/time/instant.ts'
import { TobiishiError } from '../../../errors/index.ts'
import type { Job, Step, StorageTransaction } from '../../../ports/storage/index.ts'

/** Contacts in one transaction: few enough that nobody waits long for their locks. */
export const chunkSize = 200

const tally = z.object({
  matching: z.number(),
  entered: z.number(),
  alreadyIn: z.number(),
  endedSince: z.number(),
  entries: z.number(),
})

const specs = {
  /** Moves enrolments of lower versions into `version`. */
  migrate: z.object({ version: z.number() }),
  /** Ends enrolments: all, or those of versions below `below`. */
  exit: z.object({ reason: z.enum(['stopped', 'replaced']), below: z.number().nullable() }),
  /** Enters contacts by `trigger`, a hash of which tells whether the scenario still starts that way. */
  backfill: z.object({
    as: z.enum(['now', 'original']),
    since: z.number().nullable(),
    perHour: z.number().nullable(),
    version: z.number(),
    trigger: z.string(),
    /** So far. Absent: nobody has been looked at. */
    tally: tally.optional(),
  }),
} as const

export type JobKind = Job['kind']
export type JobSpec<K extends JobKind> = z.infer<(typeof specs)[K]>

/** The spec of a job of this kind; null for another kind, and for one that this code cannot have written. */
export const readSpec = <K extends JobKind>(job: Job, kind: K): JobSpec<K> | null => {
  const parsed = job.kind === kind ? specs[kind].safeParse(job.spec) : null
  return parsed?.success ? (parsed.data as JobSpec<K>) : null
}

/** The spec of a job as it was written. Throws `storage.failed` for one that this code cannot have written. */
export const specOf = <K extends JobKind>(job: Job, kind: K): JobSpec<K> => {
  const spec = readSpec(job, kind)
  if (spec !== null) return spec
  throw new TobiishiError('storage.failed', `Job '${job.id}' cannot be read: cancel it with scenarios.cancelJob.`)
}

/** A job at its start, due at once. */
export const newJob = <K extends JobKind>(
  kind: K,
  job: { readonly id: string; readonly scenario: string; readonly spec: JobSpec<K> & JsonObject; readonly total: number | null },
  now: Instant,
): Job => ({ ...job, kind, cursor: null, state: 'running', done: 0, runAt: now, createdAt: now, finishedAt: null })

export const finished = (job: Job, state: 'done' | 'cancelled', now: Instant): Job => ({
  ...job,
  state,
  finishedAt: now,
})

/**
 * Cancels the running jobs of a scenario that `isMeant` picks; a chunk under way is waited for. The scenario's row is locked.
 */
export function* cancelJobs(
  tx: Pick<StorageTransaction, 'jobs'>,
  scenario: string,
  isMeant: (job: Job) => boolean,
  now: Instant,
): Step<void> {
  const meant = (yield* tx.jobs.ofScenario(scenario)).filter((job) => job.state === 'running' && isMeant(job))
  for (const { id } of meant.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    const job = yield* tx.jobs.lock(id, { skipLocked: false })
    if (job?.state === 'running') yield* tx.jobs.save(finished(job, 'cancelled', now))
  }
}
