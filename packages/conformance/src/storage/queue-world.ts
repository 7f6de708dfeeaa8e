import type { ClaimedMail, FinishRequest, Message, QueueEntry, Step, StorageTransaction } from '@tobiishi/core/ports'
import { aContact, aMessage, aQueueEntry, start } from '../fixtures/rows.ts'

export const minute = 60_000

/** A mail to put into the queue: a message, and what its hot row differs in. */
export interface QueuedMail {
  readonly message: Message
  readonly queue?: Partial<QueueEntry>
}

/** Saves the contacts of these mails, with addresses, and queues the mails. Answers how many are new. */
export function* queueMails(tx: StorageTransaction, mails: readonly QueuedMail[]): Step<number> {
  const contacts = [...new Set(mails.map(({ message }) => message.contactId))].map((id) => aContact({ id }))
  yield* tx.contacts.ensure(contacts, start)
  yield* tx.contacts.save(contacts)
  return yield* tx.messages.enqueue(mails.map(({ message, queue }) => ({ message, queue: aQueueEntry(message, queue) })))
}

/** One mail `m1` to contact `c1`, unless told otherwise. */
export const oneMail = (change: Partial<Message> = {}, queue: Partial<QueueEntry> = {}): QueuedMail => ({
  message: aMessage({ id: 'm1', contactId: 'c1', ...change }),
  queue,
})

export const claimAt = (tx: StorageTransaction, now: number, change: { readonly limit?: number; readonly owner?: string } = {}) =>
  tx.queue.claim({ now, limit: change.limit ?? 100, leaseUntil: now + minute, owner: change.owner ?? 'w1' })

/** The mark of a claim whose contact has not changed. */
export const markOf = (claim: ClaimedMail) => ({
  messageId: claim.message.id,
  contactId: claim.contact.id,
  token: claim.token,
  consentRev: claim.contact.consentRev,
})

export const markAt = (tx: StorageTransaction, claims: readonly ClaimedMail[], now: number) =>
  tx.queue.mark(claims.map(markOf), { now, leaseUntil: now + minute })

/** The end of a call that was accepted, unless told otherwise. */
export const doneOf = (
  claim: { readonly messageId: string; readonly token: number },
  change: Partial<Extract<FinishRequest, { kind: 'done' }>> = {},
): FinishRequest => ({
  kind: 'done',
  messageId: claim.messageId,
  token: claim.token,
  state: 'sent',
  reason: null,
  templateHash: 'h1',
  providerId: 'p1',
  answer: { code: 250 },
  ...change,
})

export const retryOf = (
  claim: { readonly messageId: string; readonly token: number },
  runAt: number,
): Extract<FinishRequest, { kind: 'retry' }> => ({
  kind: 'retry',
  messageId: claim.messageId,
  token: claim.token,
  runAt,
  answer: { code: 451 },
})
