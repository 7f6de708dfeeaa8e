import type { Instant, Milliseconds } from '../domain/time/instant.ts'
import { minute } from '../domain/time/instant.ts'
import { parseDuration } from '../domain/time/parse-duration.ts'
import { type InstantInput, parseInstant } from '../domain/time/parse-instant.ts'
import type { Clock } from '../ports/clock.ts'

/** Does all that is due now and tells when something is due next; null if nothing waits. */
export type ClockDriver = () => Promise<Instant | null>

/** A clock that stands still until it is told to go on. */
export interface VirtualClock extends Clock {
  /**
   * Goes on by a span (`'4 days'`, a day being 24 hours, or milliseconds) and stops on the way at every instant at which a
   * sleeper wakes or a driver has work, in order. Resolves when all of it is done.
   */
  advance(span: string | Milliseconds): Promise<void>
  /** The same, to an instant; one that has passed is now. */
  advanceTo(instant: InstantInput): Promise<void>
  /** Shows a later instant at once, as if no worker had run meanwhile: what has come due on the way is late. One that has passed is now. */
  jumpTo(instant: InstantInput): void
  /** Adds work that is driven by time. */
  drive(driver: ClockDriver): void
}

/** Work that a driver cannot do now is looked at again after this. */
const stuckStep = minute

interface Sleeper {
  readonly until: Instant
  readonly wake: () => void
}

/** A virtual clock that shows `start`. Nobody really sleeps: a sleeper waits for `advance`. */
export const createVirtualClock = (start: InstantInput): VirtualClock => {
  let now = parseInstant(start)
  const sleepers = new Set<Sleeper>()
  const drivers: ClockDriver[] = []

  const sleepUntil = (until: Instant, signal?: AbortSignal) =>
    new Promise<void>((resolve) => {
      if (until <= now || signal?.aborted) return resolve()
      const wake = () => {
        sleepers.delete(sleeper)
        signal?.removeEventListener('abort', wake)
        resolve()
      }
      const sleeper: Sleeper = { until, wake }
      sleepers.add(sleeper)
      signal?.addEventListener('abort', wake, { once: true })
    })

  /** Wakes who is due, earliest first, and lets what they started come to its next wait. */
  const wakeSleepers = async () => {
    const due = [...sleepers].filter(({ until }) => until <= now).toSorted((a, b) => a.until - b.until)
    for (const { wake } of due) wake()
    await new Promise((resolve) => setImmediate(resolve))
  }

  const nextStop = async (): Promise<Instant | null> => {
    const wanted: Instant[] = []
    for (const driver of drivers) {
      const due = await driver()
      if (due !== null) wanted.push(due <= now ? now + stuckStep : due)
    }
    wanted.push(...[...sleepers].map(({ until }) => until))
    return wanted.length === 0 ? null : wanted.reduce((a, b) => Math.min(a, b))
  }

  const advanceTo = async (input: InstantInput) => {
    const target = Math.max(now, parseInstant(input))
    for (;;) {
      await wakeSleepers()
      const stop = await nextStop()
      if (stop === null || stop > target) break
      now = Math.max(now, stop)
    }
    now = Math.max(now, target)
    await wakeSleepers()
    await nextStop()
  }

  return {
    now: () => now,
    monotonic: () => now,
    sleepUntil,
    advance: (span) => advanceTo(now + (typeof span === 'number' ? span : parseDuration(span))),
    advanceTo,
    jumpTo: (input) => {
      now = Math.max(now, parseInstant(input))
    },
    drive: (driver) => {
      drivers.push(driver)
    },
  }
}
