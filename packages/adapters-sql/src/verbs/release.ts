import type { QueueWriter } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { run } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'

/** Gives rows back that are still in phase 0 under these tokens; the next claim may take them at once. */
export const releaseVerb = (b: SqlBuilder): QueueWriter['release'] => {
  const release = b.statement<{ records: string }>(
    (p) => sql`update ${b.table('send_queue')} as q set lease_until = 0, owner = null
      from ${b.records(p.records, { message_id: 'text', token: 'integer' })}
      where q.message_id = r.message_id and q.token = r.token and q.phase = 0`,
  )
  return function* releaseClaims(claims) {
    if (claims.length === 0) return
    const records = claims.map(({ messageId, token }) => ({ message_id: messageId, token }))
    yield* run(release({ records: JSON.stringify(records) }))
  }
}
