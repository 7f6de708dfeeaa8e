import type { Job, Step, StorageReader } from '../../ports/storage/index.ts'
import { specOf } from '../scenarios/jobs/job.ts'

/** Why those who are in a version are being shown out. */
export type LeavingReason = 'stopped' | 'replaced'

/** Null: who is in this version stays. A mail without a version belongs to all of them. */
export type LeavingOf = (version: number | null) => LeavingReason | null

/** Whom the running jobs of a scenario end: their enrolments are active still, and nothing comes of them any more. */
export const leavingOf = (jobs: readonly Job[]): LeavingOf => {
  const specs = jobs.flatMap((job) => (job.kind === 'exit' && job.state === 'running' ? [specOf(job, 'exit')] : []))
  return (version) => specs.find(({ below }) => below === null || (version !== null && version < below))?.reason ?? null
}

export function* readLeaving(reader: Pick<StorageReader, 'jobs'>, scenario: string): Step<LeavingOf> {
  return leavingOf(yield* reader.jobs.ofScenario(scenario))
}
