import type { ScenarioWriter } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { jsonText } from '../json-text.ts'
import { firstRow, perform, run } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'

interface NewVersion {
  readonly scenario: string
  readonly version: number
  readonly format: number
  readonly hash: string
  readonly definition: string
  readonly publishedAt: number
}
interface NewScenario {
  readonly name: string
  readonly version: number
  readonly state: string
  readonly origin: string
  readonly draftVersion: number | null
}

/** Of two that publish one number at once the second waits at the key of the version, and then finds the other's hash. */
export const publishVerb = (b: SqlBuilder): ScenarioWriter['publish'] => {
  const scenario = b.table('scenario')
  const versions = b.table('scenario_version')
  const addVersion = b.statement<NewVersion>(
    (p) => sql`insert into ${versions} (scenario, version, format, hash, definition, published_at)
      values (${p.scenario}, ${p.version}, ${p.format}, ${p.hash}, ${p.definition}, ${p.publishedAt})
      on conflict (scenario, version) do nothing`,
  )
  const storedHash = b.statement<{ scenario: string; version: number }>(
    (p) => sql`select hash from ${versions} where scenario = ${p.scenario} and version = ${p.version}`,
  )
  const insert = (p: { readonly [field in keyof NewScenario]: unknown }) =>
    sql`insert into ${scenario} as t (name, version, state, origin, draft_version)
      values (${p.name}, ${p.version}, ${p.state}, ${p.origin}, ${p.draftVersion})`
  const raise = b.statement<NewScenario>(
    (p) => sql`${insert(p)} on conflict (name) do update set
        version = case when t.version < excluded.version then excluded.version else t.version end,
        draft_version = case when t.draft_version <> excluded.version then t.draft_version end
      where t.version < excluded.version or t.draft_version = excluded.version`,
  )
  const draft = b.statement<NewScenario>(
    (p) => sql`${insert(p)} on conflict (name) do update set draft_version = excluded.draft_version`,
  )
  return function* publish(row, { origin = 'code', isDraft = false } = {}) {
    const isNew = (yield* run(addVersion({ ...row, definition: jsonText(row.definition) }))) > 0
    if (!isNew) {
      const hash = (yield* firstRow<{ hash: string }>(storedHash(row)))?.hash ?? row.hash
      if (hash !== row.hash || isDraft) return { storedHash: hash }
    }
    const { scenario: name, version } = row
    if (isDraft) yield* perform(draft({ name, version, state: 'draft', origin, draftVersion: version }))
    else yield* perform(raise({ name, version, state: 'active', origin, draftVersion: null }))
    return { storedHash: row.hash }
  }
}
