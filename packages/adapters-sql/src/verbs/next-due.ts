import type { Instant, SchemaWriter } from '@tobiishi/core/ports'
import { type RawBuilder, sql } from 'kysely'
import { firstRow } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'
import { isOwnEnrolment, type OwnParameters, ownParameters } from './own-work.ts'
import { dueCall, dueRow, isNotPaused, runsOn } from './queue-conditions.ts'

type Conditions = { readonly [part in 'enrolment' | 'watch' | 'member' | 'call']: RawBuilder<unknown> }

const anybodys: Conditions = { enrolment: sql``, watch: sql``, member: sql``, call: sql`` }

const ownOnes = (b: SqlBuilder, p: { readonly [K in keyof OwnParameters]: unknown }): Conditions => {
  const isOwnWatch = sql` and (${p.anyWatch} = 1 or coalesce(${b.isOneOf('watch_key', p.watches)}, false))`
  return {
    enrolment: sql` and ${isOwnEnrolment(b, p)}`,
    watch: isOwnWatch,
    member: isOwnWatch,
    call: sql` and coalesce(${b.isOneOf('w.handler', p.handlers)}, false)`,
  }
}

/** What is due already, by a cheap probe each. */
const dueNow = (b: SqlBuilder, now: unknown, own: Conditions): RawBuilder<unknown> => {
  const probes = [
    sql`select 1 from ${b.table('inbox')} where not failed`,
    sql`select 1 from ${b.table('send_queue')} w where ${dueRow(b, 'w', now)}`,
    sql`select 1 from ${b.table('effect_queue')} w where ${dueCall(b, 'w', now)}${own.call}`,
    sql`select 1 from ${b.table('watch')} where state = 'filling'${own.watch}`,
    sql`select 1 from ${b.table('broadcast')} where state = 'expanding'`,
  ]
  return sql`select ${sql.join(
    probes.map((probe) => sql`exists (${probe})`),
    sql` or `,
  )} as due`
}

/** The earliest of what is still to come, or of enrolments and watches that are due. */
const earliestOf = (b: SqlBuilder, own: Conditions): RawBuilder<unknown> =>
  sql`select min(due_at) as due_at from (
      select (
        select e.wake_at from ${b.table('enrolment')} e where e.wake_at is not null and coalesce(e.state = 'active', false)
          and coalesce(e.scenario in (select s.name from ${b.table('scenario')} s where s.state in ('active', 'stopped')), false)${own.enrolment}
        order by e.wake_at, e.id limit 1
      ) as due_at
      union all select (
        select next_at from ${b.table('watch_member')} where next_at is not null${own.member} order by next_at, contact_id limit 1
      )
      union all select min(run_at) from ${b.table('job')} where state = 'running'
      union all select min(case when w.run_at > w.lease_until then w.run_at else w.lease_until end)
        from ${b.table('effect_queue')} w where not w.dead and ${runsOn(b, 'w')}${own.call}
      union all select min(starts_at) from ${b.table('broadcast')} where state = 'scheduled'
      union all select min(lease_until) from ${b.table('send_queue')} where phase = 1
      union all select min(case when w.run_at > w.lease_until then w.run_at else w.lease_until end)
        from ${b.table('send_queue')} w where w.phase = 0 and ${isNotPaused(b, 'w')}
    ) candidates`

/**
 * The earliest instant at which something waits. What is due already is found by a cheap probe each; only when nothing is
 * due are the rows of the queues searched for their earliest.
 */
export const nextDueVerb = (b: SqlBuilder): SchemaWriter['nextDueAt'] => {
  const due = b.statement<{ now: Instant }>((p) => dueNow(b, p.now, anybodys))
  const ownDue = b.statement<OwnParameters & { now: Instant }>((p) => dueNow(b, p.now, ownOnes(b, p)))
  const earliest = b.statement(() => earliestOf(b, anybodys))
  const ownEarliest = b.statement<OwnParameters>((p) => earliestOf(b, ownOnes(b, p)))
  return function* nextDueAt(now, own) {
    const parameters = own === undefined ? null : ownParameters(b, own)
    const probe = yield* firstRow<{ due: boolean | number }>(parameters === null ? due({ now }) : ownDue({ ...parameters, now }))
    if (probe?.due) return now
    const row = yield* firstRow<{ due_at: Instant | null }>(parameters === null ? earliest({}) : ownEarliest(parameters))
    const at = row?.due_at ?? null
    return at === null ? null : Math.max(now, at)
  }
}
