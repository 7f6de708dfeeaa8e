import type { Instant } from '../../domain/time/instant.ts'
import type { Step } from './step.ts'

/** Whose database this is: a copy is recognised by it. */
export interface InstallationStamp {
  readonly installationId: string
  readonly baseUrl: string
  readonly environment: string
  /** HMAC of a fixed word with the address key: another key is refused. */
  readonly addressKeyCheck: string
}

/** What one process can work in. */
export interface OwnWork {
  /** Formats of definitions that it reads. */
  readonly formats: readonly number[]
  /** Versions that it leaves to others, because it lacks a template or a handler. */
  readonly foreign: readonly { readonly scenario: string; readonly version: number }[]
  /** Watches that it looks at; null: not known yet, so any. */
  readonly watches: readonly string[] | null
  /** Handlers that it has. */
  readonly handlers: readonly string[]
}

export interface SchemaWriter {
  stamp(): Step<InstallationStamp | null>
  /** First wins. */
  setStamp(stamp: InstallationStamp): Step<InstallationStamp>
  /** The lease of the one worker that a storage with `traits.singleWorker` allows. True if `owner` has it until `until`. */
  leaseWorker(options: { readonly owner: string; readonly now: Instant; readonly until: Instant }): Step<boolean>
  releaseWorker(owner: string): Step<void>
  /** Earliest instant after or at which something is due, from inbox, enrolments, watches, calls, jobs, queue, leases and broadcasts; null if nothing waits. `now` for what is due already, as a watch that is filling. With `own` enrolments, watches and calls that are not its own are left out. */
  nextDueAt(now: Instant, own?: OwnWork): Step<Instant | null>
}
