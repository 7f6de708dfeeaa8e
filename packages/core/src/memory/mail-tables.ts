import type { Instant } from '../domain/time/instant.ts'
import type { DeliveryEvent } from '../domain/tracking/delivery-event.ts'
import type { Broadcast, CapUse, Conversion, Message, MessageFacts, QueueEntry } from '../ports/storage/index.ts'
import { byNumber, byText, descending, inOrder } from './compare.ts'
import type { Journal } from './journal.ts'
import { keyOf } from './key-of.ts'
import { GroupedIndex, OrderedIndex, Table, UniqueIndex } from './table.ts'

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
/** How many places of a cap are taken. No row: none. */
export interface CapCounter {
  readonly contactId: string
  readonly cap: string
  readonly bucket: string
  readonly used: number
}
/** What the mark of a message reserved, for as long as it may have to be given back. */
export interface CapReservation {
  readonly messageId: string
  readonly caps: readonly CapUse[]
}

/** When a queue row is due: to be claimed, or to be reaped. */
export const queueDueAt = (row: QueueRow): Instant =>
  row.phase === 1 ? (row.leaseUntil ?? 0) : Math.max(row.entry.runAt, row.leaseUntil ?? Number.NEGATIVE_INFINITY)

/** Messages, what became of them, and the queue. */
export const createMailTables = (journal: Journal) => ({
  ...createMessageTables(journal),
  ...createDeliveryTables(journal),
  ...createBroadcastTables(journal),
  ...createQueueTable(journal),
  ...createCapTables(journal),
})

const createMessageTables = (journal: Journal) => {
  const newestFirst = descending<Message>(
    inOrder(
      byNumber((row) => row.createdAt),
      byText((row) => row.id),
    ),
  )
  const messagesByIdemKey = new UniqueIndex<Message>((row) => row.idemKey)
  const messagesByContact = new GroupedIndex<Message>((row) => row.contactId, newestFirst)
  const messagesByEnrolment = new GroupedIndex<Message>((row) => row.enrolmentId, newestFirst)
  return {
    messages: new Table<Message>(journal, (row) => row.id, [messagesByIdemKey, messagesByContact, messagesByEnrolment]),
    messagesByIdemKey,
    messagesByContact,
    messagesByEnrolment,
  }
}

const createDeliveryTables = (journal: Journal) => {
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
  return {
    facts: new Table<MessageFacts>(journal, (row) => row.messageId),
    deliveries: new Table<DeliveryEvent>(journal, (row) => row.key, [deliveriesByMessage]),
    deliveriesByMessage,
    conversions: new Table<Conversion>(journal, (row) => keyOf(row.event, row.eventId), [conversionsByMessage]),
    conversionsByMessage,
  }
}

const createBroadcastTables = (journal: Journal) => {
  const audience = new GroupedIndex<AudienceRow>(
    (row) => row.broadcastId,
    byText((row) => row.contactId),
  )
  return {
    broadcasts: new Table<Broadcast>(journal, (row) => row.id),
    audienceRows: new Table<AudienceRow>(journal, (row) => keyOf(row.broadcastId, row.contactId), [audience]),
    audience,
  }
}

const createQueueTable = (journal: Journal) => {
  const byMessage = byText((row: QueueRow) => row.entry.messageId)
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
  const grouped = (of: (entry: QueueEntry) => string | null) => new GroupedIndex<QueueRow>((row) => of(row.entry), byMessage)
  const indexes = {
    unmarked,
    marked: new OrderedIndex<QueueRow>(byDue, (row) => row.phase === 1),
    queueDue: new OrderedIndex<QueueRow>(byDue),
    queueByContact: grouped((entry) => entry.contactId),
    queueByEnrolment: grouped((entry) => entry.enrolmentId),
    queueByScenario: grouped((entry) => entry.scenario),
    queueByBroadcast: grouped((entry) => entry.broadcastId),
  }
  return { queue: new Table<QueueRow>(journal, (row) => row.entry.messageId, Object.values(indexes)), ...indexes }
}

const createCapTables = (journal: Journal) => {
  const capsByContact = new GroupedIndex<CapCounter>(
    (row) => row.contactId,
    inOrder(
      byText((row) => row.cap),
      byText((row) => row.bucket),
    ),
  )
  return {
    caps: new Table<CapCounter>(journal, (row) => keyOf(row.contactId, row.cap, row.bucket), [capsByContact]),
    capsByContact,
    reservations: new Table<CapReservation>(journal, (row) => row.messageId),
  }
}
