import type { ConsentEntry, Suppression } from '../domain/consent/consent.ts'
import type { Contact } from '../domain/contact/contact.ts'
import { bucketOf } from '../domain/time/instant.ts'
import type { EventRow, InboxRow, Watch, WatchMember } from '../ports/storage/index.ts'
import { byNumber, byText, descending, inOrder } from './compare.ts'
import type { Journal } from './journal.ts'
import { keyOf } from './key-of.ts'
import { GroupedIndex, OrderedIndex, Table, UniqueIndex } from './table.ts'

export interface StoredInboxRow extends InboxRow {
  readonly error: string | null
}

/** What is known of contacts and what they did. */
export const createContactTables = (journal: Journal) => {
  const contactsById = new OrderedIndex<Contact>(byText((row) => row.id))
  const contactsByEmailKey = new UniqueIndex<Contact>((row) => row.emailKey)
  const ledgers = new GroupedIndex<ConsentEntry>(
    (row) => row.contactId,
    inOrder(
      byNumber((row) => row.occurredAt),
      byNumber((row) => row.recordedAt),
      byText((row) => row.id),
    ),
  )
  return {
    contacts: new Table<Contact>(journal, (row) => row.id, [contactsById, contactsByEmailKey]),
    contactsById,
    contactsByEmailKey,
    consents: new Table<ConsentEntry>(journal, (row) => row.id, [ledgers]),
    ledgers,
    suppressions: new Table<Suppression>(journal, (row) => row.key),
    ...createInboxTable(journal),
    ...createEventTable(journal),
    ...createWatchTables(journal),
  }
}

const createInboxTable = (journal: Journal) => {
  const isWaiting = (row: StoredInboxRow): boolean => row.error === null
  const inboxByContact = new GroupedIndex<StoredInboxRow>(
    (row) => (isWaiting(row) ? row.contactId : null),
    inOrder(
      byNumber((row) => row.occurredAt),
      byNumber((row) => row.receivedAt),
      byNumber((row) => row.id),
    ),
  )
  const byReceipt = inOrder<StoredInboxRow>(
    byNumber((row) => row.receivedAt),
    byNumber((row) => row.id),
  )
  const inboxWaiting = new OrderedIndex<StoredInboxRow>(byReceipt, isWaiting)
  const inboxFailed = new OrderedIndex<StoredInboxRow>(
    byNumber((row) => row.id),
    (row) => !isWaiting(row),
  )
  return {
    inbox: new Table<StoredInboxRow>(journal, (row) => String(row.id), [inboxByContact, inboxWaiting, inboxFailed]),
    inboxByContact,
    inboxWaiting,
    inboxFailed,
  }
}

const createEventTable = (journal: Journal) => {
  const eventsByContact = new GroupedIndex<EventRow>(
    (row) => row.contactId,
    descending(
      inOrder(
        byNumber((row) => row.occurredAt),
        byNumber((row) => row.receivedAt),
        byText((row) => row.name),
        byText((row) => row.id),
      ),
    ),
  )
  const eventsByName = new GroupedIndex<EventRow>((row) => row.name, byPlace)
  return {
    events: new Table<EventRow>(journal, (row) => keyOf(row.name, row.id, bucketOf(row.occurredAt)), [
      eventsByContact,
      eventsByName,
    ]),
    eventsByContact,
    eventsByName,
  }
}

/** The order in which the events of a name are paged. */
export const byPlace = inOrder<{ readonly contactId: string; readonly occurredAt: number; readonly id: string }>(
  byText((row) => row.contactId),
  byNumber((row) => row.occurredAt),
  byText((row) => row.id),
)

const createWatchTables = (journal: Journal) => {
  const watchMembersByKey = new GroupedIndex<WatchMember>(
    (row) => row.key,
    byText((row) => row.contactId),
  )
  const watchMembersByContact = new GroupedIndex<WatchMember>(
    (row) => row.contactId,
    byText((row) => row.key),
  )
  const watchMembersDue = new GroupedIndex<WatchMember>(
    (row) => (row.nextAt === null ? null : row.key),
    inOrder(
      byNumber((row) => row.nextAt ?? 0),
      byText((row) => row.contactId),
    ),
  )
  return {
    watches: new Table<Watch>(journal, (row) => row.key),
    watchMembers: new Table<WatchMember>(journal, (row) => keyOf(row.key, row.contactId), [
      watchMembersByKey,
      watchMembersByContact,
      watchMembersDue,
    ]),
    watchMembersByKey,
    watchMembersByContact,
    watchMembersDue,
  }
}
