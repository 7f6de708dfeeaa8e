import type { Instant, Milliseconds } from '../domain/time/instant.ts'
import { minute } from '../domain/time/instant.ts'
import type { Clock } from '../ports/clock.ts'

const longestTimer = 2 ** 31 - 1

export interface SystemClock extends Clock {
  /** Asks the database for the time, so that all processes agree. Nothing happens without a database clock. Rejects as the database does. */
  synchronise(): Promise<void>
}

/**
 * The process's clock, corrected by the database's where the storage has one (`databaseNow`), so that processes whose own
 * clocks disagree still agree with each other. The offset is measured at `synchronise()` and again after each minute of use;
 * a measurement that fails keeps the old offset.
 */
export const createSystemClock = (databaseNow?: () => Promise<Instant>): SystemClock => {
  let offset: Milliseconds = 0
  let measuredAt = Number.NEGATIVE_INFINITY
  const monotonic = () => performance.now()

  const synchronise = async () => {
    if (databaseNow === undefined) return
    measuredAt = monotonic()
    const before = Date.now()
    const theirs = await databaseNow()
    offset = Math.round(theirs - (before + Date.now()) / 2)
  }

  const now = (): Instant => {
    if (databaseNow !== undefined && monotonic() - measuredAt > minute) synchronise().catch(() => {})
    return Date.now() + offset
  }

  const sleepUntil = (until: Instant, signal?: AbortSignal) =>
    new Promise<void>((resolve) => {
      let timer: NodeJS.Timeout | undefined
      const end = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', end)
        resolve()
      }
      const arm = () => {
        const rest = until - now()
        if (rest <= 0 || signal?.aborted) return end()
        timer = setTimeout(arm, Math.min(rest, longestTimer))
      }
      signal?.addEventListener('abort', end, { once: true })
      arm()
    })

  return { now, sleepUntil, monotonic, synchronise }
}
