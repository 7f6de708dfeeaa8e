import type { ReportFilter } from '@tobiishi/core/ports'
import { type RawBuilder, sql } from 'kysely'

/** The message `m` was accepted, or finally rejected by the receiving side (facts §6). */
export const isSent: RawBuilder<unknown> = sql`(m.state = 'sent' or (m.state = 'failed' and m.reason = 'rejected'))`

/** The message `m` is one of those that the report is about. */
export const messageFilter = ({ scenario, stepId, broadcastId, from, to }: ReportFilter): RawBuilder<unknown> => {
  const conditions = [
    ...(scenario === undefined ? [] : [sql`m.scenario = ${scenario}`]),
    ...(stepId === undefined ? [] : [sql`m.step_id = ${stepId}`]),
    ...(broadcastId === undefined ? [] : [sql`m.broadcast_id = ${broadcastId}`]),
    ...(from === undefined ? [] : [sql`m.finished_at >= ${from}`]),
    ...(to === undefined ? [] : [sql`m.finished_at < ${to}`]),
  ]
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `)
}
