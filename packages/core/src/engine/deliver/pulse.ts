import type { Milliseconds } from '../../domain/time/instant.ts'

/**
 * Decides when the delivery loop goes round: after the current turn of the event loop (`soon`), so that answers that came
 * together are written down together, or a moment later (`later`), so that a few more can come. A beat that nobody awaits is
 * kept for the next `beat()`.
 */
export class Pulse {
  #isDue = false
  #isSoon = false
  #timer: NodeJS.Timeout | undefined
  #wake: (() => void) | undefined

  soon(): void {
    if (this.#isSoon || this.#isDue) return
    this.#isSoon = true
    setImmediate(this.#fire)
  }

  later(wait: Milliseconds): void {
    if (this.#isSoon || this.#isDue || this.#timer !== undefined) return
    this.#timer = setTimeout(this.#fire, wait)
  }

  beat(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
      if (this.#isDue) this.#answer()
    })
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  readonly #fire = (): void => {
    this.stop()
    this.#isSoon = false
    this.#isDue = true
    this.#answer()
  }

  #answer(): void {
    const wake = this.#wake
    if (wake === undefined) return
    this.#wake = undefined
    this.#isDue = false
    wake()
  }
}
