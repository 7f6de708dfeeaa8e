import type { FinishRequest, Instant, Step } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { jsonText } from '../json-text.ts'
import { perform, rows } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'
import { type CapRow, type FreePlace, placesOf } from './cap-places.ts'
import { claimFields, claimKey, claimRecord, rowKey } from './claim-key.ts'

export type Retry = Extract<FinishRequest, { kind: 'retry' }>

/** A row whose claim took effect; `cap` where the mark had reserved places, with the contact whose they are. */
export interface ClaimRow extends CapRow {
  readonly bucket: number
}

/**
 * Puts mail back to be sent again. What the row keeps of caps speaks only while it is marked, so it stays here for the answer
 * alone. Mail whose contact was erased meanwhile ends instead.
 */
export const returnCallsVerb = (
  b: SqlBuilder,
): ((requests: readonly Retry[], now: Instant) => Step<{ requests: readonly Retry[]; free: readonly FreePlace[] }>) => {
  const queue = b.table('send_queue')
  const message = b.table('message')
  const retry = b.statement<{ records: string }>(
    (p) => sql`update ${queue} as q set phase = 0, lease_until = 0, owner = null, run_at = r.retry_at,
        attempt = q.attempt + r.tried, cap = case when q.phase = 1 then q.cap end
      from ${b.records(p.records, { ...claimFields, retry_at: 'instant', tried: 'integer' })}
      where q.message_id = r.target and q.token = r.held and q.lease_until <> 0
      returning message_id, token, bucket, cap, contact_id,
        not exists (select 1 from ${b.table('contact')} c where c.id = contact_id) as is_erased`,
  )
  const note = b.statement<{ records: string }>(
    (p) => sql`update ${message} as m set answer = r.answer
      from ${b.records(p.records, { target: 'text', bucket_of: 'integer', answer: 'text' })}
      where m.id = r.target and m.bucket = r.bucket_of`,
  )
  const remove = b.statement<{ ids: unknown }>((p) => sql`delete from ${queue} where ${b.isOneOf('message_id', p.ids)}`)
  const skip = b.statement<{ ids: unknown; now: Instant }>(
    (p) => sql`update ${message} set state = 'skipped', reason = 'contact-erased', finished_at = ${p.now}
      where ${b.isOneOf('id', p.ids)}`,
  )

  return function* returnCalls(requests, now) {
    const records = requests.map((request) => ({
      ...claimRecord(request),
      retry_at: request.runAt,
      tried: request.isHeld === true ? 0 : 1,
    }))
    const back = yield* rows<ReturnedRow>(retry({ records: JSON.stringify(records) }))
    const rowOf = new Map(back.map((row) => [rowKey(row), row]))
    const notes = requests.flatMap((request) => {
      const row = rowOf.get(claimKey(request))
      if (row === undefined || row.is_erased || request.answer === null) return []
      return [{ target: request.messageId, bucket_of: row.bucket, answer: jsonText(request.answer) }]
    })
    if (notes.length > 0) yield* perform(note({ records: JSON.stringify(notes) }))
    const erased = back.filter((row) => row.is_erased).map((row) => row.message_id)
    if (erased.length > 0) {
      yield* perform(remove({ ids: b.list(erased) }))
      yield* perform(skip({ ids: b.list(erased), now }))
    }
    return { requests: requests.filter((request) => rowOf.has(claimKey(request))), free: back.flatMap(placesOf) }
  }
}

interface ReturnedRow extends ClaimRow {
  readonly is_erased: boolean | number
}
