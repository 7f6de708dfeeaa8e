import type { MessageWriter } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { selectList } from '../columns.ts'
import { rows, run } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'
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
  const attributable = b.statement<{ contactId: string; kind: string; from: number; to: number }>(
    (p) => sql`select m.id from ${message} m
      join ${b.table('delivery_event')} d on d.message_id = m.id and d.kind = ${p.kind} and d.actor = 'human'
        and d.occurred_at >= ${p.from} and d.occurred_at <= ${p.to}
      where m.contact_id = ${p.contactId} and m.state = 'sent'
      order by d.occurred_at desc, m.id desc limit 1`,
  )
  const recentEvents = b.statement<{ messageId: string; since: number; limit: number }>(
    (p) => sql`select ${selectList(deliveryFields)} from ${b.table('delivery_event')}
      where message_id = ${p.messageId} and kind in ('clicked', 'opened') and occurred_at >= ${p.since}
      order by occurred_at desc, received_at desc, event_key desc limit ${p.limit}`,
  )
  const convert = b.statement<{
    event: string
    eventId: string
    contactId: string
    messageId: string
    occurredAt: number
    value: number | null
  }>(
    (p) => sql`insert into ${b.table('conversion')} (event, event_id, contact_id, message_id, occurred_at, amount)
      values (${p.event}, ${p.eventId}, ${p.contactId}, ${p.messageId}, ${p.occurredAt}, ${p.value})
      on conflict (event, event_id) do nothing`,
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
    *attributable({ contactId, by, from, to }) {
      const kind = by === 'click' ? 'clicked' : 'opened'
      return (yield* rows<{ id: string }>(attributable({ contactId, kind, from, to })))[0]?.id ?? null
    },
    *recentEvents(messageId, { since, limit }) {
      return (yield* rows<DeliveryRow>(recentEvents({ messageId, since, limit }))).map(toDeliveryEvent)
    },
    fates: fatesVerb(b),
    ...queuedReads(b),
    ...moveMessagesVerbs(b),
    enqueue: enqueueVerb(b),
    dropQueued: dropQueuedVerb(b),
    shiftQueued: shiftQueuedVerb(b),
    reconsider: reconsiderVerb(b),
    recordDelivery: recordDeliveryVerb(b),
    *recordConversion(row) {
      return (yield* run(convert(row))) > 0
    },
  }
}
