import type { EventRow, EventWriter, Step } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { insertList, selectList } from '../columns.ts'
import { isSameJson, parseJson, storable } from '../json-text.ts'
import { perform, rows } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'
import { eventFields, fromEvent, type StoredEvent } from './event-row.ts'
import { eventReads } from './read-events.ts'

const keyFields = { name: 'text', event_id: 'text', bucket: 'integer' } as const
type EventKey = Pick<StoredEvent, keyof typeof keyFields>

export const eventVerbs = (b: SqlBuilder): EventWriter => {
  const event = b.table('event')
  const insert = b.statement<{ records: string }>(
    (p) => sql`insert into ${event} ${insertList(eventFields)}
      select r.name, r.event_id, r.bucket, r.contact_id, ${b.dialect.document(sql`r.payload`)}, r.occurred_at, r.received_at
      from ${b.records(p.records, eventFields)} where true order by r.name, r.event_id, r.bucket
      on conflict (name, event_id, bucket) do nothing returning name, event_id, bucket`,
  )
  const byKeys = b.statement<{ records: string }>(
    (p) => sql`select ${selectList(eventFields, { alias: 'e' })} from ${b.records(p.records, keyFields)}
      join ${event} e on e.name = r.name and e.event_id = r.event_id and e.bucket = r.bucket`,
  )
  const move = b.statement<{ from: string; into: string }>(
    (p) => sql`update ${event} set contact_id = ${p.into} where contact_id = ${p.from}`,
  )
  const erase = b.statement<{ contactId: string }>((p) => sql`delete from ${event} where contact_id = ${p.contactId}`)

  /** The first of each key in the call is the one that may be new; the others are compared with what is stored then. */
  function* record(events: readonly EventRow[]): Step<{ inserted: number[]; duplicate: number[]; conflicting: number[] }> {
    if (events.length === 0) return { inserted: [], duplicate: [], conflicting: [] }
    const stored = events.map(fromEvent)
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
      const first = given && before.get(keyOf(fromEvent(given)))
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
    ...eventReads(b),
    record,
    *move(from, into) {
      yield* perform(move({ from, into }))
    },
    *erase(contactId) {
      yield* perform(erase({ contactId }))
    },
  }
}

const keyOf = (key: EventKey): string => JSON.stringify([key.name, key.event_id, key.bucket])
