import type { MessageWriter } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { selectList } from '../columns.ts'
import { rows } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'
import { conversionVerbs } from './conversions.ts'
import { type DeliveryRow, deliveryFields, toDeliveryEvent } from './delivery-row.ts'
import { dropQueuedVerb } from './drop-queued.ts'
import { enqueueVerb } from './enqueue.ts'
import { fatesVerb } from './fates.ts'
import { type FactsRow, factsFields, type MessageRow, messageFields, toFacts, toMessage } from './message-row.ts'
import { moveMessagesVerbs } from './move-messages.ts'
import { queuedReads } from './read-queued.ts'
import { reconsiderVerb } from './reconsider.ts'
import { recordDeliveryVerb } from './record-delivery.ts'
import { shiftQueuedVerb } from './shift-queued.ts'

export const messageVerbs = (b: SqlBuilder): MessageWriter => {
  const message = b.table('message')
  const columns = sql`${selectList(messageFields)}, ${selectList(factsFields)}`
  const get = b.statement<{ ids: unknown }>(
    (p) => sql`select ${columns} from ${message} where ${b.isOneOf('id', p.ids)} order by id`,
  )
  const ofContact = b.statement<{ contactId: string; limit: number }>(
    (p) =>
      sql`select ${columns} from ${message} where contact_id = ${p.contactId} order by created_at desc, id desc limit ${p.limit}`,
  )
  const recentEvents = b.statement<{ messageId: string; since: number; limit: number }>(
    (p) => sql`select ${selectList(deliveryFields)} from ${b.table('delivery_event')}
      where message_id = ${p.messageId} and kind in ('clicked', 'opened') and occurred_at >= ${p.since}
      order by occurred_at desc, received_at desc, event_key desc limit ${p.limit}`,
  )
  const withFacts = (row: MessageRow & FactsRow) => ({ ...toMessage(row), facts: toFacts(row.id, row) })

  return {
    *get(ids) {
      if (ids.length === 0) return []
      return (yield* rows<MessageRow & FactsRow>(get({ ids: b.list(ids) }))).map(withFacts)
    },
    *ofContact(contactId, { limit }) {
      return (yield* rows<MessageRow & FactsRow>(ofContact({ contactId, limit }))).map(withFacts)
    },
    *recentEvents(messageId, { since, limit }) {
      return (yield* rows<DeliveryRow>(recentEvents({ messageId, since, limit }))).map(toDeliveryEvent)
    },
    fates: fatesVerb(b),
    ...conversionVerbs(b),
    ...queuedReads(b),
    ...moveMessagesVerbs(b),
    enqueue: enqueueVerb(b),
    dropQueued: dropQueuedVerb(b),
    shiftQueued: shiftQueuedVerb(b),
    reconsider: reconsiderVerb(b),
    recordDelivery: recordDeliveryVerb(b),
  }
}
