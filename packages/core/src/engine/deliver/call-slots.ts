import type { Transport } from '../../ports/transport.ts'

const known = new WeakMap<Transport, CallSlots>()

/**
 * The calls that a transport may have under way, shared by everything in this process that sends through it (two `tick()`s at
 * once, a worker and `sendTest`), so that `concurrency` holds for their sum.
 */
export class CallSlots {
  #inUse = 0
  readonly #total: number
  readonly #listeners = new Set<() => void>()

  private constructor(total: number) {
    this.#total = Math.max(1, total)
  }

  static of(transport: Transport): CallSlots {
    const existing = known.get(transport)
    if (existing !== undefined) return existing
    const made = new CallSlots(transport.concurrency)
    known.set(transport, made)
    return made
  }

  get total(): number {
    return this.#total
  }

  get free(): number {
    return this.#total - this.#inUse
  }

  /** Takes up to `wanted` and answers how many. */
  take(wanted: number): number {
    const taken = Math.min(wanted, this.free)
    this.#inUse += taken
    return taken
  }

  /** Waits for a slot and takes it. */
  takeOne(): Promise<void> {
    return new Promise((resolve) => {
      const attempt = (): boolean => {
        if (this.take(1) === 0) return false
        this.#listeners.delete(attempt)
        resolve()
        return true
      }
      if (!attempt()) this.#listeners.add(attempt)
    })
  }

  give(count: number): void {
    this.#inUse -= count
    for (const listener of this.#listeners) listener()
  }

  /** Calls `listener` whenever slots were given back, until the answered function is called. */
  onFree(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
