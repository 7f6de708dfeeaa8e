import { compareCodePoints } from '../domain/segment/code-point-order.ts'
import type { Call, CallWriter, ClaimedCall } from '../ports/storage/index.ts'
import { leavesFor } from './is-leaving.ts'
import { isPaused } from './is-paused.ts'
import type { CallRow } from './scenario-tables.ts'
import type { Tables } from './tables.ts'
import { verb } from './verb.ts'

export const createCalls = (tables: Tables): CallWriter => ({
  dead: ({ limit }) =>
    verb(() =>
      [...tables.calls.values()]
        .map((row) => row.call)
        .filter((call) => call.state === 'dead')
        .slice(0, limit),
    ),
  ofEnrolments: (enrolmentIds) =>
    verb(() =>
      [...new Set(enrolmentIds)]
        .flatMap((id) => tables.callsByEnrolment.of(id).map((row) => row.call))
        .sort((a, b) => compareCodePoints(a.idemKey, b.idemKey)),
    ),
  count: () =>
    verb(() => {
      const waiting = tables.callsDue.rows.size
      return { waiting, dead: tables.calls.size - waiting }
    }),
  enqueue: (calls) =>
    verb(() => {
      for (const call of calls) {
        if (tables.calls.get(call.idemKey) === undefined) tables.calls.put({ call, leaseUntil: null, token: 0 })
      }
    }),
  claim: ({ now, limit, leaseMargin, handlers }) =>
    verb(() =>
      claimable(tables, { now, limit, handlers }).map((row): ClaimedCall => {
        const leaseUntil = now + row.call.timeout + leaseMargin
        const { call, token } = tables.calls.put({ ...row, leaseUntil, token: row.token + 1 })
        return { ...call, token }
      }),
    ),
  finish: (requests) => verb(() => requests.map((request) => finish(tables, request))),
  drop: (enrolmentIds, now) =>
    verb(() => {
      for (const row of new Set(enrolmentIds.flatMap((id) => tables.callsByEnrolment.of(id)))) {
        if (row.call.state === 'waiting' && isFree(row, now)) tables.calls.delete(row.call.idemKey)
      }
    }),
  revive: (idemKey, now) =>
    verb(() => {
      const row = tables.calls.get(idemKey)
      if (row?.call.state !== 'dead') return false
      tables.calls.put({ ...row, call: { ...row.call, state: 'waiting', attempt: 0, runAt: now } })
      return true
    }),
  move: (from, into) =>
    verb(() => {
      for (const row of tables.callsByContact.of(from)) {
        if (into === null) tables.calls.delete(row.call.idemKey)
        else tables.calls.put({ ...row, call: { ...row.call, contactId: into } })
      }
    }),
})

const isFree = (row: CallRow, now: number): boolean => (row.leaseUntil ?? now) <= now

const claimable = (
  tables: Tables,
  { now, limit, handlers }: Pick<Parameters<CallWriter['claim']>[0], 'now' | 'limit' | 'handlers'>,
): CallRow[] => {
  const known = new Set(handlers)
  const found: CallRow[] = []
  for (const row of tables.callsDue.rows) {
    if (row.call.runAt > now || found.length >= limit) break
    if (isFree(row, now) && known.has(row.call.handler) && mayStart(tables, row.call)) found.push(row)
  }
  return found
}

const mayStart = (tables: Tables, { scenario, enrolmentId }: Call): boolean => {
  if (isPaused(tables, scenario)) return false
  const enrolment = tables.enrolments.get(enrolmentId)
  return enrolment?.state !== 'active' || leavesFor(tables, enrolment) === null
}

const finish = (tables: Tables, request: Parameters<CallWriter['finish']>[0][number]): boolean => {
  const row = tables.calls.get(request.idemKey)
  if (row === undefined || row.token !== request.token || row.leaseUntil === null) return false
  if (request.outcome === 'done') {
    tables.calls.delete(request.idemKey)
    return true
  }
  const state: Call['state'] = request.outcome === 'dead' ? 'dead' : 'waiting'
  const call = { ...row.call, state, runAt: request.runAt, error: request.error, attempt: row.call.attempt + 1 }
  tables.calls.put({ ...row, call, leaseUntil: null })
  return true
}
