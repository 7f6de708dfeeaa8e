import { TobiishiError } from '../../errors/index.ts'
import type { StorageReader } from '../../ports/storage/index.ts'
import type { Runtime } from '../runtime.ts'
import { fillWatches } from '../watches/fill-watches.ts'
import { advanceBatch, type BatchReport } from './advance-batch.ts'
import { reasonOf } from './batch.ts'
import { foreignVersions, tellForeign } from './own-work.ts'
import { readableFormats } from './scenario-book.ts'
import { setAside } from './set-aside.ts'

export interface AdvanceReport {
  /** Contacts for whom something was done. */
  readonly advanced: number
  readonly entered: number
  readonly queued: number
}

export interface AdvanceOptions {
  /** Only what waits for these. Default: everyone with entries, a due enrolment or a watch that is due. */
  readonly contactIds?: readonly string[]
  /** Ends after the batch that reaches this many contacts. Default: no end before nothing is left. */
  readonly limit?: number
  /** Ends after the batch under way. */
  readonly signal?: AbortSignal
}

/** Candidates read at once: with many waiting, several transactions share one read. */
const readAhead = 6_000
/** Contacts a transaction where many wait; few, so that the host's thread is not held long, where the storage works on it. */
const largestBatch = { shared: 500, single: 100 }
/** Transactions under way at once, where the storage takes more than one. */
const concurrency = { shared: 6, single: 1 }
/** A contact that comes up again and again within a pass is left to the next one. */
const mostRounds = 100
/** So is one whose enrolment used up all of a transaction this often: it would hold the host's thread. */
const mostExhausted = 10

/** Works in the inbox and moves enrolments until nothing is due that this process can take, or the limit is reached. */
export class Advance {
  readonly #runtime: Runtime

  constructor(runtime: Runtime) {
    this.#runtime = runtime
  }

  async run(options: AdvanceOptions = {}): Promise<AdvanceReport> {
    const { limit = Number.POSITIVE_INFINITY, contactIds, signal } = options
    const watching = contactIds === undefined ? await fillWatches(this.#runtime, signal) : { filled: 0, keys: [] }
    const report = { advanced: watching.filled, entered: 0, queued: 0 }
    const rounds = new Map<string, number>()
    const exhausted = new Map<string, number>()
    const passed = new Set<string>()
    while (!signal?.aborted && report.advanced < limit) {
      const ids = await this.#candidates(passed, { contactIds, watches: watching.keys, limit: limit - report.advanced })
      if (ids.length === 0) break
      const worked = new Set<string>()
      for (const done of await this.#workAll(ids, signal)) {
        for (const id of done.worked) worked.add(id)
        for (const id of new Set(done.exhausted)) exhausted.set(id, (exhausted.get(id) ?? 0) + 1)
        report.advanced += done.worked.length
        report.entered += done.entered
        report.queued += done.queued
      }
      for (const id of ids) {
        const isSpent = (exhausted.get(id) ?? 0) >= mostExhausted
        this.#note(id, { isWorked: worked.has(id), isSpent }, rounds, passed)
      }
    }
    if (contactIds === undefined) await tellForeign(this.#runtime, foreignVersions(this.#runtime))
    return report
  }

  /** Keeps away from contacts for whom nothing could be done, and from one that would go round for ever. */
  #note(
    id: string,
    { isWorked, isSpent }: { readonly isWorked: boolean; readonly isSpent: boolean },
    rounds: Map<string, number>,
    passed: Set<string>,
  ): void {
    const round = (rounds.get(id) ?? 0) + 1
    rounds.set(id, round)
    if (isWorked && !isSpent && round < mostRounds) return
    passed.add(id)
    if (isWorked) this.#runtime.logger.warn('contact.goesRound', { contactId: id, rounds: round })
  }

  /** Unlocked candidates, without those that this pass could do nothing for. */
  async #candidates(
    passed: ReadonlySet<string>,
    { contactIds, watches, limit }: { contactIds: readonly string[] | undefined; watches: readonly string[]; limit: number },
  ): Promise<string[]> {
    const now = this.#runtime.clock.now()
    const foreign = foreignVersions(this.#runtime)
    const wanted = Math.min(readAhead, Math.max(1, limit))
    const most = wanted + passed.size
    const found = await this.#runtime.storage.read(function* (reader: StorageReader) {
      if (contactIds !== undefined) return yield* reader.inbox.waiting({ limit: most, contactIds })
      const waiting = yield* reader.inbox.waiting({ limit: most })
      const due = yield* reader.enrolments.due({ now, limit: most, formats: readableFormats, foreign })
      const watched = watches.length === 0 ? [] : yield* reader.watches.due({ now, limit: most, keys: watches })
      return [...new Set([...waiting, ...due, ...watched])]
    })
    return found.filter((id) => !passed.has(id)).slice(0, wanted)
  }

  /** Cuts candidates into transactions and runs a few of them at once. After an abort no further one begins. */
  async #workAll(ids: readonly string[], signal: AbortSignal | undefined): Promise<BatchReport[]> {
    const kind = this.#runtime.storage.traits.singleWorker ? 'single' : 'shared'
    const chunks: (readonly string[])[] = []
    for (let from = 0; from < ids.length; from += largestBatch[kind]) chunks.push(ids.slice(from, from + largestBatch[kind]))
    const reports: BatchReport[] = []
    const runner = async () => {
      for (let chunk = chunks.shift(); chunk !== undefined && !signal?.aborted; chunk = chunks.shift())
        reports.push(...(await this.#work(chunk)))
    }
    const ended = await Promise.allSettled(Array.from({ length: Math.min(concurrency[kind], chunks.length) }, runner))
    const failed = ended.find((one) => one.status === 'rejected')
    if (failed !== undefined) throw failed.reason
    return reports
  }

  /** One transaction; where it fails, its halves, down to the one contact that is to blame, which gets a second try. */
  async #work(ids: readonly string[]): Promise<BatchReport[]> {
    try {
      return [await this.#commit(ids)]
    } catch (error) {
      if (TobiishiError.is(error) && error.isRetryable) throw error
      if (ids.length === 1) return [await this.#isolate(ids, error)]
      this.#runtime.logger.warn('batch.halved', { contacts: ids.length, reason: reasonOf(error) })
      const half = Math.ceil(ids.length / 2)
      return [...(await this.#work(ids.slice(0, half))), ...(await this.#work(ids.slice(half)))]
    }
  }

  /** The clock is read in the transaction: after standing still before it, or when it is done again, an old time would write into the past. */
  async #commit(ids: readonly string[]): Promise<BatchReport> {
    const { storage, clock, logger } = this.#runtime
    const report = await storage.transaction((tx) => advanceBatch(this.#runtime, tx, ids, clock.now()))
    for (const { level, event, fields } of report.notes) logger[level](event, fields)
    return report
  }

  async #isolate(ids: readonly string[], error: unknown): Promise<BatchReport> {
    const again = await this.#commit(ids).catch(() => null)
    if (again !== null) return again
    const { storage, clock, logger } = this.#runtime
    const reason = reasonOf(error)
    const worked = await storage.transaction((tx) => setAside(tx, ids, { now: clock.now(), reason }))
    logger.error('contact.setAside', { contactIds: worked, reason })
    return { locked: ids, worked, exhausted: [], entered: 0, queued: 0, notes: [] }
  }
}
