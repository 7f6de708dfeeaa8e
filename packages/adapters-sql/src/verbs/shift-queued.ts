import type { MessageWriter } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { perform, run } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'

/** Two statements, however much mail waits. Claims lose their lease, so that what was decided for the old time is decided again. */
export const shiftQueuedVerb = (b: SqlBuilder): MessageWriter['shiftQueued'] => {
  const queue = b.table('send_queue')
  const lock = b.statement<{ scenario: string }>(
    (p) => sql`select q.message_id from ${queue} q where q.scenario = ${p.scenario} and q.phase = 0
      order by q.message_id ${b.lock('for update', { of: 'q' })}`,
  )
  const shift = b.statement<{ scenario: string; by: number }>(
    (p) => sql`update ${queue} set run_at = run_at + cast(${p.by} as bigint), expires_at = expires_at + cast(${p.by} as bigint),
        lease_until = 0, owner = null
      where scenario = ${p.scenario} and phase = 0`,
  )
  const plan = b.statement<{ scenario: string; by: number }>(
    (p) => sql`update ${b.table('message')} as m set planned_at = planned_at + cast(${p.by} as bigint)
      where m.state = 'queued' and m.scenario = ${p.scenario}
        and exists (select 1 from ${queue} q where q.message_id = m.id and q.phase = 0)`,
  )
  return function* shiftQueued(scenario, by) {
    if (b.dialect.rowLocks) yield* perform(lock({ scenario }))
    const moved = yield* run(shift({ scenario, by }))
    if (moved > 0) yield* perform(plan({ scenario, by }))
    return moved
  }
}
