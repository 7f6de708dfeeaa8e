import type { ConsentEntry, ConsentWriter } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { insertList, selectList } from '../columns.ts'
import type { FieldType } from '../dialect.ts'
import { jsonText, parseJson } from '../json-text.ts'
import { perform, rows } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'

interface ConsentRow {
  readonly id: string
  readonly contact_id: string
  readonly kind: ConsentEntry['kind']
  readonly topic: string | null
  readonly basis: ConsentEntry['basis']
  readonly evidence: string
  readonly occurred_at: number
  readonly recorded_at: number
  readonly message_id: string | null
}

const fields = {
  id: 'text',
  contact_id: 'text',
  kind: 'text',
  topic: 'text',
  basis: 'text',
  evidence: 'text',
  occurred_at: 'instant',
  recorded_at: 'instant',
  message_id: 'text',
} as const satisfies { readonly [field in keyof ConsentRow]: FieldType }

export const consentVerbs = (b: SqlBuilder): ConsentWriter => {
  const consent = b.table('consent')
  const ledger = b.statement<{ contactId: string }>(
    (p) =>
      sql`select ${selectList(fields)} from ${consent} where contact_id = ${p.contactId} order by occurred_at, recorded_at, id`,
  )
  const append = b.statement<{ records: string }>(
    (p) => sql`insert into ${consent} ${insertList(fields)} select ${selectList(fields, { alias: 'r' })}
      from ${b.records(p.records, fields)} where true order by r.id on conflict (id) do nothing`,
  )
  const move = b.statement<{ from: string; into: string }>(
    (p) => sql`update ${consent} set contact_id = ${p.into} where contact_id = ${p.from}`,
  )
  return {
    *ledger(contactId) {
      return (yield* rows<ConsentRow>(ledger({ contactId }))).map(toEntry)
    },
    *append(entries) {
      if (entries.length > 0) yield* perform(append({ records: JSON.stringify(entries.map(toRow)) }))
    },
    *move(from, into) {
      yield* perform(move({ from, into }))
    },
  }
}

const toEntry = (row: ConsentRow): ConsentEntry => ({
  id: row.id,
  contactId: row.contact_id,
  kind: row.kind,
  topic: row.topic,
  basis: row.basis,
  evidence: parseJson(row.evidence),
  occurredAt: row.occurred_at,
  recordedAt: row.recorded_at,
  messageId: row.message_id,
})

const toRow = (entry: ConsentEntry): ConsentRow => ({
  id: entry.id,
  contact_id: entry.contactId,
  kind: entry.kind,
  topic: entry.topic,
  basis: entry.basis,
  evidence: jsonText(entry.evidence),
  occurred_at: entry.occurredAt,
  recorded_at: entry.recordedAt,
  message_id: entry.messageId,
})
