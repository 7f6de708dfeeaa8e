import type { Instant } from '../domain/time/instant.ts'
import type { OwnWork, SchemaWriter } from '../ports/storage/index.ts'
import { broadcastDueAt } from './broadcasts.ts'
import { dueByVersion } from './enrolments.ts'
import { isPaused } from './is-paused.ts'
import { jobDueAt } from './jobs.ts'
import { queueDueAt } from './mail-tables.ts'
import { callDueAt } from './scenario-tables.ts'
import type { Tables } from './tables.ts'
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
  nextDueAt: (now, own) =>
    verb(() => {
      const earliest = dueTimes(tables, own).reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
      return earliest === Number.POSITIVE_INFINITY ? null : Math.max(now, earliest)
    }),
})

/** The earliest time of each thing that may be due. */
function* dueTimes(tables: Tables, own: OwnWork | undefined): Generator<Instant, void, undefined> {
  if (tables.inboxWaiting.rows.size > 0) yield Number.NEGATIVE_INFINITY
  for (const rows of dueByVersion(tables, own)) for (const row of firstOf(rows)) yield row.wakeAt ?? Number.POSITIVE_INFINITY
  for (const row of tables.queueDue.rows) {
    if (row.phase === 0 && isPaused(tables, row.entry.scenario)) continue
    yield queueDueAt(row)
    break
  }
  yield* watchTimes(tables, own?.watches ?? null)
  for (const row of tables.callsDue.rows) {
    const isOwn = own === undefined || own.handlers.includes(row.call.handler)
    if (isOwn && !isPaused(tables, row.call.scenario)) yield callDueAt(row)
  }
  for (const job of tables.jobs.values()) yield jobDueAt(job)
  for (const row of tables.broadcasts.values()) yield broadcastDueAt(row)
}

/** One that is filling wants its next page at once. */
function* watchTimes(tables: Tables, keys: readonly string[] | null): Generator<Instant, void, undefined> {
  for (const watch of tables.watches.values()) {
    if (keys !== null && !keys.includes(watch.key)) continue
    if (watch.state === 'filling') yield Number.NEGATIVE_INFINITY
    for (const row of firstOf(tables.watchMembersDue.list(watch.key))) yield row.nextAt ?? Number.POSITIVE_INFINITY
  }
}

function* firstOf<T>(rows: Iterable<T>): Generator<T, void, undefined> {
  for (const row of rows) {
    yield row
    return
  }
}
