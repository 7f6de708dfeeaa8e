import type { Job, JobWriter } from '../ports/storage/index.ts'
import { byNumber, byText, descending, inOrder } from './compare.ts'
import type { Tables } from './tables.ts'
import { verb } from './verb.ts'

const byAge = inOrder<Job>(
  byNumber((row) => row.createdAt),
  byText((row) => row.id),
)

export const createJobs = (tables: Tables): JobWriter => ({
  get: (id) => verb(() => tables.jobs.get(id) ?? null),
  ofScenario: (scenario) =>
    verb(() => [...tables.jobs.values()].filter((job) => job.scenario === scenario).sort(descending(byAge))),
  due: (now) => verb(() => [...tables.jobs.values()].filter((job) => jobDueAt(job) <= now).sort(byAge)),
  create: (job) =>
    verb(() => {
      if (tables.jobs.get(job.id) !== undefined) return false
      tables.jobs.put(job)
      return true
    }),
  lock: (id) => verb(() => tables.jobs.get(id) ?? null),
  save: (job) =>
    verb(() => {
      tables.jobs.put(job)
    }),
})

/** When the next chunk of a job may run; never for those that have ended. */
export const jobDueAt = (job: Job): number => (job.state === 'running' ? job.runAt : Number.POSITIVE_INFINITY)
