import type { DeliveryEvent, MessageWriter } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { assignments, selectList } from '../columns.ts'
import { perform, rows } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'
import { deliveryFields, fromDeliveryEvent } from './delivery-row.ts'
import { foldFacts } from './fold-facts.ts'
import { type FactsRow, factsFields } from './message-row.ts'

/**
 * Locks the messages, inserts the events that are new and whose message there is, and folds them into the facts. The locks
 * come first, so that two recorders of one message do not fold into the same old facts.
 */
export const recordDeliveryVerb = (b: SqlBuilder): MessageWriter['recordDelivery'] => {
  const message = b.table('message')
  const lockFacts = b.statement<{ ids: unknown }>(
    (p) =>
      sql`select id, bucket, ${selectList(factsFields)} from ${message} where ${b.isOneOf('id', p.ids)} order by id ${b.lock('for update')}`,
  )
  const insert = b.statement<{ records: string }>(
    (p) => sql`insert into ${b.table('delivery_event')} (${selectList(deliveryFields)})
      select ${selectList(deliveryFields, { alias: 'r' })} from ${b.records(p.records, deliveryFields)}
      where true order by r.event_key on conflict (event_key) do nothing returning event_key`,
  )
  const save = b.statement<{ records: string }>(
    (p) => sql`update ${message} as m set ${assignments(Object.keys(factsFields))}
      from ${b.records(p.records, { id: 'text', bucket: 'integer', ...factsFields })}
      where m.id = r.id and m.bucket = r.bucket`,
  )

  return function* recordDelivery(events) {
    if (events.length === 0) return []
    const ids = [...new Set(events.map((event) => event.messageId))].sort()
    const before = new Map((yield* rows<MessageFactsRow>(lockFacts({ ids: b.list(ids) }))).map((row) => [row.id, row]))
    const known = firstOfEachKey(events.filter((event) => before.has(event.messageId)))
    if (known.length === 0) return []
    const records = JSON.stringify(known.map(fromDeliveryEvent))
    const added = new Set((yield* rows<{ event_key: string }>(insert({ records }))).map((row) => row.event_key))
    const fresh = known.filter((event) => added.has(event.key))
    const changed = new Map<string, MessageFactsRow>()
    for (const event of fresh) {
      const facts = changed.get(event.messageId) ?? before.get(event.messageId)
      if (facts !== undefined) changed.set(event.messageId, foldFacts(facts, event))
    }
    if (changed.size > 0) yield* perform(save({ records: JSON.stringify(ids.flatMap((id) => changed.get(id) ?? [])) }))
    return fresh.map((event) => event.key)
  }
}

interface MessageFactsRow extends FactsRow {
  readonly id: string
  readonly bucket: number
}

const firstOfEachKey = (events: readonly DeliveryEvent[]): DeliveryEvent[] => {
  const firsts = new Map<string, DeliveryEvent>()
  for (const event of events) if (!firsts.has(event.key)) firsts.set(event.key, event)
  return [...firsts.values()]
}
