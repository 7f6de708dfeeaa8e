import type { FinishRequest, Instant, QueueWriter, Step } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { jsonText } from '../json-text.ts'
import { perform, rows } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'
import { claimFields, claimKey, claimRecord, rowKey } from './claim-key.ts'

type Done = Extract<FinishRequest, { kind: 'done' }>
type Retry = Extract<FinishRequest, { kind: 'retry' }>

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
 * claim in one call the first counts.
 */
export const finishVerb = (b: SqlBuilder): QueueWriter['finish'] => {
  const queue = b.table('send_queue')
  const message = b.table('message')
  const remove = b.statement<{ records: string }>(
    (p) => sql`delete from ${queue} where message_id in (
        select q.message_id from ${b.records(p.records, claimFields)}
        join ${queue} q on q.message_id = r.target and q.token = r.held where q.lease_until <> 0
        order by q.message_id ${b.lock('for update', { of: 'q' })}
      ) returning message_id, token, bucket`,
  )
  const late = b.statement<{ ids: unknown }>(
    (p) => sql`select id as message_id, unknown_token as token, bucket from ${message}
      where ${b.isOneOf('id', p.ids)} and state = 'unknown' and unknown_token is not null order by id ${b.lock('for update')}`,
  )
  const end = b.statement<{ records: string; now: Instant }>(
    (p) => sql`update ${message} as m set state = r.state, reason = r.reason, template_hash = r.template_hash,
        provider_id = r.provider_id, answer = r.answer, finished_at = ${p.now},
        unknown_token = case when r.state = 'unknown' then r.held end
      from ${b.records(p.records, doneFields)} where m.id = r.target and m.bucket = r.bucket_of`,
  )
  const retry = b.statement<{ records: string }>(
    (
      p,
    ) => sql`update ${queue} as q set phase = 0, lease_until = 0, owner = null, run_at = r.retry_at, attempt = q.attempt + r.tried
      from ${b.records(p.records, { ...claimFields, retry_at: 'instant', tried: 'integer' })}
      where q.message_id = r.target and q.token = r.held and q.lease_until <> 0
      returning message_id, token, bucket`,
  )
  const note = b.statement<{ records: string }>(
    (
      p,
    ) => sql`update ${message} as m set answer = r.answer from ${b.records(p.records, { target: 'text', bucket_of: 'integer', answer: 'text' })}
      where m.id = r.target and m.bucket = r.bucket_of`,
  )

  function* endCalls(requests: readonly Done[], now: Instant): Step<Done[]> {
    const gone = yield* rows<ClaimRow>(remove({ records: JSON.stringify(requests.map(claimRecord)) }))
    const bucketOf = new Map(gone.map((row) => [rowKey(row), row.bucket]))
    const rest = requests.filter((request) => !bucketOf.has(claimKey(request)))
    if (rest.length > 0) {
      const unknown = yield* rows<ClaimRow>(late({ ids: b.list(rest.map((request) => request.messageId)) }))
      for (const row of unknown) bucketOf.set(rowKey(row), row.bucket)
    }
    const taken = requests.filter((request) => bucketOf.has(claimKey(request)))
    const records = taken.toSorted(byMessage).map((request) => toDone(request, bucketOf.get(claimKey(request))))
    if (taken.length > 0) yield* perform(end({ records: JSON.stringify(records), now }))
    return taken
  }

  function* returnCalls(requests: readonly Retry[]): Step<Retry[]> {
    const records = requests.map((request) => ({
      ...claimRecord(request),
      retry_at: request.runAt,
      tried: request.isHeld === true ? 0 : 1,
    }))
    const back = yield* rows<ClaimRow>(retry({ records: JSON.stringify(records) }))
    const bucketOf = new Map(back.map((row) => [rowKey(row), row.bucket]))
    const taken = requests.filter((request) => bucketOf.has(claimKey(request)))
    const notes = taken.flatMap((request) =>
      request.answer === null
        ? []
        : [{ target: request.messageId, bucket_of: bucketOf.get(claimKey(request)), answer: jsonText(request.answer) }],
    )
    if (notes.length > 0) yield* perform(note({ records: JSON.stringify(notes) }))
    return taken
  }

  return function* finish(requests, now) {
    const firsts = [...new Map(requests.toReversed().map((request) => [claimKey(request), request])).values()]
    const done = firsts.filter((request) => request.kind === 'done')
    const retries = firsts.filter((request) => request.kind === 'retry')
    const effective = new Set<FinishRequest>([
      ...(done.length === 0 ? [] : yield* endCalls(done, now)),
      ...(retries.length === 0 ? [] : yield* returnCalls(retries)),
    ])
    return requests.map((request) => effective.has(request))
  }
}

interface ClaimRow {
  readonly message_id: string
  readonly token: number
  readonly bucket: number
}

/** Everybody writes messages in this order, so that two writers of several rarely deadlock. */
const byMessage = (a: Done, b: Done): number => (a.messageId < b.messageId ? -1 : 1)

const toDone = (request: Done, bucket: number | undefined): { readonly [field in keyof typeof doneFields]: unknown } => ({
  ...claimRecord(request),
  bucket_of: bucket,
  state: request.state,
  reason: request.reason,
  template_hash: request.templateHash,
  provider_id: request.providerId,
  answer: request.answer === null ? null : jsonText(request.answer),
})
