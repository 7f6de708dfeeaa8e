import type { EventReader } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { selectList } from '../columns.ts'
import { firstRow, rows } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'
import { eventFields, type StoredEvent, toEvent } from './event-row.ts'

export const eventReads = (b: SqlBuilder): EventReader => {
  const event = b.table('event')
  const columns = selectList(eventFields)
  const newestFirst = sql`occurred_at desc, received_at desc, name desc, event_id desc`
  const ofContact = b.statement<{ contactId: string; limit: number }>(
    (p) => sql`select ${columns} from ${event} where contact_id = ${p.contactId} order by ${newestFirst} limit ${p.limit}`,
  )
  const ofContactNamed = b.statement<{ contactId: string; names: unknown; limit: number }>(
    (p) => sql`select ${columns} from ${event}
      where contact_id = ${p.contactId} and ${b.isOneOf('name', p.names)} order by ${newestFirst} limit ${p.limit}`,
  )
  const count = b.statement(() => sql`select count(*) as count from ${event}`)
  const ofContacts = b.statement<{ ids: unknown; names: unknown; since: number }>(
    (p) => sql`select ${columns} from ${event}
      where ${b.isOneOf('contact_id', p.ids)} and ${b.isOneOf('name', p.names)} and occurred_at >= ${p.since}
      order by contact_id, ${newestFirst}`,
  )
  const earliestAfter = b.statement<{ ids: unknown; event: string; after: number }>(
    (p) => sql`select contact_id, min(occurred_at) as occurred_at from ${event}
      where ${b.isOneOf('contact_id', p.ids)} and name = ${p.event} and occurred_at > ${p.after}
      group by contact_id order by contact_id`,
  )
  // The name inside `coalesce` keeps the planner on the contact's index: all pages together walk it once.
  const page = b.statement<{ name: string; since: number; contactId: string; occurredAt: number; id: string; limit: number }>(
    (p) => sql`select ${columns} from ${event}
      where contact_id >= ${p.contactId} and coalesce(name = ${p.name} and occurred_at >= ${p.since}, false)
        and (contact_id > ${p.contactId} or occurred_at > ${p.occurredAt}
          or (occurred_at = ${p.occurredAt} and event_id > ${p.id}))
      order by contact_id, occurred_at, event_id limit ${p.limit}`,
  )

  return {
    *ofContact(contactId, { names, limit }) {
      const query =
        names === undefined ? ofContact({ contactId, limit }) : ofContactNamed({ contactId, names: b.list(names), limit })
      return (yield* rows<StoredEvent>(query)).map(toEvent)
    },
    *count() {
      return (yield* firstRow<{ count: number }>(count({})))?.count ?? 0
    },
    *ofContacts(contactIds, { names, since }) {
      if (contactIds.length === 0 || names.length === 0) return []
      const query = ofContacts({ ids: b.list(contactIds), names: b.list(names), since })
      return (yield* rows<StoredEvent>(query)).map(toEvent)
    },
    *earliestAfter(contactIds, name, after) {
      if (contactIds.length === 0) return []
      const query = earliestAfter({ ids: b.list(contactIds), event: name, after })
      const found = yield* rows<{ contact_id: string; occurred_at: number }>(query)
      return found.map((row) => ({ contactId: row.contact_id, occurredAt: row.occurred_at }))
    },
    *page({ name, since, after, limit }) {
      const { contactId, occurredAt, id } = after ?? { contactId: '', occurredAt: 0, id: '' }
      return (yield* rows<StoredEvent>(page({ name, since, contactId, occurredAt, id, limit }))).map(toEvent)
    },
  }
}
