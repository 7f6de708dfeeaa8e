import type { Instant } from '../domain/time/instant.ts'

/**
 * Decides when work runs, never what. Losing or repeating a hint changes nothing but latency: rows are the truth.
 */
export interface Waker {
  /** Tells that there may be work now. Cheap; may be called often. */
  hint(): void
  /** Resolves at a hint, at `nextAt`, after the waker's own longest pause, or when `signal` aborts, whichever is first. */
  wait(nextAt: Instant | null, signal: AbortSignal): Promise<void>
}
