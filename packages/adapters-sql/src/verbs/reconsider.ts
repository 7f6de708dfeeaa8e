import type { MessageWriter } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { perform } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'

/** Found through the message's index by contact, so that the queue needs none for it; locked in the order in which all lock them. */
export const reconsiderVerb = (b: SqlBuilder): MessageWriter['reconsider'] => {
  const queue = b.table('send_queue')
  const isMeant = (p: { readonly ids: unknown; readonly now: unknown }) =>
    sql`q.phase = 0 and q.attempt = 0 and q.run_at > ${p.now} and q.scenario is not null and q.message_id in (
      select m.id from ${b.table('message')} m where m.state = 'queued' and ${b.isOneOf('m.contact_id', p.ids)})`
  const lock = b.statement<{ ids: unknown; now: number }>(
    (p) =>
      sql`select q.message_id from ${queue} q where ${isMeant(p)} order by q.message_id ${b.lock('for update', { of: 'q' })}`,
  )
  const reconsider = b.statement<{ ids: unknown; now: number }>(
    (p) => sql`update ${queue} as q set run_at = ${p.now}, lease_until = 0, owner = null where ${isMeant(p)}`,
  )
  return function* reconsiderMail(contactIds, now) {
    if (contactIds.length === 0) return
    const chosen = { ids: b.list(contactIds), now }
    if (b.dialect.rowLocks) yield* perform(lock(chosen))
    yield* perform(reconsider(chosen))
  }
}
