import { type RawBuilder, sql } from 'kysely'
import type { SqlBuilder } from '../sql-builder.ts'

/** The queue row's scenario, if it has one, is not paused. */
export const isNotPaused = (b: SqlBuilder, alias: string): RawBuilder<unknown> =>
  sql`(${sql.ref(`${alias}.scenario`)} is null or ${sql.ref(`${alias}.scenario`)} not in
    (select s.name from ${b.table('scenario')} s where s.state = 'paused'))`

/** The scenario of a row that always has one is not paused. */
export const runsOn = (b: SqlBuilder, alias: string): RawBuilder<unknown> =>
  sql`${sql.ref(`${alias}.scenario`)} not in (select s.name from ${b.table('scenario')} s where s.state = 'paused')`

/** The call may be claimed at `now`; what is not time stands inside `coalesce` for the same reason as in `dueRow`. */
export const dueCall = (b: SqlBuilder, alias: string, now: unknown): RawBuilder<unknown> =>
  sql`not ${sql.ref(`${alias}.dead`)} and ${sql.ref(`${alias}.run_at`)} <= ${now}
    and coalesce(${sql.ref(`${alias}.lease_until`)} <= ${now}, false) and ${runsOn(b, alias)}`

/**
 * The queue row may be claimed at `now`. Phase and lease stand inside `coalesce`, because a planner without statistics takes
 * an equality for rare, and would then sort the whole queue instead of walking the claim's index to the limit.
 */
export const dueRow = (b: SqlBuilder, alias: string, now: unknown): RawBuilder<unknown> =>
  sql`${sql.ref(`${alias}.run_at`)} <= ${now}
    and coalesce(${sql.ref(`${alias}.phase`)} = 0 and ${sql.ref(`${alias}.lease_until`)} <= ${now}, false)
    and ${isNotPaused(b, alias)}`
