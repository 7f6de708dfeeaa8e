import type { Contact } from '../../domain/contact/contact.ts'
import type { Instant } from '../../domain/time/instant.ts'
import { TobiishiError } from '../../errors/index.ts'
import type { InboxEntry, Step, StorageTransaction } from '../../ports/storage/index.ts'
import { mergeConsent } from './merge-consent.ts'
import { mergeEnrolments } from './merge-enrolments.ts'
import { mergeProfiles } from './merge-profiles.ts'

export interface Merge {
  readonly from: string
  readonly into: string
  readonly now: Instant
  /** For the ledger lines and the alias that this merge makes. */
  readonly id: string
}

/**
 * Makes two contacts one in a transaction that holds both locks, taken in id order. What is queued goes to `into` and is decided
 * again with the consent of both. Throws `contact.unknown`.
 */
export function* mergeContacts(tx: StorageTransaction, merge: Merge): Step<void> {
  const { from, into, now } = merge
  const contacts = yield* tx.contacts.lock([from, into], { skipLocked: false })
  const gone = contactOf(contacts, from)
  const kept = contactOf(contacts, into)
  yield* mergeEnrolments(tx, { from, into, now, alias: `merged-${merge.id}` })
  yield* tx.messages.move(from, { id: into, lane: kept.lane })
  yield* tx.calls.move(from, into)
  yield* tx.assignments.move(from, into)
  yield* tx.events.move(from, into)
  yield* tx.inbox.move(from, into)
  yield* tx.watches.erase(from)
  yield* mergeRows(tx, gone, kept, merge)
  yield* tx.inbox.append([lookAt(into, now)])
}

/** The address of `from` is free before `into` takes it. */
function* mergeRows(tx: StorageTransaction, gone: Contact, kept: Contact, { now, id }: Merge): Step<void> {
  yield* tx.contacts.save([{ ...gone, email: null, emailKey: null }])
  yield* tx.consents.move(gone.id, kept.id)
  const { state, lines } = mergeConsent(gone.consent, kept.consent, { contactId: kept.id, id, now })
  if (lines.length > 0) yield* tx.consents.append(lines)
  yield* tx.contacts.save([{ ...mergeProfiles(gone, kept, now), consent: state }])
  yield* tx.contacts.remove(gone.id)
}

const contactOf = (contacts: readonly Contact[], id: string): Contact => {
  const found = contacts.find((contact) => contact.id === id)
  if (found !== undefined) return found
  throw new TobiishiError('contact.unknown', 'One of the two contacts is not there: merge takes the ids of two that are.')
}

/** The enrolments that are left look at the one contact that there is now: its exits, goals and waits may have changed. */
const lookAt = (contactId: string, now: Instant): InboxEntry => ({
  contactId,
  kind: 'look',
  name: 'merge',
  key: '',
  payload: {},
  occurredAt: now,
  receivedAt: now,
  startScenarios: false,
})
