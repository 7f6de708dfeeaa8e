import type { InboxEntry, InboxRow, InboxWriter } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { insertList, selectList } from '../columns.ts'
import type { FieldType } from '../dialect.ts'
import { jsonText, parseJson, storableText } from '../json-text.ts'
import { perform, type Query, rows } from '../query.ts'
import type { SqlBuilder, Statement } from '../sql-builder.ts'

interface StoredEntry {
  readonly contact_id: string
  readonly kind: InboxEntry['kind']
  readonly name: string
  readonly entry_key: string
  readonly payload: string
  readonly occurred_at: number
  readonly received_at: number
  readonly start_scenarios: boolean | number
  readonly meta: string | null
}
interface StoredRow extends StoredEntry {
  readonly id: number
  readonly error: string | null
}

const fields = {
  contact_id: 'text',
  kind: 'text',
  name: 'text',
  entry_key: 'text',
  payload: 'text',
  occurred_at: 'instant',
  received_at: 'instant',
  start_scenarios: 'boolean',
  meta: 'text',
} as const satisfies { readonly [field in keyof StoredEntry]: FieldType }

/** A waiting contact has few entries as a rule: this many rows are read for each contact that is asked for. */
const rowsPerContact = 4

/** The insert of inbox entries as one query, for a driver to run on the app's own connection. */
export const inboxInsert = (b: SqlBuilder): ((entries: readonly InboxEntry[]) => Query) => {
  const insert: Statement<{ records: string }> = b.statement(
    (p) => sql`insert into ${b.table('inbox')} ${insertList(fields)} select ${selectList(fields, { alias: 'r' })}
      from ${b.records(p.records, fields)}`,
  )
  return (entries) => insert({ records: JSON.stringify(entries.map(toRow)) })
}

export const inboxVerbs = (b: SqlBuilder): InboxWriter => {
  const inbox = b.table('inbox')
  const columns = sql`id, error, ${selectList(fields)}`
  const insert = inboxInsert(b)
  const firstWaiting = b.statement<{ limit: number; rowLimit: number }>(
    (p) => sql`select contact_id from (
        select contact_id, received_at, id from ${inbox} where not failed order by received_at, id limit ${p.rowLimit}
      ) oldest group by contact_id order by min(received_at), min(id) limit ${p.limit}`,
  )
  const waitingOf = b.statement<{ ids: unknown; limit: number }>(
    (p) => sql`select contact_id from ${inbox} where not failed and ${b.isOneOf('contact_id', p.ids)}
      group by contact_id order by min(received_at), min(id) limit ${p.limit}`,
  )
  const failed = b.statement<{ limit: number }>(
    (p) => sql`select ${columns} from ${inbox} where failed order by id limit ${p.limit}`,
  )
  const load = b.statement<{ ids: unknown; limit: number }>(
    (p) => sql`select ${columns} from (
        select i.*, row_number() over (partition by contact_id order by occurred_at, received_at, id) as place
        from ${inbox} i where not failed and ${b.isOneOf('contact_id', p.ids)}
      ) placed where place <= ${p.limit} order by contact_id, occurred_at, received_at, id`,
  )
  const remove = b.statement<{ ids: unknown }>((p) => sql`delete from ${inbox} where ${b.isOneOf('id', p.ids, 'instant')}`)
  const fail = b.statement<{ ids: unknown; error: string }>(
    (p) => sql`update ${inbox} set failed = true, error = ${p.error} where ${b.isOneOf('id', p.ids, 'instant')}`,
  )
  const move = b.statement<{ from: string; into: string }>(
    (p) => sql`update ${inbox} set contact_id = ${p.into} where contact_id = ${p.from}`,
  )
  const erase = b.statement<{ contactId: string }>((p) => sql`delete from ${inbox} where contact_id = ${p.contactId}`)

  return {
    *append(entries) {
      if (entries.length > 0) yield* perform(insert(entries))
    },
    *waiting({ limit, contactIds }) {
      const query =
        contactIds === undefined
          ? firstWaiting({ limit, rowLimit: limit * rowsPerContact })
          : waitingOf({ ids: b.list(contactIds), limit })
      return (yield* rows<{ contact_id: string }>(query)).map((row) => row.contact_id)
    },
    *failed({ limit }) {
      const found = yield* rows<StoredRow>(failed({ limit }))
      return found.map((row) => ({ ...toInboxRow(row), error: row.error ?? '' }))
    },
    *load(contactIds, limit) {
      if (contactIds.length === 0) return []
      return (yield* rows<StoredRow>(load({ ids: b.list(contactIds), limit }))).map(toInboxRow)
    },
    *remove(ids) {
      if (ids.length > 0) yield* perform(remove({ ids: b.list(ids) }))
    },
    *move(from, into) {
      yield* perform(move({ from, into }))
    },
    *erase(contactId) {
      yield* perform(erase({ contactId }))
    },
    *fail(ids, error) {
      if (ids.length > 0) yield* perform(fail({ ids: b.list(ids), error: storableText(error) }))
    },
  }
}

const toInboxRow = (row: StoredRow): InboxRow => ({
  id: row.id,
  contactId: row.contact_id,
  kind: row.kind,
  name: row.name,
  key: row.entry_key,
  payload: parseJson(row.payload),
  occurredAt: row.occurred_at,
  receivedAt: row.received_at,
  startScenarios: Boolean(row.start_scenarios),
  ...(row.meta === null ? {} : { meta: parseJson(row.meta) }),
})

const toRow = (entry: InboxEntry): StoredEntry => ({
  contact_id: entry.contactId,
  kind: entry.kind,
  name: entry.name,
  entry_key: entry.key,
  payload: jsonText(entry.payload),
  occurred_at: entry.occurredAt,
  received_at: entry.receivedAt,
  start_scenarios: entry.startScenarios,
  meta: entry.meta === undefined ? null : jsonText(entry.meta),
})
