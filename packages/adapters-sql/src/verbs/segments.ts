import type { SegmentReader } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { firstRow, rows } from '../query.ts'
import { countedEvents, countedMessages, messageTime, segmentCondition } from '../segment/segment-condition.ts'
import type { SqlBuilder } from '../sql-builder.ts'

export const segmentVerbs = (b: SqlBuilder): SegmentReader => {
  const contact = sql`${b.table('contact')} c`
  return {
    *count(query) {
      const counted = b.query(sql`select count(*) as count from ${contact} where ${segmentCondition(b, query)}`)
      return (yield* firstRow<{ count: number }>(counted))?.count ?? 0
    },
    *page(query, { after, limit }) {
      const found = b.query(
        sql`select c.id from ${contact} where c.id > ${after ?? ''} and ${segmentCondition(b, query)} order by c.id limit ${limit}`,
      )
      return (yield* rows<{ id: string }>(found)).map((row) => row.id)
    },
    *matching(query, contactIds) {
      if (contactIds.length === 0) return []
      const found = b.query(
        sql`select c.id from ${contact} where ${b.isOneOf('c.id', b.list(contactIds))} and ${segmentCondition(b, query)} order by c.id`,
      )
      return (yield* rows<{ id: string }>(found)).map((row) => row.id)
    },
    *earliest(leaf, contactIds, after) {
      if (contactIds.length === 0) return []
      const isAsked = b.isOneOf('contact_id', b.list(contactIds))
      const at = leaf.kind === 'event' ? sql`e.occurred_at` : messageTime(leaf)
      const counted =
        leaf.kind === 'event'
          ? sql`${b.table('event')} e where ${countedEvents(b, leaf)}`
          : sql`${b.table('message')} m where ${countedMessages(leaf)}`
      const found = b.query(
        sql`select contact_id, min(${at}) as first_at from ${counted} and ${isAsked} and ${at} > ${after} group by contact_id`,
      )
      return (yield* rows<{ contact_id: string; first_at: number }>(found)).map((row) => ({
        contactId: row.contact_id,
        at: row.first_at,
      }))
    },
  }
}
