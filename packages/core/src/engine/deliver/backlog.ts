import type { Milliseconds } from '../../domain/time/instant.ts'
import type { ClaimedMail } from '../../ports/storage/index.ts'

/** Claimed mail that waits for a free connection, in order. Old claims are handed back rather than sent late on a lost lease. */
export class Backlog {
  #mails: ClaimedMail[] = []
  #head = 0
  /** One entry a batch: where it ends, and when it was claimed. */
  #batches: { readonly until: number; readonly claimedAt: Milliseconds }[] = []

  get size(): number {
    return this.#mails.length - this.#head
  }

  add(mails: readonly ClaimedMail[], claimedAt: Milliseconds): void {
    if (this.#head > 0) this.#compact()
    this.#mails.push(...mails)
    this.#batches.push({ until: this.#mails.length, claimedAt })
  }

  take(): ClaimedMail | undefined {
    return this.#mails[this.#head++] ?? this.#atEnd()
  }

  /** Takes out all mail that was claimed before `claimedAt`. */
  takeOlderThan(claimedAt: Milliseconds): ClaimedMail[] {
    let until = 0
    for (const batch of this.#batches) if (batch.claimedAt < claimedAt) until = batch.until
    if (until <= this.#head) return []
    const old = this.#mails.slice(this.#head, until)
    this.#head = until
    return old
  }

  takeAll(): ClaimedMail[] {
    const all = this.#mails.slice(this.#head)
    this.#mails = []
    this.#batches = []
    this.#head = 0
    return all
  }

  #atEnd(): undefined {
    this.#head = this.#mails.length
    return undefined
  }

  #compact(): void {
    const head = this.#head
    this.#mails = this.#mails.slice(head)
    this.#batches = this.#batches
      .filter((batch) => batch.until > head)
      .map((batch) => ({ until: batch.until - head, claimedAt: batch.claimedAt }))
    this.#head = 0
  }
}
