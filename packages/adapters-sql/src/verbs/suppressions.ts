import type { Suppression, SuppressionWriter } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { insertList, selectList } from '../columns.ts'
import type { FieldType } from '../dialect.ts'
import { jsonText, parseJson } from '../json-text.ts'
import { rows, run } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'

interface SuppressionRow {
  readonly suppression_key: string
  readonly scope: Suppression['scope']
  readonly reason: Suppression['reason']
  readonly since: number
  readonly details: string
}

const fields = {
  suppression_key: 'text',
  scope: 'text',
  reason: 'text',
  since: 'instant',
  details: 'text',
} as const satisfies { readonly [field in keyof SuppressionRow]: FieldType }

export const suppressionVerbs = (b: SqlBuilder): SuppressionWriter => {
  const table = b.table('suppression')
  const find = b.statement<{ keys: unknown }>(
    (p) => sql`select ${selectList(fields)} from ${table} where ${b.isOneOf('suppression_key', p.keys)} order by suppression_key`,
  )
  const lock = b.statement<{ keys: unknown }>(
    (p) => sql`select ${selectList(fields)} from ${table} where ${b.isOneOf('suppression_key', p.keys)}
      order by suppression_key ${b.lock('for update')}`,
  )
  const put = b.statement<{ records: string }>(
    (p) => sql`insert into ${table} as t ${insertList(fields)} select ${selectList(fields, { alias: 'r' })}
      from ${b.records(p.records, fields)} where true order by r.suppression_key
      on conflict (suppression_key) do update set
        scope = case when t.scope = 'all' then t.scope else excluded.scope end,
        reason = case when t.scope <> 'all' and excluded.scope = 'all' then excluded.reason else t.reason end,
        details = case when t.scope <> 'all' and excluded.scope = 'all' then excluded.details else t.details end,
        since = case when t.since <= excluded.since then t.since else excluded.since end`,
  )
  const remove = b.statement<{ keys: unknown }>((p) => sql`delete from ${table} where ${b.isOneOf('suppression_key', p.keys)}`)
  return {
    *find(keys) {
      return (yield* rows<SuppressionRow>(find({ keys: b.list(keys) }))).map(toSuppression)
    },
    *put(given) {
      for (const row of given) yield* run(put({ records: JSON.stringify([toRow(row)]) }))
    },
    *remove(keys) {
      yield* rows(lock({ keys: b.list(keys) }))
      yield* run(remove({ keys: b.list(keys) }))
    },
  }
}

const toSuppression = (row: SuppressionRow): Suppression => ({
  key: row.suppression_key,
  scope: row.scope,
  reason: row.reason,
  since: row.since,
  details: parseJson(row.details),
})

const toRow = (row: Suppression): SuppressionRow => ({
  suppression_key: row.key,
  scope: row.scope,
  reason: row.reason,
  since: row.since,
  details: jsonText(row.details),
})
