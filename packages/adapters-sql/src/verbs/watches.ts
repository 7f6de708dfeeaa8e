import type { Watch, WatchWriter } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { insertList, selectList } from '../columns.ts'
import type { FieldType } from '../dialect.ts'
import { jsonText, parseJson } from '../json-text.ts'
import { firstRow, perform, rows, run } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'
import { watchMemberVerbs } from './watch-members.ts'

interface StoredWatch {
  readonly watch_key: string
  readonly spec: string
  readonly state: Watch['state']
  readonly cursor_id: string | null
  readonly created_at: number
}

const fields = {
  watch_key: 'text',
  spec: 'text',
  state: 'text',
  cursor_id: 'text',
  created_at: 'instant',
} as const satisfies { readonly [field in keyof StoredWatch]: FieldType }

export const watchVerbs = (b: SqlBuilder): WatchWriter => {
  const watch = b.table('watch')
  const columns = selectList(fields)
  const all = b.statement(() => sql`select ${columns} from ${watch} order by watch_key`)
  const add = b.statement<{ records: string }>(
    (p) => sql`insert into ${watch} ${insertList(fields)} select ${selectList(fields, { alias: 'r' })}
      from ${b.records(p.records, fields)} where true order by r.watch_key on conflict (watch_key) do nothing`,
  )
  const lock = b.statement<{ key: string }>(
    (p) => sql`select ${columns} from ${watch} where watch_key = ${p.key} ${b.lock('for update')}`,
  )
  const lockFree = b.statement<{ key: string }>(
    (p) => sql`select ${columns} from ${watch} where watch_key = ${p.key} ${b.lock('for update', { skipLocked: true })}`,
  )
  const save = b.statement<StoredWatch>(
    (p) => sql`update ${watch} set spec = ${p.spec}, state = ${p.state}, cursor_id = ${p.cursor_id}, created_at = ${p.created_at}
      where watch_key = ${p.watch_key}`,
  )
  const remove = b.statement<{ key: string }>((p) => sql`delete from ${watch} where watch_key = ${p.key}`)
  const members = watchMemberVerbs(b)

  return {
    *all() {
      return (yield* rows<StoredWatch>(all({}))).map(toWatch)
    },
    members: members.members,
    due: members.due,
    *add(given) {
      if (given.length > 0) yield* perform(add({ records: JSON.stringify(given.map(fromWatch)) }))
    },
    *lock(key, { skipLocked }) {
      const row = yield* firstRow<StoredWatch>(skipLocked ? lockFree({ key }) : lock({ key }))
      return row === undefined ? null : toWatch(row)
    },
    *save(row) {
      yield* perform(save(fromWatch(row)))
    },
    put: members.put,
    erase: members.erase,
    *remove(key) {
      yield* run(remove({ key }))
      yield* members.removeAll(key)
    },
  }
}

const toWatch = (row: StoredWatch): Watch => ({
  key: row.watch_key,
  spec: parseJson(row.spec),
  state: row.state,
  cursor: row.cursor_id,
  createdAt: row.created_at,
})

const fromWatch = (row: Watch): StoredWatch => ({
  watch_key: row.key,
  spec: jsonText(row.spec),
  state: row.state,
  cursor_id: row.cursor,
  created_at: row.createdAt,
})
