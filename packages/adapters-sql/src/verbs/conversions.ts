import type { Conversion, MessageWriter } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { insertList, selectList } from '../columns.ts'
import { rows, run } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'

const conversionFields = {
  event: 'text',
  event_id: 'text',
  contact_id: 'text',
  message_id: 'text',
  occurred_at: 'instant',
  amount: 'real',
} as const

/** Each asks for a whole batch in one request. */
export const conversionVerbs = (b: SqlBuilder): Pick<MessageWriter, 'attributable' | 'recordConversions'> => {
  const attributable = b.statement<{ records: string; kind: string }>(
    (p) => sql`select r.nth, (
        select m.id from ${b.table('message')} m
        join ${b.table('delivery_event')} d on d.message_id = m.id and d.kind = ${p.kind} and d.actor = 'human'
          and d.occurred_at >= r.since and d.occurred_at <= r.until
        where m.contact_id = r.whose and m.state = 'sent'
        order by d.occurred_at desc, m.id desc limit 1
      ) as message_id
      from ${b.records(p.records, { nth: 'integer', whose: 'text', since: 'instant', until: 'instant' })}`,
  )
  const convert = b.statement<{ records: string }>(
    (p) => sql`insert into ${b.table('conversion')} ${insertList(conversionFields)}
      select ${selectList(conversionFields, { alias: 'r' })} from ${b.records(p.records, conversionFields)} where true
      order by r.event, r.event_id on conflict (event, event_id) do nothing`,
  )
  return {
    *attributable(asked, by) {
      if (asked.length === 0) return []
      const records = asked.map(({ contactId, from, to }, nth) => ({ nth, whose: contactId, since: from, until: to }))
      const query = attributable({ records: JSON.stringify(records), kind: by === 'click' ? 'clicked' : 'opened' })
      const found = new Map(
        (yield* rows<{ nth: number; message_id: string | null }>(query)).map((row) => [row.nth, row.message_id]),
      )
      return asked.map((_, nth) => found.get(nth) ?? null)
    },
    *recordConversions(conversions) {
      return conversions.length === 0 ? 0 : yield* run(convert({ records: JSON.stringify(conversions.map(toRecord)) }))
    },
  }
}

const toRecord = (row: Conversion): { readonly [field in keyof typeof conversionFields]: unknown } => ({
  event: row.event,
  event_id: row.eventId,
  contact_id: row.contactId,
  message_id: row.messageId,
  occurred_at: row.occurredAt,
  amount: row.value,
})
