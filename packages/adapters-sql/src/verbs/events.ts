import { bucketOf } from '@tobiishi/core'
import type { EventRow, EventWriter, Step } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { insertList, selectList } from '../columns.ts'
import type { FieldType } from '../dialect.ts'
import { documentText, isSameJson, parseJson, storable } from '../json-text.ts'
import { firstRow, rows } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'

interface StoredEvent {
  readonly name: string
  readonly event_id: string
  readonly bucket: number
  readonly contact_id: string
  readonly payload: string
  readonly occurred_at: number
  readonly received_at: number
}

const fields = {
  name: 'text',
  event_id: 'text',
  bucket: 'integer',
  contact_id: 'text',
  payload: 'text',
  occurred_at: 'instant',
  received_at: 'instant',
} as const satisfies { readonly [field in keyof StoredEvent]: FieldType }

const keyFields = { name: 'text', event_id: 'text', bucket: 'integer' } as const
type EventKey = Pick<StoredEvent, keyof typeof keyFields>

export const eventVerbs = (b: SqlBuilder): EventWriter => {
  const event = b.table('event')
  const newestFirst = sql`order by occurred_at desc, received_at desc, name desc, event_id desc`
  const ofContact = b.statement<{ contactId: string; limit: number }>(
    (p) => sql`select ${selectList(fields)} from ${event} where contact_id = ${p.contactId} ${newestFirst} limit ${p.limit}`,
  )
  const ofContactNamed = b.statement<{ contactId: string; names: unknown; limit: number }>(
    (p) => sql`select ${selectList(fields)} from ${event}
      where contact_id = ${p.contactId} and ${b.isOneOf('name', p.names)} ${newestFirst} limit ${p.limit}`,
  )
  const count = b.statement(() => sql`select count(*) as count from ${event}`)
  const insert = b.statement<{ records: string }>(
    (p) => sql`insert into ${event} ${insertList(fields)}
      select r.name, r.event_id, r.bucket, r.contact_id, ${b.dialect.document(sql`r.payload`)}, r.occurred_at, r.received_at
      from ${b.records(p.records, fields)} where true order by r.name, r.event_id, r.bucket
      on conflict (name, event_id, bucket) do nothing returning name, event_id, bucket`,
  )
  const byKeys = b.statement<{ records: string }>(
    (p) => sql`select ${selectList(fields, { alias: 'e' })} from ${b.records(p.records, keyFields)}
      join ${event} e on e.name = r.name and e.event_id = r.event_id and e.bucket = r.bucket`,
  )

  /** The first of each key in the call is the one that may be new; the others are compared with what is stored then. */
  function* record(events: readonly EventRow[]): Step<{ inserted: number[]; duplicate: number[]; conflicting: number[] }> {
    if (events.length === 0) return { inserted: [], duplicate: [], conflicting: [] }
    const stored = events.map(toRow)
    const firsts = new Map<string, number>()
    for (const [index, row] of stored.entries()) if (!firsts.has(keyOf(row))) firsts.set(keyOf(row), index)
    const candidates = [...firsts.values()].map((index) => stored[index])
    const added = yield* rows<EventKey>(insert({ records: JSON.stringify(candidates) }))
    const inserted = added.flatMap((key) => firsts.get(keyOf(key)) ?? []).toSorted((a, b) => a - b)
    const isNew = new Set(inserted)
    const rest = [...stored.keys()].filter((index) => !isNew.has(index))
    if (rest.length === 0) return { inserted, duplicate: [], conflicting: [] }
    const asked = rest.flatMap((index) => stored[index] ?? []).map(({ name, event_id, bucket }) => ({ name, event_id, bucket }))
    const found = yield* rows<StoredEvent>(byKeys({ records: JSON.stringify(asked) }))
    const before = new Map(found.map((row) => [keyOf(row), row]))
    const isDuplicate = (index: number): boolean => {
      const given = events[index]
      const first = given && before.get(keyOf(toRow(given)))
      if (given === undefined || first === undefined) return false
      return first.contact_id === given.contactId && isSameJson(parseJson(first.payload), storable(given.payload))
    }
    return {
      inserted,
      duplicate: rest.filter(isDuplicate),
      conflicting: rest.filter((index) => !isDuplicate(index)),
    }
  }

  return {
    *ofContact(contactId, { names, limit }) {
      const query =
        names === undefined ? ofContact({ contactId, limit }) : ofContactNamed({ contactId, names: b.list(names), limit })
      return (yield* rows<StoredEvent>(query)).map(toEvent)
    },
    *count() {
      return (yield* firstRow<{ count: number }>(count({})))?.count ?? 0
    },
    record,
  }
}

const keyOf = (key: EventKey): string => JSON.stringify([key.name, key.event_id, key.bucket])

const toEvent = (row: StoredEvent): EventRow => ({
  name: row.name,
  id: row.event_id,
  contactId: row.contact_id,
  payload: parseJson(row.payload),
  occurredAt: row.occurred_at,
  receivedAt: row.received_at,
})

const toRow = (event: EventRow): StoredEvent => ({
  name: event.name,
  event_id: event.id,
  bucket: bucketOf(event.occurredAt),
  contact_id: event.contactId,
  payload: documentText(event.payload),
  occurred_at: event.occurredAt,
  received_at: event.receivedAt,
})
