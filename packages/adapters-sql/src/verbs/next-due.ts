import type { Instant, Step } from '@tobiishi/core/ports'
import { type RawBuilder, sql } from 'kysely'
import { firstRow } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'
import { dueCall, dueRow, isNotPaused, runsOn } from './queue-conditions.ts'

/**
 * The earliest instant at which something waits. What is due already is found by a cheap probe each; only when nothing is
 * due are the rows of the queues searched for their earliest.
 */
export const nextDueVerb = (b: SqlBuilder): ((now: Instant) => Step<Instant | null>) => {
  const probes = {
    inbox: sql`select 1 from ${b.table('inbox')} where not failed`,
    queue: (now: unknown) => sql`select 1 from ${b.table('send_queue')} w where ${dueRow(b, 'w', now)}`,
    calls: (now: unknown) => sql`select 1 from ${b.table('effect_queue')} w where ${dueCall(b, 'w', now)}`,
    filling: sql`select 1 from ${b.table('watch')} where state = 'filling'`,
    expanding: sql`select 1 from ${b.table('broadcast')} where state = 'expanding'`,
  }
  const due = b.statement<{ now: Instant }>(
    (p) => sql`select ${exists(probes.inbox)} or ${exists(probes.queue(p.now))} or ${exists(probes.calls(p.now))}
      or ${exists(probes.filling)} or ${exists(probes.expanding)} as due`,
  )
  const earliest = b.statement(
    () => sql`select min(due_at) as due_at from (
      select (
        select e.wake_at from ${b.table('enrolment')} e where e.wake_at is not null and coalesce(e.state = 'active', false)
          and coalesce(e.scenario in (select s.name from ${b.table('scenario')} s where s.state in ('active', 'stopped')), false)
        order by e.wake_at, e.id limit 1
      ) as due_at
      union all select min(next_at) from ${b.table('watch_member')} where next_at is not null
      union all select min(run_at) from ${b.table('job')} where state = 'running'
      union all select min(case when w.run_at > w.lease_until then w.run_at else w.lease_until end)
        from ${b.table('effect_queue')} w where not w.dead and ${runsOn(b, 'w')}
      union all select min(starts_at) from ${b.table('broadcast')} where state = 'scheduled'
      union all select min(lease_until) from ${b.table('send_queue')} where phase = 1
      union all select min(case when w.run_at > w.lease_until then w.run_at else w.lease_until end)
        from ${b.table('send_queue')} w where w.phase = 0 and ${isNotPaused(b, 'w')}
    ) candidates`,
  )
  return function* nextDueAt(now) {
    const probe = yield* firstRow<{ due: boolean | number }>(due({ now }))
    if (probe?.due) return now
    const row = yield* firstRow<{ due_at: Instant | null }>(earliest({}))
    const at = row?.due_at ?? null
    return at === null ? null : Math.max(now, at)
  }
}

const exists = (query: RawBuilder<unknown>): RawBuilder<unknown> => sql`exists (${query})`
