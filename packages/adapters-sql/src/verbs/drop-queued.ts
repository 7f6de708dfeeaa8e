import type { MessageWriter, Step } from '@tobiishi/core/ports'
import { type RawBuilder, sql } from 'kysely'
import { perform, run } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'

/**
 * Queue rows go first, those in phase 0 only, then every queued message of the target that has no queue row any more becomes
 * `skipped`. A row that another transaction marks or finishes at the same time is waited for and judged by what it became.
 * Rows are found through the message's indexes, so that the queue needs none for it.
 */
export const dropQueuedVerb = (b: SqlBuilder): MessageWriter['dropQueued'] => {
  const message = b.table('message')
  const queue = b.table('send_queue')
  const statements = (target: (p: { target: unknown }) => RawBuilder<unknown>) => ({
    lock: b.statement<{ target: unknown }>(
      (p) => sql`select q.message_id from ${queue} q where q.phase = 0 and q.message_id in (
          select m.id from ${message} m where m.state = 'queued' and ${target(p)}
        ) order by q.message_id ${b.lock('for update', { of: 'q' })}`,
    ),
    remove: b.statement<{ target: unknown }>(
      (p) => sql`delete from ${queue} where phase = 0 and message_id in (
          select m.id from ${message} m where m.state = 'queued' and ${target(p)}
        )`,
    ),
    skip: b.statement<{ target: unknown; reason: string; now: number }>(
      (p) => sql`update ${message} as m set state = 'skipped', reason = ${p.reason}, finished_at = ${p.now}
        where m.state = 'queued' and ${target(p)}
          and not exists (select 1 from ${queue} q where q.message_id = m.id)`,
    ),
  })
  const byEnrolment = statements((p) => b.isOneOf('m.enrolment_id', p.target))
  const byBroadcast = statements((p) => sql`m.broadcast_id = ${p.target}`)

  function* drop(chosen: typeof byEnrolment, target: unknown, reason: string, now: number): Step<number> {
    if (b.dialect.rowLocks) yield* perform(chosen.lock({ target }))
    if ((yield* run(chosen.remove({ target }))) === 0) return 0
    return yield* run(chosen.skip({ target, reason, now }))
  }

  return (target, reason, now) =>
    'broadcastId' in target
      ? drop(byBroadcast, target.broadcastId, reason, now)
      : drop(byEnrolment, b.list(target.enrolmentIds), reason, now)
}
