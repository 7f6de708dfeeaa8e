import type { ConsentEntry } from '../../domain/consent/consent.ts'
import type { Contact } from '../../domain/contact/contact.ts'
import { TobiishiError } from '../../errors/index.ts'
import type { Step, StorageTransaction } from '../../ports/storage/index.ts'
import { type ConsentRules, consentLines } from '../inbox/consent-lines.ts'
import type { ConsentLine } from '../inbox/identify-payload.ts'
import type { InboxWork } from '../inbox/take-in.ts'
import { unsubscribedBy } from '../ingest/unsubscribed-by.ts'
import type { Runtime } from '../runtime.ts'
import type { Tobiishi } from '../tobiishi.ts'
import { writeConsent } from './write-consent.ts'

/**
 * The consent ledger. A write locks the contact, so that of a withdrawal and a mark one is first: a mail whose mark was not
 * committed before is not sent. What waits in the inbox for the contact is worked in before, so that the order of life holds.
 */
export const createConsent = (runtime: Runtime, work: InboxWork): Tobiishi['consent'] => {
  const { storage, clock, model, settings, waker } = runtime

  const rules = (): ConsentRules => {
    const now = clock.now()
    return { model, settings, now, occurredAt: now }
  }

  const write = async (contactId: string, lines: readonly ConsentLine[], messageId: string | null) => {
    await work.drain([contactId])
    const now = clock.now()
    const entries = lines.map((line): ConsentEntry => ({ ...line, contactId, recordedAt: now, messageId }))
    await storage.transaction(function* (tx) {
      yield* writeConsent(tx, yield* lockContact(tx, contactId), entries, now)
      if (messageId !== null) yield* recordLeaving(tx, entries, messageId)
    })
    waker.hint()
  }

  return {
    grant: (contactId, grant) => settled(() => write(contactId, consentLines(rules(), [grant], [], runtime.randomId()), null)),
    withdraw: (contactId, { messageId, ...withdrawal }) =>
      settled(() => write(contactId, consentLines(rules(), [], [withdrawal], runtime.randomId()), messageId ?? null)),
    ledger: async (contactId) => {
      await work.drain([contactId])
      return await storage.read((reader) => reader.consents.ledger(contactId))
    },
  }
}

/** What throws at once rejects instead, as everything of this face does. */
const settled = async (work: () => Promise<void>): Promise<void> => await work()

function* lockContact(tx: StorageTransaction, id: string): Step<Contact> {
  const [contact] = yield* tx.contacts.lock([id], { skipLocked: false })
  if (contact === undefined)
    throw new TobiishiError('contact.unknown', 'There is no contact with this id: add it with contacts.identify first.')
  return contact
}

/** Counts the withdrawal as one of the message that led to it, if the message is the contact's. */
function* recordLeaving(tx: StorageTransaction, entries: readonly ConsentEntry[], messageId: string): Step<void> {
  const [message] = yield* tx.messages.get([messageId])
  const [first] = entries
  if (message === undefined || first === undefined || message.contactId !== first.contactId) return
  yield* tx.messages.recordDelivery([unsubscribedBy(message, first)])
}
