import type { Milliseconds } from '../../domain/time/instant.ts'

const most = 500
const tooSoon: Milliseconds = 100
const tooLate: Milliseconds = 4_000

/**
 * How many mails to claim at a time: grows while batches are used up within a tenth of a second, shrinks where one lasts for
 * more than four seconds, so that a slow transport does not sit on claims, and urgent mail queued meanwhile does not wait behind
 * them. Small claims hold the event loop shortly, and are gone before V8 moves them to its old generation.
 */
export class ClaimSize {
  #size: number
  readonly #least: number
  #claimedAt: Milliseconds | null = null

  constructor(concurrency: number) {
    this.#least = Math.min(most, concurrency * 2)
    this.#size = Math.min(most, concurrency * 4)
  }

  /** The next claim's size; `now` is monotonic. */
  next(now: Milliseconds): number {
    if (this.#claimedAt !== null) {
      const lasted = now - this.#claimedAt
      if (lasted < tooSoon) this.#size = Math.min(most, this.#size * 2)
      else if (lasted > tooLate) this.#size = Math.max(this.#least, Math.floor(this.#size / 2))
    }
    this.#claimedAt = now
    return this.#size
  }

  /** At this many waiting mails the next batch is fetched, so that connections do not wait for the claim. */
  get lowWater(): number {
    return Math.floor(this.#size / 4)
  }
}
