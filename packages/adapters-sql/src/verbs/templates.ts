import type { TemplateVersionRow, TemplateWriter } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { insertList, selectList } from '../columns.ts'
import type { FieldType } from '../dialect.ts'
import { jsonText, parseJson } from '../json-text.ts'
import { perform, rows } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'

interface StoredTemplate {
  readonly hash: string
  readonly template: string
  readonly links: string
  readonly source: string
  readonly created_at: number
}

const fields = {
  hash: 'text',
  template: 'text',
  links: 'text',
  source: 'text',
  created_at: 'instant',
} as const satisfies { readonly [field in keyof StoredTemplate]: FieldType }

export const templateVerbs = (b: SqlBuilder): TemplateWriter => {
  const table = b.table('template_version')
  const versions = b.statement<{ hashes: unknown }>(
    (p) => sql`select ${selectList(fields)} from ${table} where ${b.isOneOf('hash', p.hashes)} order by hash`,
  )
  const publish = b.statement<{ records: string }>(
    (p) => sql`insert into ${table} ${insertList(fields)} select ${selectList(fields, { alias: 'r' })}
      from ${b.records(p.records, fields)} where true order by r.hash on conflict (hash) do nothing`,
  )
  return {
    *versions(hashes) {
      return (yield* rows<StoredTemplate>(versions({ hashes: b.list(hashes) }))).map(toVersion)
    },
    *publish(given) {
      if (given.length > 0) yield* perform(publish({ records: JSON.stringify(given.map(fromVersion)) }))
    },
  }
}

const toVersion = (row: StoredTemplate): TemplateVersionRow => ({
  hash: row.hash,
  template: row.template,
  links: parseJson(row.links),
  source: parseJson(row.source),
  createdAt: row.created_at,
})

const fromVersion = (row: TemplateVersionRow): StoredTemplate => ({
  hash: row.hash,
  template: row.template,
  links: jsonText(row.links),
  source: jsonText(row.source),
  created_at: row.createdAt,
})
