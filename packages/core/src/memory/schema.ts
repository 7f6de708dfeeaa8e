import type { Instant } from '../domain/time/instant.ts'
import type { SchemaWriter } from '../ports/storage/index.ts'
import { broadcastDueAt } from './broadcasts.ts'
import { dueByVersion } from './enrolments.ts'
import { isHeldByPause } from './give-back.ts'
import { queueDueAt, type Tables } from './tables.ts'
import { verb } from './verb.ts'

export const createSchema = (tables: Tables): SchemaWriter => ({
  stamp: () => verb(() => tables.singles.get('stamp')?.stamp ?? null),
  setStamp: (stamp) =>
    verb(() => {
      const first = tables.singles.get('stamp')?.stamp
      if (first !== undefined) return first
      tables.singles.put({ key: 'stamp', stamp })
      return stamp
    }),
  leaseWorker: ({ owner, now, until }) =>
    verb(() => {
      const lease = tables.singles.get('worker')?.worker
      if (lease !== undefined && lease.owner !== owner && lease.until > now) return false
      tables.singles.put({ key: 'worker', worker: { owner, until } })
      return true
    }),
  releaseWorker: (owner) =>
    verb(() => {
      if (tables.singles.get('worker')?.worker?.owner === owner) tables.singles.delete('worker')
    }),
  nextDueAt: (now) =>
    verb(() => {
      const earliest = Math.min(...dueTimes(tables))
      return earliest === Number.POSITIVE_INFINITY ? null : Math.max(now, earliest)
    }),
})

function* dueTimes(tables: Tables): Generator<Instant, void, undefined> {
  if (tables.inboxWaiting.rows.size > 0) yield Number.NEGATIVE_INFINITY
  for (const rows of dueByVersion(tables)) for (const row of firstOf(rows)) yield row.wakeAt ?? Number.POSITIVE_INFINITY
  for (const row of tables.queueDue.rows) {
    if (row.phase === 0 && isHeldByPause(tables, row)) continue
    yield queueDueAt(row)
    break
  }
  for (const row of tables.broadcasts.values()) yield broadcastDueAt(row)
}

function* firstOf<T>(rows: Iterable<T>): Generator<T, void, undefined> {
  for (const row of rows) {
    yield row
    return
  }
}
