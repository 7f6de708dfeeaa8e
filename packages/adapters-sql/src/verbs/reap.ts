import type { Instant, QueueWriter } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { selectList } from '../columns.ts'
import { rows } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'
import { claimFields } from './claim-key.ts'
import { type MessageRow, messageFields, toMessage } from './message-row.ts'

/** Rows whose call is past its lease leave the queue; their messages keep the token, for the late finish that knows better. */
export const reapVerb = (b: SqlBuilder): QueueWriter['reap'] => {
  const queue = b.table('send_queue')
  const remove = b.statement<{ now: Instant; limit: number }>(
    (p) => sql`with picked (message_id) as materialized (
        select w.message_id from ${queue} w where w.phase = 1 and w.lease_until <= ${p.now}
        order by w.lease_until, w.message_id limit ${p.limit} ${b.lock('for update', { of: 'w', skipLocked: true })}
      )
      delete from ${queue} where message_id in (select picked.message_id from picked) returning message_id, token, bucket, lease_until, cap`,
  )
  const makeUnknown = b.statement<{ records: string; now: Instant }>(
    (p) => sql`update ${b.table('message')} as m set state = 'unknown', reason = 'lease-over', finished_at = ${p.now},
        unknown_token = r.held, cap = r.cap
      from ${b.records(p.records, { ...claimFields, bucket_of: 'integer', cap: 'text' })}
      where m.id = r.target and m.bucket = r.bucket_of returning ${selectList(messageFields)}`,
  )
  return function* reap(options) {
    const gone = (yield* rows<ReapedRow>(remove(options))).toSorted(byLease)
    if (gone.length === 0) return []
    const records = gone.map((row) => ({ target: row.message_id, held: row.token, bucket_of: row.bucket, cap: row.cap }))
    const changed = yield* rows<MessageRow>(makeUnknown({ records: JSON.stringify(records), now: options.now }))
    const byId = new Map(changed.map((row) => [row.id, row]))
    return gone.flatMap(({ message_id }) => byId.get(message_id) ?? []).map(toMessage)
  }
}

interface ReapedRow {
  readonly message_id: string
  readonly token: number
  readonly bucket: number
  readonly lease_until: number
  readonly cap: string | null
}

const byLease = (a: ReapedRow, b: ReapedRow): number => a.lease_until - b.lease_until || (a.message_id < b.message_id ? -1 : 1)
