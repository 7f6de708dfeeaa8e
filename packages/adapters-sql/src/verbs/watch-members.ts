import type { Instant, Step, WatchMember, WatchWriter } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { insertList, selectList } from '../columns.ts'
import type { FieldType } from '../dialect.ts'
import { perform, rows } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'

interface StoredMember {
  readonly watch_key: string
  readonly contact_id: string
  readonly is_member: boolean | number
  readonly changed_at: number
  readonly next_at: number | null
}

const fields = {
  watch_key: 'text',
  contact_id: 'text',
  is_member: 'boolean',
  changed_at: 'instant',
  next_at: 'instant',
} as const satisfies { readonly [field in keyof StoredMember]: FieldType }

type MemberVerbs = Pick<WatchWriter, 'members' | 'due' | 'put' | 'erase'> & {
  /** Deletes all rows of a watch. */
  removeAll(key: string): Step<void>
}

/** The rows of watches, one for each contact that was looked at. */
export const watchMemberVerbs = (b: SqlBuilder): MemberVerbs => {
  const member = b.table('watch_member')
  const members = b.statement<{ keys: unknown; ids: unknown }>(
    (p) => sql`select ${selectList(fields)} from ${member}
      where ${b.isOneOf('contact_id', p.ids)} and ${b.isOneOf('watch_key', p.keys)} order by contact_id, watch_key`,
  )
  // The keys stand inside `coalesce`: a planner without statistics would take them for rare and not walk the index of time.
  const due = b.statement<{ now: Instant; keys: unknown; limit: number; rowLimit: number }>(
    (p) => sql`select contact_id from (
        select contact_id, next_at from ${member}
        where next_at <= ${p.now} and coalesce(${b.isOneOf('watch_key', p.keys)}, false)
        order by next_at, contact_id limit ${p.rowLimit}
      ) earliest group by contact_id order by min(next_at), contact_id limit ${p.limit}`,
  )
  const put = b.statement<{ records: string }>(
    (p) => sql`insert into ${member} ${insertList(fields)} select ${selectList(fields, { alias: 'r' })}
      from ${b.records(p.records, fields)} where true order by r.contact_id, r.watch_key
      on conflict (contact_id, watch_key) do update set is_member = excluded.is_member, changed_at = excluded.changed_at,
        next_at = excluded.next_at`,
  )
  const erase = b.statement<{ contactId: string }>((p) => sql`delete from ${member} where contact_id = ${p.contactId}`)
  const removeAll = b.statement<{ key: string }>((p) => sql`delete from ${member} where watch_key = ${p.key}`)

  return {
    *members(keys, contactIds) {
      if (keys.length === 0 || contactIds.length === 0) return []
      return (yield* rows<StoredMember>(members({ keys: b.list(keys), ids: b.list(contactIds) }))).map(toMember)
    },
    *due({ now, limit, keys }) {
      if (keys.length === 0) return []
      // All rows of a contact may be due at one instant, such as midnight: with so many rows there are `limit` contacts in them.
      const query = due({ now, limit, keys: b.list(keys), rowLimit: limit * keys.length })
      return (yield* rows<{ contact_id: string }>(query)).map((row) => row.contact_id)
    },
    *put(given) {
      // The later of two rows for one place counts: SQL refuses to replace a row twice in one statement.
      const lasts = new Map(given.map((row) => [`${row.contactId}\n${row.key}`, row]))
      if (lasts.size > 0) yield* perform(put({ records: JSON.stringify([...lasts.values()].map(fromMember)) }))
    },
    *erase(contactId) {
      yield* perform(erase({ contactId }))
    },
    *removeAll(key) {
      yield* perform(removeAll({ key }))
    },
  }
}

const toMember = (row: StoredMember): WatchMember => ({
  key: row.watch_key,
  contactId: row.contact_id,
  isMember: Boolean(row.is_member),
  changedAt: row.changed_at,
  nextAt: row.next_at,
})

const fromMember = (row: WatchMember): StoredMember => ({
  watch_key: row.key,
  contact_id: row.contactId,
  is_member: row.isMember,
  changed_at: row.changedAt,
  next_at: row.nextAt,
})
