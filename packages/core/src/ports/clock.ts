import type { Instant, Milliseconds } from '../domain/time/instant.ts'

/** The one source of business time. Nothing else in Tobiishi asks what time it is. */
export interface Clock {
  now(): Instant
  /** Resolves when `now()` has reached `until`, or at once when `signal` aborts. Never rejects. */
  sleepUntil(until: Instant, signal?: AbortSignal): Promise<void>
  /** Monotonic milliseconds for deadlines; unrelated to `now`. */
  monotonic(): Milliseconds
}
