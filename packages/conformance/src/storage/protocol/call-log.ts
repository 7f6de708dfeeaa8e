import type { ClaimedMail } from '@tobiishi/core/ports'
import type { Expect } from '../../test-runner.ts'

/** A call to the transport that a mark allowed. */
export interface Call {
  readonly messageId: string
  readonly token: number
}

/**
 * What the outside world saw: every call, and how it ended as far as the storage was told. It knows nothing of how a storage
 * works and checks what must never happen (design §6).
 */
export class CallLog {
  readonly #expect: Expect
  readonly #consentRevs = new Map<string, number>()
  readonly #calls = new Set<string>()
  readonly #open = new Map<string, number>()
  readonly #ended = new Map<string, string>()
  /** Messages whose call may have arrived, for all anybody knows. */
  readonly #ambiguous = new Set<string>()

  constructor(expect: Expect) {
    this.#expect = expect
  }

  consentRev(contactId: string): number {
    return this.#consentRevs.get(contactId) ?? 0
  }
  withdrawn(contactId: string): void {
    this.#consentRevs.set(contactId, this.consentRev(contactId) + 1)
  }

  claimed(claim: ClaimedMail): void {
    const id = claim.message.id
    this.#expect(this.#open.has(id), `${id} was claimed while a call for it was under way`).toBe(false)
    this.#expect(this.#ended.get(id), `${id} was claimed after its end`).toBe(undefined)
    this.#expect(claim.contact.consentRev, `${id} was claimed with an old contact`).toBe(this.consentRev(claim.contact.id))
  }

  called(claim: ClaimedMail): void {
    const { id, idemKey } = claim.message
    const key = `${idemKey}/${claim.token}`
    this.#expect(this.#calls.has(key), `${key} was marked twice`).toBe(false)
    this.#expect(this.#open.has(id), `${id} was marked while a call for it was under way`).toBe(false)
    this.#expect(this.#ended.get(id), `${id} was marked after its end`).toBe(undefined)
    this.#expect(this.#ambiguous.has(id), `${id} was marked after an ambiguous call`).toBe(false)
    this.#expect(claim.contact.consentRev, `${id} was marked after consent changed`).toBe(this.consentRev(claim.contact.id))
    this.#calls.add(key)
    this.#open.set(id, claim.token)
  }

  /** A finish took effect, or did not. */
  finished(call: Call, outcome: 'sent' | 'failed' | 'unknown' | 'retry', tookEffect: boolean): void {
    const isOpen = this.#open.get(call.messageId) === call.token
    const isLate = this.#ambiguous.has(call.messageId) && this.#ended.get(call.messageId) === `unknown ${call.token}`
    this.#expect(tookEffect, `${outcome} of ${call.messageId} with token ${call.token}`).toBe(
      isOpen || (isLate && outcome !== 'retry'),
    )
    if (!tookEffect) return
    this.#open.delete(call.messageId)
    if (outcome === 'unknown') this.ambiguous(call)
    else if (outcome !== 'retry') this.#ended.set(call.messageId, outcome)
  }

  /** The call ended without an answer, or was reaped. */
  ambiguous({ messageId, token }: Call): void {
    this.#open.delete(messageId)
    this.#ambiguous.add(messageId)
    this.#ended.set(messageId, `unknown ${token}`)
  }
  skipped(messageId: string): void {
    this.#expect(this.#open.has(messageId), `${messageId} was skipped while a call for it was under way`).toBe(false)
    this.#ended.set(messageId, 'skipped')
  }

  /** How each message ended: `sent`, `failed`, `skipped` or `unknown`. */
  endOf(messageId: string): string | undefined {
    return this.#ended.get(messageId)?.split(' ')[0]
  }
  isOpen(messageId: string): boolean {
    return this.#open.has(messageId)
  }
}
