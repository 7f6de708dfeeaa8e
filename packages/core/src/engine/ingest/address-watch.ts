import { type Instant, minute } from '../../domain/time/instant.ts'

/** Addresses kept in mind at most; the oldest go first. */
const most = 10_000

/**
 * Notices when one client address fetches for many recipients within a minute, as scanners in front of a company's mail do.
 * Kept in the process: a hint for the score, not a fact.
 */
export class AddressWatch {
  readonly #seen = new Map<string, Map<string, Instant>>()

  /** Notes that `ip` acted for `contactId`, and answers for how many contacts it did within the last minute. */
  note(ip: string, contactId: string, at: Instant): number {
    const contacts = this.#seen.get(ip) ?? new Map<string, Instant>()
    this.#seen.delete(ip)
    this.#seen.set(ip, contacts)
    contacts.delete(contactId)
    contacts.set(contactId, at)
    for (const [id, seenAt] of contacts) {
      if (seenAt > at - minute) break
      contacts.delete(id)
    }
    this.#forgetOldest()
    return contacts.size
  }

  #forgetOldest(): void {
    const [oldest] = this.#seen.keys()
    if (this.#seen.size > most && oldest !== undefined) this.#seen.delete(oldest)
  }
}
