import type { InboxEntry, Step, StorageTransaction } from '../../ports/storage/index.ts'

/** Puts news of their mail into the inboxes of those who are still there: it must not bring an erased contact back. */
export function* tellContacts(tx: StorageTransaction, entries: readonly InboxEntry[]): Step<void> {
  if (entries.length === 0) return
  const contacts = yield* tx.contacts.get([...new Set(entries.map(({ contactId }) => contactId))])
  const there = new Set(contacts.map(({ id }) => id))
  const told = entries.filter(({ contactId }) => there.has(contactId))
  if (told.length > 0) yield* tx.inbox.append(told)
}
