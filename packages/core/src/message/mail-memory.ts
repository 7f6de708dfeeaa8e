/** Where encoded text goes, piece by piece. */
export interface Output {
  /** `text` is ASCII in `MailMemory`; anything in others. */
  write(text: string): void
}

/** Taken from the system at once: taking memory for each mail costs more than writing the mail. */
const slabBytes = 1 << 20

/**
 * Writes one mail after the other into large slabs of memory and hands each out as a view of its own part. Nothing is written
 * there again, so a view stays valid; a slab lives as long as one of its views does. For synchronous use: what is written
 * between `begin` and `finish` is one mail.
 */
export class MailMemory implements Output {
  #slab: Buffer = Buffer.alloc(0)
  #start = 0
  #at = 0

  /** Forgets what a mail that was never finished has written. */
  begin(): void {
    this.#at = this.#start
  }

  write(text: string): void {
    const end = this.#at + text.length
    if (end > this.#slab.length) this.#moveOn(text.length)
    this.#slab.write(text, this.#at, 'latin1')
    this.#at += text.length
  }

  finish(): Uint8Array {
    const mail = this.#slab.subarray(this.#start, this.#at)
    this.#start = this.#at
    return mail
  }

  /** The mail continues in a new slab, with what is written of it. */
  #moveOn(more: number): void {
    const written = this.#at - this.#start
    const next = Buffer.allocUnsafeSlow(Math.max(slabBytes, 2 * (written + more)))
    this.#slab.copy(next, 0, this.#start, this.#at)
    this.#slab = next
    this.#start = 0
    this.#at = written
  }
}

/** Collects text as it is. */
export class TextOutput implements Output {
  text = ''

  write(text: string): void {
    this.text += text
  }
}
