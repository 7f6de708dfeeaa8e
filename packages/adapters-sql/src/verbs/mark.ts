import type { Instant, MarkAnswer, MarkRequest, QueueWriter, Step } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { perform, rows } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'
import { type Reservation, storedPlaces } from './cap-places.ts'
import { capVerbs } from './caps.ts'
import { claimFields, claimKey, claimRecord, rowKey } from './claim-key.ts'
import { isNotPaused, isStaying, leavesFor } from './queue-conditions.ts'
import { releaseVerb } from './release.ts'

interface JudgedRow {
  readonly message_id: string
  readonly token: number
  readonly phase: number
  readonly lease_until: number
  readonly expires_at: number
  /** Why its enrolment is no longer written to; null: it is. */
  readonly ended_by: string | null
}

const requestFields = { ...claimFields, seen_rev: 'integer', cap: 'text' } as const

/**
 * The committed mark. First the contacts are locked FOR SHARE, those held by another left out, and the gate is passed at which
 * pausing and ending a scenario wait for marks under way; only a later statement, whose
 * snapshot is newer than the locks, looks at what may have changed. A mark that joined without the lock would let a mail out
 * that was queued after an unsubscribe's snapshot (design §6). What passes is marked in that same statement; the rest, rare,
 * is judged one by one. Places in frequency caps are taken at the very end, for those that passed: two statements at most, and
 * none where no mail has a cap.
 */
export const markVerb = (b: SqlBuilder): QueueWriter['mark'] => {
  const queue = b.table('send_queue')
  const lockContacts = b.statement<{ ids: unknown }>(
    (p) => sql`select id from ${b.table('contact')} where ${b.gate('shared')} and ${b.isOneOf('id', p.ids)} order by id
      ${b.lock('for share', { skipLocked: true })}`,
  )
  const mark = b.statement<{ records: string; now: Instant; leaseUntil: Instant }>(
    (p) => sql`update ${queue} as q set phase = 1, lease_until = ${p.leaseUntil}, cap = r.cap
      from ${b.records(p.records, requestFields)}, ${b.table('contact')} c
      where q.message_id = r.target and c.id = q.contact_id
        and q.token = r.held and q.phase = 0 and q.lease_until > ${p.now} and q.expires_at > ${p.now}
        and c.consent_rev = r.seen_rev
        and (q.enrolment_id is null or exists (select 1 from ${b.table('enrolment')} e
          where e.id = q.enrolment_id and e.rev = q.enrolment_rev and e.state in ('active', 'completed') and ${isStaying(b, 'e')}))
        and ${isNotPaused(b, 'q')}
        and not exists (select 1 from ${b.table('broadcast')} b where b.id = q.broadcast_id and b.state = 'cancelled')
      returning message_id, token`,
  )
  const judge = b.statement<{ ids: unknown }>(
    (p) => sql`select q.message_id, q.token, q.phase, q.lease_until, q.expires_at,
        case when e.state in ('exited', 'failed') then 'exited' else ${leavesFor(b, 'e')} end as ended_by
      from ${queue} q left join ${b.table('enrolment')} e on e.id = q.enrolment_id
      where ${b.isOneOf('q.message_id', p.ids)} order by q.message_id ${b.lock('for update', { of: 'q' })}`,
  )
  const skip = b.statement<{ ids: unknown; reason: string; now: Instant }>(
    (p) => sql`update ${b.table('message')} set state = 'skipped', reason = ${p.reason}, finished_at = ${p.now}
      where ${b.isOneOf('id', p.ids)}`,
  )
  const remove = b.statement<{ ids: unknown }>((p) => sql`delete from ${queue} where ${b.isOneOf('message_id', p.ids)}`)
  const release = releaseVerb(b)
  const caps = capVerbs(b)
  const giveBack = b.statement<{ ids: unknown }>(
    (p) => sql`update ${queue} set phase = 0, lease_until = 0, owner = null where ${b.isOneOf('message_id', p.ids)}`,
  )

  function* freeContacts(requests: readonly MarkRequest[]): Step<ReadonlySet<string>> {
    const ids = [...new Set(requests.map((request) => request.contactId))]
    if (!b.dialect.rowLocks) return new Set(ids)
    return new Set((yield* rows<{ id: string }>(lockContacts({ ids: b.list(ids) }))).map((row) => row.id))
  }

  function* answerRest(
    rest: readonly MarkRequest[],
    free: ReadonlySet<string>,
    now: Instant,
  ): Step<Map<MarkRequest, MarkAnswer>> {
    const found = yield* rows<JudgedRow>(judge({ ids: b.list(rest.map((request) => request.messageId)) }))
    const byId = new Map(found.map((row) => [row.message_id, row]))
    const answers = new Map(rest.map((request) => [request, answerOf(request, byId.get(request.messageId), free, now)]))
    const over = found.flatMap((row) => {
      const request = rest.find((one) => one.messageId === row.message_id && one.token === row.token)
      const answer = request === undefined ? undefined : answers.get(request)
      if (answer === 'expired') return [{ id: row.message_id, reason: 'expired' }]
      return answer === 'ended' ? [{ id: row.message_id, reason: row.ended_by ?? 'exited' }] : []
    })
    for (const [reason, group] of Map.groupBy(over, (one) => one.reason)) {
      const ids = b.list(group.map(({ id }) => id))
      yield* perform(remove({ ids }))
      yield* perform(skip({ ids, reason, now }))
    }
    yield* release(rest.filter((request) => answers.get(request) === 'changed' || answers.get(request) === 'held'))
    return answers
  }

  /** Answers those of the marked mails that found a cap full; their rows went back. */
  function* takePlaces(passed: readonly MarkRequest[]): Step<ReadonlySet<Reservation>> {
    const capped = yield* caps.reserve(passed.filter((request) => (request.caps?.length ?? 0) > 0))
    const ids = [...capped].map((request) => request.messageId)
    if (ids.length > 0) yield* perform(giveBack({ ids: b.list(ids) }))
    return capped
  }

  return function* markRows(requests, { now, leaseUntil }) {
    if (requests.length === 0) return []
    const free = yield* freeContacts(requests)
    const records = requests
      .filter((request) => free.has(request.contactId))
      .map((request) => ({ ...claimRecord(request), seen_rev: request.consentRev, cap: storedPlaces(request) }))
    const done = yield* rows<{ message_id: string; token: number }>(mark({ records: JSON.stringify(records), now, leaseUntil }))
    const marked = new Set(done.map(rowKey))
    // Of two requests for one claim the first is marked; the other finds it marked already and is lost.
    const rest = requests.filter((request) => !marked.delete(claimKey(request)))
    const answers = rest.length === 0 ? new Map<MarkRequest, MarkAnswer>() : yield* answerRest(rest, free, now)
    const capped = yield* takePlaces(requests.filter((request) => !answers.has(request)))
    return requests.map((request) => answers.get(request) ?? (capped.has(request) ? 'capped' : 'marked'))
  }
}

const answerOf = (request: MarkRequest, row: JudgedRow | undefined, free: ReadonlySet<string>, now: Instant): MarkAnswer => {
  if (row === undefined || row.token !== request.token || row.phase !== 0 || row.lease_until <= now) return 'lost'
  if (row.expires_at <= now) return 'expired'
  if (row.ended_by !== null) return 'ended'
  return free.has(request.contactId) ? 'changed' : 'held'
}
