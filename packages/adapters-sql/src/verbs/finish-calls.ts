import type { CallWriter } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { storableText } from '../json-text.ts'
import { rows } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'

type FinishRequest = Parameters<CallWriter['finish']>[0][number]

interface EndedRow {
  readonly idem_key: string
  readonly token: number
}

const claimFields = { target: 'text', held: 'integer' } as const
const returnFields = { ...claimFields, retry_at: 'instant', gives_up: 'boolean', message: 'text' } as const

/**
 * Ends calls, or gives them back: two statements at most. A row without a lease was given back since, and its token ends
 * nothing. Of two requests for one claim in one call the first counts.
 */
export const finishCallsVerb = (b: SqlBuilder): CallWriter['finish'] => {
  const queue = b.table('effect_queue')
  const remove = b.statement<{ records: string }>(
    (p) => sql`delete from ${queue} where idem_key in (
        select q.idem_key from ${b.records(p.records, claimFields)}
        join ${queue} q on q.idem_key = r.target and q.token = r.held where q.lease_until <> 0
        order by q.idem_key ${b.lock('for update', { of: 'q' })}
      ) returning idem_key, token`,
  )
  const giveBack = b.statement<{ records: string }>(
    (p) => sql`update ${queue} as q set run_at = r.retry_at, lease_until = 0, attempt = q.attempt + 1, dead = r.gives_up,
        error = r.message
      from ${b.records(p.records, returnFields)}
      where q.idem_key = r.target and q.token = r.held and q.lease_until <> 0 returning idem_key, token`,
  )
  return function* finish(requests) {
    const firsts = [...new Map(requests.toReversed().map((request) => [claimKey(request), request])).values()]
    const done = firsts.filter(({ outcome }) => outcome === 'done')
    const back = firsts.filter(({ outcome }) => outcome !== 'done')
    const ended = [
      ...(done.length === 0 ? [] : yield* rows<EndedRow>(remove({ records: JSON.stringify(done.map(claimRecord)) }))),
      ...(back.length === 0 ? [] : yield* rows<EndedRow>(giveBack({ records: JSON.stringify(back.map(returnRecord)) }))),
    ]
    const keys = new Set(ended.map((row) => `${row.token} ${row.idem_key}`))
    const effective = new Set(firsts.filter((request) => keys.has(claimKey(request))))
    return requests.map((request) => effective.delete(request))
  }
}

const claimKey = ({ idemKey, token }: FinishRequest): string => `${token} ${idemKey}`

const claimRecord = ({ idemKey, token }: FinishRequest): { readonly target: string; readonly held: number } => ({
  target: idemKey,
  held: token,
})

const returnRecord = (request: FinishRequest): { readonly [field in keyof typeof returnFields]: unknown } => ({
  ...claimRecord(request),
  retry_at: request.runAt,
  gives_up: request.outcome === 'dead',
  message: request.error === null ? null : storableText(request.error),
})
