import type { FinishRequest, Instant, QueueWriter, Step } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { jsonText } from '../json-text.ts'
import { perform, rows } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'
import { type FreePlace, placesOf } from './cap-places.ts'
import { capVerbs } from './caps.ts'
import { claimFields, claimKey, claimRecord, rowKey } from './claim-key.ts'
import { type ClaimRow, type Retry, returnCallsVerb } from './return-calls.ts'

type Done = Extract<FinishRequest, { kind: 'done' }>

const doneFields = {
  ...claimFields,
  bucket_of: 'integer',
  state: 'text',
  reason: 'text',
  template_hash: 'text',
  provider_id: 'text',
  answer: 'text',
} as const

/**
 * A released row (no lease) is nobody's: its token ends nothing. `done` deletes the queue row, then writes the message; where
 * no row was there it still writes a message that the reaper made `unknown` under the same token. Of two requests for one
 * claim in one call the first counts. Only where a row kept places in frequency caps (none without caps) does it ask more.
 */
export const finishVerb = (b: SqlBuilder): QueueWriter['finish'] => {
  const queue = b.table('send_queue')
  const message = b.table('message')
  const remove = b.statement<{ records: string }>(
    (p) => sql`delete from ${queue} where message_id in (
        select q.message_id from ${b.records(p.records, claimFields)}
        join ${queue} q on q.message_id = r.target and q.token = r.held where q.lease_until <> 0
        order by q.message_id ${b.lock('for update', { of: 'q' })}
      ) returning message_id, token, bucket, case when phase = 1 then cap end as cap,
        case when phase = 1 and cap is not null then contact_id end as contact_id`,
  )
  const late = b.statement<{ ids: unknown }>(
    (
      p,
    ) => sql`select id as message_id, unknown_token as token, bucket, cap, case when cap is not null then contact_id end as contact_id
      from ${message} where ${b.isOneOf('id', p.ids)} and state = 'unknown' and unknown_token is not null
      order by id ${b.lock('for update')}`,
  )
  const end = b.statement<{ records: string; now: Instant }>(
    (p) => sql`update ${message} as m set state = r.state, reason = r.reason, template_hash = r.template_hash,
        provider_id = r.provider_id, answer = case when m.idem_key like 'erased:%' then null else r.answer end, finished_at = ${p.now},
        unknown_token = case when r.state = 'unknown' then r.held end
      from ${b.records(p.records, doneFields)} where m.id = r.target and m.bucket = r.bucket_of`,
  )
  const keepPlaces = b.statement<{ records: string }>(
    (p) => sql`update ${message} as m set cap = r.cap
      from ${b.records(p.records, { target: 'text', bucket_of: 'integer', cap: 'text' })}
      where m.id = r.target and m.bucket = r.bucket_of`,
  )
  const caps = capVerbs(b)
  const returnCalls = returnCallsVerb(b)

  function* endCalls(requests: readonly Done[], now: Instant): Step<Ended<Done>> {
    const gone = yield* rows<ClaimRow>(remove({ records: JSON.stringify(requests.map(claimRecord)) }))
    const rowOf = new Map(gone.map((row) => [rowKey(row), row]))
    const rest = requests.filter((request) => !rowOf.has(claimKey(request)))
    if (rest.length > 0) {
      const unknown = yield* rows<ClaimRow>(late({ ids: b.list(rest.map((request) => request.messageId)) }))
      for (const row of unknown) rowOf.set(rowKey(row), row)
    }
    const ended = requests.flatMap((request) => {
      const row = rowOf.get(claimKey(request))
      return row === undefined ? [] : [{ request, row }]
    })
    const records = ended.toSorted(byMessage).map(({ request, row }) => toDone(request, row.bucket))
    if (records.length > 0) yield* perform(end({ records: JSON.stringify(records), now }))
    const kept = ended.filter(({ request, row }) => request.state === 'unknown' && row.cap !== null)
    if (kept.length > 0) {
      const places = kept.map(({ row }) => ({ target: row.message_id, bucket_of: row.bucket, cap: row.cap }))
      yield* perform(keepPlaces({ records: JSON.stringify(places) }))
    }
    const isFree = ({ state }: Done) => state === 'failed' || state === 'skipped'
    const free = ended.flatMap(({ request, row }) => (isFree(request) ? placesOf(row) : []))
    return { requests: ended.map(({ request }) => request), free }
  }

  return function* finish(requests, now) {
    const firsts = [...new Map(requests.toReversed().map((request) => [claimKey(request), request])).values()]
    const done = firsts.filter((request) => request.kind === 'done')
    const retries = firsts.filter((request) => request.kind === 'retry')
    const ended = done.length === 0 ? nothing : yield* endCalls(done, now)
    const returned: Ended<Retry> = retries.length === 0 ? nothing : yield* returnCalls(retries, now)
    yield* caps.giveBack([...ended.free, ...returned.free])
    const effective = new Set<FinishRequest>([...ended.requests, ...returned.requests])
    return requests.map((request) => effective.delete(request))
  }
}

/** Requests that took effect, and the places in caps that they set free. */
export interface Ended<Request> {
  readonly requests: readonly Request[]
  readonly free: readonly FreePlace[]
}

const nothing = { requests: [], free: [] }

/** Everybody writes messages in this order, so that two writers of several rarely deadlock. */
const byMessage = (a: { readonly request: Done }, b: { readonly request: Done }): number =>
  a.request.messageId < b.request.messageId ? -1 : 1

const toDone = (request: Done, bucket: number): { readonly [field in keyof typeof doneFields]: unknown } => ({
  ...claimRecord(request),
  bucket_of: bucket,
  state: request.state,
  reason: request.reason,
  template_hash: request.templateHash,
  provider_id: request.providerId,
  answer: request.answer === null ? null : jsonText(request.answer),
})
