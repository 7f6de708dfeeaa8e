import type { AllowedMail } from './allowed-mail.ts'

/** Claimed mail that waits for a free connection, in order. What was taken is not held any longer. */
export class Backlog {
  readonly #mails: AllowedMail[] = []

  get size(): number {
    return this.#mails.length
  }

  add(mails: readonly AllowedMail[]): void {
    this.#mails.push(...mails)
  }

  take(): AllowedMail | undefined {
    return this.#mails.shift()
  }

  takeAll(): AllowedMail[] {
    return this.#mails.splice(0)
  }
}
