import type { JsonObject } from '../../domain/json.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Step } from './step.ts'

/** Long work on a scenario, done chunk by chunk by the workers: backfill, migration of what is in flight, ending all enrolments. */
export interface Job {
  readonly id: string
  readonly kind: 'backfill' | 'migrate' | 'exit'
  readonly scenario: string
  readonly spec: JsonObject
  /** Where the next chunk goes on; null at the start. */
  readonly cursor: JsonObject | null
  readonly state: 'running' | 'done' | 'cancelled'
  /** Backfill: contacts looked at. Migrate, exit: enrolments moved or ended by it; who ended by himself meanwhile is not among them. */
  readonly done: number
  /** At the start: members of the segment, active enrolments in question. Null: not known before the end (backfill by event). */
  readonly total: number | null
  /** Not before: how a rate is kept. */
  readonly runAt: Instant
  readonly createdAt: Instant
  readonly finishedAt: Instant | null
}
export interface JobReader {
  get(id: string): Step<Job | null>
  /** Newest first. */
  ofScenario(scenario: string): Step<Job[]>
  /** Running with `runAt <= now`, oldest first. */
  due(now: Instant): Step<Job[]>
}
export interface JobWriter extends JobReader {
  /**
   * The same id again is left alone and answers false. One that ends enrolments (`exit`) waits for marks and claims of calls that
   * are under way, and holds up new ones until it is committed: none of them commits later without having seen it. So it comes last.
   */
  create(job: Job): Step<boolean>
  lock(id: string, options: { readonly skipLocked: boolean }): Step<Job | null>
  save(job: Job): Step<void>
}
