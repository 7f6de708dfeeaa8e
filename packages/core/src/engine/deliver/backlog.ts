import type { AllowedMail } from './allowed-mail.ts'

/** Claimed mail that waits for a free connection, in order. */
export class Backlog {
  #mails: AllowedMail[] = []
  #head = 0

  get size(): number {
    return this.#mails.length - this.#head
  }

  add(mails: readonly AllowedMail[]): void {
    this.#mails = [...this.#mails.slice(this.#head), ...mails]
    this.#head = 0
  }

  take(): AllowedMail | undefined {
    const mail = this.#mails[this.#head]
    if (mail !== undefined) this.#head += 1
    return mail
  }

  takeAll(): AllowedMail[] {
    const all = this.#mails.slice(this.#head)
    this.#mails = []
    this.#head = 0
    return all
  }
}
