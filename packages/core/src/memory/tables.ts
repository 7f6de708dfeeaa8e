import type { ConsentEntry, Suppression } from '../domain/consent/consent.ts'
import type { Contact } from '../domain/contact/contact.ts'
import type { Enrolment } from '../domain/scenario/enrolment.ts'
import { bucketOf, type Instant } from '../domain/time/instant.ts'
import type { DeliveryEvent } from '../domain/tracking/delivery-event.ts'
import type {
  Broadcast,
  Conversion,
  EventRow,
  InboxRow,
  InstallationStamp,
  Message,
  MessageFacts,
  QueueEntry,
  ScenarioRow,
  ScenarioVersionRow,
  TemplateVersionRow,
} from '../ports/storage/index.ts'
import { byNumber, byText, descending, inOrder } from './compare.ts'
import type { Journal } from './journal.ts'
import { GroupedIndex, OrderedIndex, Table, UniqueIndex } from './table.ts'

/** Joins parts of a key; no part holds NUL. */
export const keyOf = (...parts: readonly (string | number)[]): string => parts.join('\u0000')

export interface StoredInboxRow extends InboxRow {
  readonly error: string | null
}
/** `leaseUntil` is null where nobody holds the row. */
export interface QueueRow {
  readonly entry: QueueEntry
  readonly leaseUntil: Instant | null
  readonly token: number
  readonly phase: 0 | 1
  readonly owner: string | null
  readonly attempt: number
}
export interface AudienceRow {
  readonly broadcastId: string
  readonly contactId: string
}
/** The rows of which there is one. */
export interface SingleRow {
  readonly key: 'stamp' | 'worker' | 'inboxId'
  readonly stamp?: InstallationStamp
  readonly worker?: { readonly owner: string; readonly until: Instant }
  readonly inboxId?: number
}

/** When a queue row is due: to be claimed, or to be reaped. */
export const queueDueAt = (row: QueueRow): Instant =>
  row.phase === 1 ? (row.leaseUntil ?? 0) : Math.max(row.entry.runAt, row.leaseUntil ?? Number.NEGATIVE_INFINITY)

const byMessage = byText((row: QueueRow) => row.entry.messageId)

export type Tables = ReturnType<typeof createTables>

/** Every table with the indexes that its verbs read. */
export const createTables = (journal: Journal) => ({
  ...createContactTables(journal),
  ...createScenarioTables(journal),
  ...createMailTables(journal),
  singles: new Table<SingleRow>(journal, (row) => row.key),
})

const createContactTables = (journal: Journal) => {
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
  return {
    contacts: new Table<Contact>(journal, (row) => row.id, [contactsById, contactsByEmailKey]),
    contactsById,
    contactsByEmailKey,
    consents: new Table<ConsentEntry>(journal, (row) => row.id, [ledgers]),
    ledgers,
    suppressions: new Table<Suppression>(journal, (row) => row.key),
    inbox: new Table<StoredInboxRow>(journal, (row) => String(row.id), [inboxByContact, inboxWaiting, inboxFailed]),
    inboxByContact,
    inboxWaiting,
    inboxFailed,
    events: new Table<EventRow>(journal, (row) => keyOf(row.name, row.id, bucketOf(row.occurredAt)), [eventsByContact]),
    eventsByContact,
  }
}

const createScenarioTables = (journal: Journal) => {
  const isDue = (row: Enrolment): boolean => row.state === 'active' && row.wakeAt !== null
  const enrolmentsByEntry = new UniqueIndex<Enrolment>((row) => keyOf(row.scenario, row.contactId, row.entryKey))
  const enrolmentsByContact = new GroupedIndex<Enrolment>(
    (row) => row.contactId,
    inOrder(
      byNumber((row) => row.enteredAt),
      byText((row) => row.id),
    ),
  )
  /** Active ones by version, because a paused scenario or an unreadable format leaves all of a version alone. */
  const enrolmentsDue = new GroupedIndex<Enrolment>(
    (row) => (isDue(row) ? keyOf(row.scenario, row.version) : null),
    inOrder(
      byNumber((row) => row.wakeAt ?? 0),
      byText((row) => row.id),
    ),
  )
  return {
    scenarios: new Table<ScenarioRow>(journal, (row) => row.name),
    versions: new Table<ScenarioVersionRow>(journal, (row) => keyOf(row.scenario, row.version)),
    templates: new Table<TemplateVersionRow>(journal, (row) => row.hash),
    enrolments: new Table<Enrolment>(journal, (row) => row.id, [enrolmentsByEntry, enrolmentsByContact, enrolmentsDue]),
    enrolmentsByEntry,
    enrolmentsByContact,
    enrolmentsDue,
  }
}

const createMailTables = (journal: Journal) => {
  const messagesByIdemKey = new UniqueIndex<Message>((row) => row.idemKey)
  const messagesByContact = new GroupedIndex<Message>(
    (row) => row.contactId,
    descending(
      inOrder(
        byNumber((row) => row.createdAt),
        byText((row) => row.id),
      ),
    ),
  )
  const deliveriesByMessage = new GroupedIndex<DeliveryEvent>(
    (row) => row.messageId,
    descending(
      inOrder(
        byNumber((row) => row.occurredAt),
        byNumber((row) => row.receivedAt),
        byText((row) => row.key),
      ),
    ),
  )
  const conversionsByMessage = new GroupedIndex<Conversion>(
    (row) => row.messageId,
    inOrder(
      byText((row) => row.event),
      byText((row) => row.eventId),
    ),
  )
  const audience = new GroupedIndex<AudienceRow>(
    (row) => row.broadcastId,
    byText((row) => row.contactId),
  )
  return {
    ...createQueueTable(journal),
    messages: new Table<Message>(journal, (row) => row.id, [messagesByIdemKey, messagesByContact]),
    messagesByIdemKey,
    messagesByContact,
    facts: new Table<MessageFacts>(journal, (row) => row.messageId),
    deliveries: new Table<DeliveryEvent>(journal, (row) => row.key, [deliveriesByMessage]),
    deliveriesByMessage,
    conversions: new Table<Conversion>(journal, (row) => keyOf(row.event, row.eventId), [conversionsByMessage]),
    conversionsByMessage,
    broadcasts: new Table<Broadcast>(journal, (row) => row.id),
    audienceRows: new Table<AudienceRow>(journal, (row) => keyOf(row.broadcastId, row.contactId), [audience]),
    audience,
  }
}

const createQueueTable = (journal: Journal) => {
  const unmarked = new OrderedIndex<QueueRow>(
    inOrder(
      byNumber((row) => row.entry.class),
      byText((row) => row.entry.route),
      byNumber((row) => row.entry.lane),
      byNumber((row) => row.entry.runAt),
      byMessage,
    ),
    (row) => row.phase === 0,
  )
  const byDue = inOrder<QueueRow>(byNumber(queueDueAt), byMessage)
  const marked = new OrderedIndex<QueueRow>(byDue, (row) => row.phase === 1)
  const queueDue = new OrderedIndex<QueueRow>(byDue)
  const queueByEnrolment = new GroupedIndex<QueueRow>((row) => row.entry.enrolmentId, byMessage)
  const queueByBroadcast = new GroupedIndex<QueueRow>((row) => row.entry.broadcastId, byMessage)
  return {
    queue: new Table<QueueRow>(journal, (row) => row.entry.messageId, [
      unmarked,
      marked,
      queueDue,
      queueByEnrolment,
      queueByBroadcast,
    ]),
    unmarked,
    marked,
    queueDue,
    queueByEnrolment,
    queueByBroadcast,
  }
}
