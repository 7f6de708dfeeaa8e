import type { CallWriter, Instant } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { insertList, selectList } from '../columns.ts'
import { firstRow, perform, rows, run } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'
import { type CallRow, callFields, fromCall, toCall, toClaimedCall } from './call-row.ts'
import { finishCallsVerb } from './finish-calls.ts'
import { dueCall } from './queue-conditions.ts'

type ClaimedRow = CallRow & { readonly token: number }

export const callVerbs = (b: SqlBuilder): CallWriter => {
  const queue = b.table('effect_queue')
  const columns = selectList(callFields)
  const dead = b.statement<{ limit: number }>(
    (p) => sql`select ${columns} from ${queue} where dead order by created_at, idem_key limit ${p.limit}`,
  )
  const ofEnrolments = b.statement<{ ids: unknown }>(
    (p) => sql`select ${columns} from ${queue} where ${b.isOneOf('enrolment_id', p.ids)} order by idem_key`,
  )
  const count = b.statement(
    () => sql`select count(case when not dead then 1 end) as waiting, count(case when dead then 1 end) as dead from ${queue}`,
  )
  const enqueue = b.statement<{ records: string }>(
    (p) => sql`insert into ${queue} ${insertList(callFields)} select ${selectList(callFields, { alias: 'r' })}
      from ${b.records(p.records, callFields)} where true order by r.idem_key on conflict (idem_key) do nothing`,
  )
  const pass = b.statement(() => sql`select ${b.gate('shared')} as passed`)
  const claim = b.statement<{ now: Instant; margin: number; limit: number; handlers: unknown }>(
    (p) => sql`with picked (idem_key) as materialized (
        select w.idem_key from ${queue} w where ${dueCall(b, 'w', p.now)}
          and coalesce(${b.isOneOf('w.handler', p.handlers)}, false)
        order by w.run_at, w.idem_key limit ${p.limit} ${b.lock('for update', { of: 'w', skipLocked: true })}
      )
      update ${queue} as q set lease_until = cast(${p.now} as bigint) + q.timeout + cast(${p.margin} as bigint), token = q.token + 1
      where q.idem_key in (select picked.idem_key from picked) returning ${columns}, token`,
  )
  const drop = b.statement<{ ids: unknown; now: Instant }>(
    (p) => sql`delete from ${queue} where ${b.isOneOf('enrolment_id', p.ids)} and not dead and lease_until <= ${p.now}`,
  )
  const revive = b.statement<{ idemKey: string; now: Instant }>(
    (p) => sql`update ${queue} set dead = false, attempt = 0, run_at = ${p.now}, lease_until = 0
      where idem_key = ${p.idemKey} and dead`,
  )
  const give = b.statement<{ from: string; into: string }>(
    (p) => sql`update ${queue} set contact_id = ${p.into} where contact_id = ${p.from}`,
  )
  const erase = b.statement<{ from: string }>((p) => sql`delete from ${queue} where contact_id = ${p.from}`)

  return {
    *dead(options) {
      return (yield* rows<CallRow>(dead(options))).map(toCall)
    },
    *ofEnrolments(enrolmentIds) {
      if (enrolmentIds.length === 0) return []
      return (yield* rows<CallRow>(ofEnrolments({ ids: b.list(enrolmentIds) }))).map(toCall)
    },
    *count() {
      return (yield* firstRow<{ waiting: number; dead: number }>(count({}))) ?? { waiting: 0, dead: 0 }
    },
    *enqueue(calls) {
      if (calls.length > 0) yield* perform(enqueue({ records: JSON.stringify(calls.map(fromCall)) }))
    },
    *claim({ now, limit, leaseMargin, handlers }) {
      if (handlers.length === 0) return []
      // In a statement of its own: only a later one sees what was committed while this waited.
      if (b.dialect.gate !== null) yield* perform(pass({}))
      const query = claim({ now, margin: leaseMargin, limit, handlers: b.list(handlers) })
      return (yield* rows<ClaimedRow>(query)).toSorted(byTime).map(toClaimedCall)
    },
    finish: finishCallsVerb(b),
    *drop(enrolmentIds, now) {
      if (enrolmentIds.length > 0) yield* perform(drop({ ids: b.list(enrolmentIds), now }))
    },
    *revive(idemKey, now) {
      return (yield* run(revive({ idemKey, now }))) > 0
    },
    *move(from, into) {
      yield* perform(into === null ? erase({ from }) : give({ from, into }))
    },
  }
}

const byTime = (a: CallRow, b: CallRow): number => a.run_at - b.run_at || (a.idem_key < b.idem_key ? -1 : 1)
