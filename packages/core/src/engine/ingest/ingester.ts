import type { IngestReport } from '../tobiishi.ts'
import type { Incoming } from './read-incoming.ts'

/** What became of one event. */
export type IngestOutcome = 'recorded' | 'duplicate' | 'unknown-message'

/** Stores events in one transaction and answers what became of each. */
export type IngestWork = (events: readonly Incoming[]) => Promise<readonly IngestOutcome[]>

interface Caller {
  readonly events: readonly Incoming[]
  readonly resolve: (report: IngestReport) => void
  readonly reject: (error: unknown) => void
}

/** Events committed together at most, a single larger caller excepted. */
const mostTogether = 500

/**
 * Group commit: while one transaction is under way, what other callers bring is gathered and goes into the next, so that a
 * thousand clicks a second do not mean a thousand commits. Each caller's promise resolves after the commit that holds its
 * events. If a shared transaction fails, each caller is tried alone, so that nobody fails for another's event.
 */
export class Ingester {
  readonly #work: IngestWork
  #waiting: Caller[] = []
  #isWorking = false

  constructor(work: IngestWork) {
    this.#work = work
  }

  add(events: readonly Incoming[]): Promise<IngestReport> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ events, resolve, reject })
      if (!this.#isWorking) void this.#drain()
    })
  }

  async #drain(): Promise<void> {
    this.#isWorking = true
    while (this.#waiting.length > 0) await this.#store(this.#takeTogether())
    this.#isWorking = false
  }

  #takeTogether(): Caller[] {
    let count = 0
    let events = 0
    for (const caller of this.#waiting) {
      if (count > 0 && events + caller.events.length > mostTogether) break
      events += caller.events.length
      count += 1
    }
    return this.#waiting.splice(0, count)
  }

  async #store(callers: readonly Caller[]): Promise<void> {
    try {
      const outcomes = await this.#work(callers.flatMap(({ events }) => events))
      let from = 0
      for (const { events, resolve } of callers) {
        resolve(reportOf(outcomes.slice(from, from + events.length)))
        from += events.length
      }
    } catch (error) {
      const [only] = callers
      if (callers.length === 1) only?.reject(error)
      else for (const caller of callers) await this.#store([caller])
    }
  }
}

const reportOf = (outcomes: readonly IngestOutcome[]): IngestReport => {
  const count = (outcome: IngestOutcome) => outcomes.filter((one) => one === outcome).length
  return { recorded: count('recorded'), duplicates: count('duplicate'), unknownMessages: count('unknown-message') }
}
