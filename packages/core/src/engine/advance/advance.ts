import type { Instant } from '../../domain/time/instant.ts'
import { TobiishiError } from '../../errors/index.ts'
import type { Runtime } from '../runtime.ts'
import { advanceBatch, type BatchReport } from './advance-batch.ts'
import { reasonOf } from './batch.ts'
import { readableFormats, type VersionCache } from './scenario-book.ts'
import { setAside } from './set-aside.ts'

export interface AdvanceReport {
  /** Contacts for whom something was done. */
  readonly advanced: number
  readonly entered: number
  readonly queued: number
}

export interface AdvanceOptions {
  /** Only what waits for these. Default: everyone with entries or a due enrolment. */
  readonly contactIds?: readonly string[]
  /** Ends after the batch that reaches this many contacts. Default: no end before nothing is left. */
  readonly limit?: number
  /** Ends after the batch under way. */
  readonly signal?: AbortSignal
}

const batchSize = 100

/** Works in the inbox and moves enrolments until nothing is due that this process can take, or the limit is reached. */
export class Advance {
  readonly #runtime: Runtime
  readonly #versions: VersionCache = new Map()

  constructor(runtime: Runtime) {
    this.#runtime = runtime
  }

  async run(options: AdvanceOptions = {}): Promise<AdvanceReport> {
    const report = { advanced: 0, entered: 0, queued: 0 }
    const passed = new Set<string>()
    const { limit = Number.POSITIVE_INFINITY } = options
    while (!options.signal?.aborted && report.advanced < limit) {
      const ids = await this.#candidates(passed, options.contactIds)
      if (ids.length === 0) break
      const worked = new Set<string>()
      for (const done of await this.#work(ids)) {
        for (const id of done.worked) worked.add(id)
        report.advanced += done.worked.length
        report.entered += done.entered
        report.queued += done.queued
      }
      for (const id of ids) if (!worked.has(id)) passed.add(id)
    }
    return report
  }

  /** Unlocked candidates, without those that this pass could do nothing for. */
  async #candidates(passed: ReadonlySet<string>, contactIds: readonly string[] | undefined): Promise<string[]> {
    const now = this.#runtime.clock.now()
    const limit = batchSize + passed.size
    const found = await this.#runtime.storage.read(function* (reader) {
      if (contactIds !== undefined) return yield* reader.inbox.waiting({ limit, contactIds })
      const waiting = yield* reader.inbox.waiting({ limit })
      const due = yield* reader.enrolments.due({ now, limit, formats: readableFormats })
      return [...new Set([...waiting, ...due])]
    })
    return found.filter((id) => !passed.has(id)).slice(0, batchSize)
  }

  /** One transaction; where it fails, its halves, down to the one contact that is to blame, which gets a second try. */
  async #work(ids: readonly string[]): Promise<BatchReport[]> {
    const now = this.#runtime.clock.now()
    try {
      return [await this.#commit(ids, now)]
    } catch (error) {
      if (TobiishiError.is(error) && error.isRetryable) throw error
      if (ids.length === 1) return [await this.#isolate(ids, now, error)]
      this.#runtime.logger.warn('batch.halved', { contacts: ids.length, reason: reasonOf(error) })
      const half = Math.ceil(ids.length / 2)
      return [...(await this.#work(ids.slice(0, half))), ...(await this.#work(ids.slice(half)))]
    }
  }

  async #commit(ids: readonly string[], now: Instant): Promise<BatchReport> {
    const { storage, logger } = this.#runtime
    const options = { now, versions: this.#versions }
    const report = await storage.transaction((tx) => advanceBatch(this.#runtime, tx, ids, options))
    for (const { level, event, fields } of report.notes) logger[level](event, fields)
    return report
  }

  async #isolate(ids: readonly string[], now: Instant, error: unknown): Promise<BatchReport> {
    const again = await this.#commit(ids, now).catch(() => null)
    if (again !== null) return again
    const reason = reasonOf(error)
    const worked = await this.#runtime.storage.transaction((tx) => setAside(tx, ids, { now, reason }))
    this.#runtime.logger.error('contact.setAside', { contactIds: worked, reason })
    return { locked: ids, worked, entered: 0, queued: 0, notes: [] }
  }
}
