import type { Broadcast, BroadcastWriter, Instant } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { insertList, selectList } from '../columns.ts'
import { jsonText, parseJson } from '../json-text.ts'
import { firstRow, rows, run } from '../query.ts'
import { segmentCondition } from '../segment/segment-condition.ts'
import type { SqlBuilder } from '../sql-builder.ts'

interface StoredBroadcast {
  readonly id: string
  readonly template: string
  readonly segment_name: string
  readonly segment_tree: string
  readonly props: string
  readonly state: Broadcast['state']
  readonly starts_at: number
  readonly started_at: number | null
  readonly audience: number | null
  readonly created_at: number
}

const fields = {
  id: 'text',
  template: 'text',
  segment_name: 'text',
  segment_tree: 'text',
  props: 'text',
  state: 'text',
  starts_at: 'instant',
  started_at: 'instant',
  audience: 'integer',
  created_at: 'instant',
} as const satisfies { readonly [field in keyof StoredBroadcast]: string }

export const broadcastVerbs = (b: SqlBuilder): BroadcastWriter => {
  const broadcast = b.table('broadcast')
  const audience = b.table('broadcast_audience')
  const columns = selectList(fields)
  const get = b.statement<{ id: string }>((p) => sql`select ${columns} from ${broadcast} where id = ${p.id}`)
  const all = b.statement(() => sql`select ${columns} from ${broadcast} order by starts_at, id`)
  const due = b.statement<{ now: Instant }>(
    (p) => sql`select ${columns} from ${broadcast}
      where (state = 'scheduled' and starts_at <= ${p.now}) or state = 'expanding' order by starts_at, id`,
  )
  const create = b.statement<StoredBroadcast>(
    (p) => sql`insert into ${broadcast} ${insertList(fields)}
      values (${p.id}, ${p.template}, ${p.segment_name}, ${p.segment_tree}, ${p.props}, ${p.state}, ${p.starts_at},
        ${p.started_at}, ${p.audience}, ${p.created_at})
      on conflict (id) do nothing`,
  )
  const lock = b.statement<{ id: string }>(
    (p) => sql`select ${columns} from ${broadcast} where id = ${p.id} ${b.lock('for update')}`,
  )
  const lockFree = b.statement<{ id: string }>(
    (p) => sql`select ${columns} from ${broadcast} where id = ${p.id} ${b.lock('for update', { skipLocked: true })}`,
  )
  const save = b.statement<StoredBroadcast>(
    (p) => sql`update ${broadcast} set template = ${p.template}, segment_name = ${p.segment_name},
      segment_tree = ${p.segment_tree}, props = ${p.props}, state = ${p.state}, starts_at = ${p.starts_at},
      started_at = ${p.started_at}, audience = ${p.audience}, created_at = ${p.created_at} where id = ${p.id}`,
  )
  const take = b.statement<{ id: string; limit: number }>(
    (p) => sql`delete from ${audience} where broadcast_id = ${p.id} and contact_id in (
        select a.contact_id from ${audience} a where a.broadcast_id = ${p.id} order by a.contact_id limit ${p.limit}
      ) returning contact_id`,
  )

  return {
    *get(id) {
      const row = yield* firstRow<StoredBroadcast>(get({ id }))
      return row === undefined ? null : toBroadcast(row)
    },
    *all() {
      return (yield* rows<StoredBroadcast>(all({}))).map(toBroadcast)
    },
    *due(now) {
      return (yield* rows<StoredBroadcast>(due({ now }))).map(toBroadcast)
    },
    *create(row) {
      return (yield* run(create(fromBroadcast(row)))) > 0
    },
    *lock(id, { skipLocked }) {
      const row = yield* firstRow<StoredBroadcast>(skipLocked ? lockFree({ id }) : lock({ id }))
      return row === undefined ? null : toBroadcast(row)
    },
    *save(row) {
      yield* run(save(fromBroadcast(row)))
    },
    *freeze(id, query) {
      const insert = sql`insert into ${audience} (broadcast_id, contact_id)
        select cast(${id} as text), c.id from ${b.table('contact')} c where ${segmentCondition(b, query)}
        on conflict (broadcast_id, contact_id) do nothing`
      return yield* run(b.query(insert))
    },
    *takeAudience(id, limit) {
      const taken = yield* rows<{ contact_id: string }>(take({ id, limit }))
      return taken.map((row) => row.contact_id).toSorted(byCodePoint)
    },
  }
}

/** UTF-8 bytes order as code points do, and as the databases order ids. */
const byCodePoint = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

const toBroadcast = (row: StoredBroadcast): Broadcast => ({
  id: row.id,
  template: row.template,
  segment: { name: row.segment_name, tree: parseJson(row.segment_tree) },
  props: parseJson(row.props),
  state: row.state,
  at: row.starts_at,
  startedAt: row.started_at,
  audience: row.audience,
  createdAt: row.created_at,
})

const fromBroadcast = (row: Broadcast): StoredBroadcast => ({
  id: row.id,
  template: row.template,
  segment_name: row.segment.name,
  segment_tree: jsonText(row.segment.tree),
  props: jsonText(row.props),
  state: row.state,
  starts_at: row.at,
  started_at: row.startedAt,
  audience: row.audience,
  created_at: row.createdAt,
})
