import type { Instant, Milliseconds } from '../domain/time/instant.ts'
import { second } from '../domain/time/instant.ts'
import type { Clock } from '../ports/clock.ts'
import type { Waker } from '../ports/waker.ts'

/**
 * The built-in waker: looks again every `interval` (default 5 s), earlier at `nextAt` or at a hint of this process. A hint
 * that comes while nobody waits is kept for the next wait.
 */
export const createPollingWaker = (clock: Clock, options: { readonly interval?: Milliseconds } = {}): Waker => {
  const interval = options.interval ?? 5 * second
  let isHinted = false
  const waiting = new Set<() => void>()

  const hint = () => {
    isHinted = true
    for (const wake of waiting) wake()
  }

  const wait = async (nextAt: Instant | null, signal: AbortSignal) => {
    if (!isHinted && !signal.aborted) {
      const hinted = new AbortController()
      const wake = () => hinted.abort()
      waiting.add(wake)
      const until = clock.now() + interval
      await clock.sleepUntil(nextAt === null ? until : Math.min(nextAt, until), AbortSignal.any([signal, hinted.signal]))
      waiting.delete(wake)
    }
    isHinted = false
  }

  return { hint, wait }
}
