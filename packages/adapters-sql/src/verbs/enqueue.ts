import type { MessageWriter } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { selectList } from '../columns.ts'
import { perform, rows } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'
import { fromMessage, messageFields } from './message-row.ts'
import { fromQueueEntry, queueFields } from './queue-row.ts'

/** Inserts messages whose key is new and the queue rows of exactly those: two statements a batch. */
export const enqueueVerb = (b: SqlBuilder): MessageWriter['enqueue'] => {
  const columns = selectList(messageFields)
  const insertMessages = b.statement<{ records: string }>(
    (p) => sql`insert into ${b.table('message')} (${columns}) select ${selectList(messageFields, { alias: 'r' })}
      from ${b.records(p.records, messageFields)} where true
      on conflict (idem_key, bucket) do nothing returning id`,
  )
  const queued = { bucket: 'integer', ...queueFields } as const
  const insertQueue = b.statement<{ records: string }>(
    (p) => sql`insert into ${b.table('send_queue')} (${selectList(queued)}) select ${selectList(queued, { alias: 'r' })}
      from ${b.records(p.records, queued)}`,
  )
  return function* enqueue(given) {
    if (given.length === 0) return 0
    const records = JSON.stringify(given.map(({ message }) => fromMessage(message)))
    const added = new Set((yield* rows<{ id: string }>(insertMessages({ records }))).map((row) => row.id))
    const entries = given.flatMap(({ message, queue }) =>
      queue !== null && message.state === 'queued' && added.has(message.id)
        ? [{ bucket: message.bucket, ...fromQueueEntry(queue) }]
        : [],
    )
    if (entries.length > 0) yield* perform(insertQueue({ records: JSON.stringify(entries) }))
    return added.size
  }
}
