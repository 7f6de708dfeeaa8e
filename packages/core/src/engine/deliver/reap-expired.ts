import type { Contact } from '../../domain/contact/contact.ts'
import { routeOf } from '../../domain/contact/route-of.ts'
import { hour, type Instant } from '../../domain/time/instant.ts'
import type { Message, QueueEntry, Step, StorageTransaction } from '../../ports/storage/index.ts'
import type { Runtime } from '../runtime.ts'
import { copyToResend, isSentAgain } from './resend.ts'

const batch = 500
/** Mail that is sent again must still be of use: planned within this, or it is skipped as expired. */
const sendWithin = 24 * hour

/**
 * Turns calls whose end nobody wrote down (crash, stall) into `unknown` messages, and queues copies of those that the policy
 * sends again. Answers how many became unknown. A late finish of such a call still decides about its message.
 */
export const reapExpired = async (runtime: Runtime): Promise<number> => {
  let unknown = 0
  for (;;) {
    const now = runtime.clock.now()
    const reaped = await runtime.storage.transaction((tx) => reapBatch(runtime, tx, now))
    unknown += reaped.length
    for (const { id, template } of reaped) runtime.logger.warn('message.becameUnknown', { messageId: id, template })
    if (reaped.length < batch) return unknown
  }
}

function* reapBatch(runtime: Runtime, tx: StorageTransaction, now: Instant): Step<readonly Message[]> {
  const reaped = yield* tx.queue.reap({ now, limit: batch })
  const again = reaped.filter((message) => isSentAgain(runtime, message))
  if (again.length === 0) return reaped
  const contacts = yield* tx.contacts.get([...new Set(again.map(({ contactId }) => contactId))])
  const byId = new Map(contacts.map((contact) => [contact.id, contact]))
  const rows: { message: Message; queue: QueueEntry }[] = []
  for (const message of again) {
    const contact = byId.get(message.contactId)
    if (contact === undefined) continue
    const enrolmentRev = yield* revOf(tx, message)
    const copy = copyToResend(runtime, message)
    rows.push({ message: copy, queue: queueEntry(copy, contact, enrolmentRev, now) })
  }
  yield* tx.messages.enqueue(rows)
  return reaped
}

function* revOf(tx: StorageTransaction, message: Message): Step<number> {
  if (message.enrolmentId === null) return 0
  const enrolments = yield* tx.enrolments.ofContact(message.contactId)
  return enrolments.find(({ id }) => id === message.enrolmentId)?.rev ?? 0
}

const classOf = (message: Message): QueueEntry['class'] => {
  if (message.purpose === 'transactional') return 0
  return message.broadcastId === null ? 1 : 2
}

const queueEntry = (copy: Message, contact: Contact, enrolmentRev: number, now: Instant): QueueEntry => ({
  messageId: copy.id,
  contactId: contact.id,
  enrolmentId: copy.enrolmentId,
  enrolmentRev,
  scenario: copy.scenario,
  broadcastId: copy.broadcastId,
  class: classOf(copy),
  route: contact.emailKey === null ? 'other' : routeOf(contact.emailKey.slice(contact.emailKey.lastIndexOf('@') + 1)),
  lane: contact.lane,
  runAt: now,
  expiresAt: copy.plannedAt + sendWithin,
})
