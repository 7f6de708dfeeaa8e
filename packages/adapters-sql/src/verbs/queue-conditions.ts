import { type RawBuilder, sql } from 'kysely'
import type { SqlBuilder } from '../sql-builder.ts'

/** The queue row's scenario, if it has one, is not paused. */
export const isNotPaused = (b: SqlBuilder, alias: string): RawBuilder<unknown> =>
  sql`(${sql.ref(`${alias}.scenario`)} is null or ${sql.ref(`${alias}.scenario`)} not in
    (select s.name from ${b.table('scenario')} s where s.state = 'paused'))`

/** The scenario of a row that always has one is not paused. */
export const runsOn = (b: SqlBuilder, alias: string): RawBuilder<unknown> =>
  sql`${sql.ref(`${alias}.scenario`)} not in (select s.name from ${b.table('scenario')} s where s.state = 'paused')`

/** A running job that ends enrolments like `enrolment` (an alias). */
const leavingJob = (b: SqlBuilder, enrolment: string): RawBuilder<unknown> => {
  const below = b.dialect.field(b.dialect.document(sql`j.spec`), 'below').number
  return sql`from ${b.table('job')} j where j.kind = 'exit' and j.state = 'running'
    and j.scenario = ${sql.ref(`${enrolment}.scenario`)} and coalesce(${sql.ref(`${enrolment}.version`)} < ${below}, true)`
}

/** No running job is to end the enrolment. In the rule there is no such job at all, which is asked once a statement. */
export const isStaying = (b: SqlBuilder, enrolment: string): RawBuilder<unknown> =>
  sql`(${sql.ref(`${enrolment}.scenario`)} not in (select j.scenario from ${b.table('job')} j where j.kind = 'exit' and j.state = 'running')
    or not exists (select 1 ${leavingJob(b, enrolment)}))`

/** The reason with which a running job is to end the enrolment; null: none is. */
export const leavesFor = (b: SqlBuilder, enrolment: string): RawBuilder<unknown> =>
  sql`(select max(${b.dialect.field(b.dialect.document(sql`j.spec`), 'reason').text}) ${leavingJob(b, enrolment)})`

/** The call may be claimed at `now`; what is not time stands inside `coalesce` for the same reason as in `dueRow`. */
export const dueCall = (b: SqlBuilder, alias: string, now: unknown): RawBuilder<unknown> =>
  sql`not ${sql.ref(`${alias}.dead`)} and ${sql.ref(`${alias}.run_at`)} <= ${now}
    and coalesce(${sql.ref(`${alias}.lease_until`)} <= ${now}, false) and ${runsOn(b, alias)}
    and not exists (select 1 from ${b.table('enrolment')} e
      where e.id = ${sql.ref(`${alias}.enrolment_id`)} and e.state = 'active' and not ${isStaying(b, 'e')})`

/**
 * The queue row may be claimed at `now`. Phase and lease stand inside `coalesce`, because a planner without statistics takes
 * an equality for rare, and would then sort the whole queue instead of walking the claim's index to the limit.
 */
export const dueRow = (b: SqlBuilder, alias: string, now: unknown): RawBuilder<unknown> =>
  sql`${sql.ref(`${alias}.run_at`)} <= ${now}
    and coalesce(${sql.ref(`${alias}.phase`)} = 0 and ${sql.ref(`${alias}.lease_until`)} <= ${now}, false)
    and ${isNotPaused(b, alias)}`
