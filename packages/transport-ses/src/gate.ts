/** Lets at most `places` in at once; the others wait in order, outside. */
export class Gate {
  #free: number
  readonly #places: number
  readonly #waiting: (() => void)[] = []
  #emptied: (() => void) | null = null
  #closing: Promise<void> | null = null

  constructor(places: number) {
    this.#places = places
    this.#free = places
  }

  get isClosed(): boolean {
    return this.#closing !== null
  }

  /** False where the gate is closed, or where `signal` aborts before there is a place. */
  async enter(signal: AbortSignal): Promise<boolean> {
    if (this.isClosed || signal.aborted) return false
    if (this.#free > 0) {
      this.#free--
      return true
    }
    return new Promise((resolve) => {
      const giveUp = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(take), 1)
        resolve(false)
      }
      const take = (): void => {
        signal.removeEventListener('abort', giveUp)
        resolve(true)
      }
      this.#waiting.push(take)
      signal.addEventListener('abort', giveUp, { once: true })
    })
  }

  leave(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else if (++this.#free === this.#places) this.#emptied?.()
  }

  /** Lets nobody in any more, and resolves when everybody has left. */
  close(): Promise<void> {
    this.#closing ??=
      this.#free === this.#places
        ? Promise.resolve()
        : new Promise((resolve) => {
            this.#emptied = resolve
          })
    return this.#closing
  }
}
