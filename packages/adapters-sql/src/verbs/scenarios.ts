import type { ScenarioRow, ScenarioVersionRow, ScenarioWriter } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { jsonText, parseJson } from '../json-text.ts'
import { firstRow, rows, run } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'

interface StoredVersion {
  readonly scenario: string
  readonly version: number
  readonly format: number
  readonly hash: string
  readonly definition: string
  readonly published_at: number
}

export const scenarioVerbs = (b: SqlBuilder): ScenarioWriter => {
  const scenario = b.table('scenario')
  const versions = b.table('scenario_version')
  const columns = sql`v.scenario, v.version, v.format, v.hash, v.definition, v.published_at`
  const all = b.statement(() => sql`select name, version, state from ${scenario} order by name`)
  const allVersions = b.statement(() => sql`select ${columns} from ${versions} v order by v.scenario, v.version`)
  const someVersions = b.statement<{ records: string }>(
    (p) => sql`select ${columns} from ${versions} v where exists (
        select 1 from ${b.records(p.records, { scenario: 'text', version: 'integer' })}
        where r.scenario = v.scenario and r.version = v.version
      ) order by v.scenario, v.version`,
  )
  const addVersion = b.statement<StoredVersion>(
    (p) => sql`insert into ${versions} (scenario, version, format, hash, definition, published_at)
      values (${p.scenario}, ${p.version}, ${p.format}, ${p.hash}, ${p.definition}, ${p.published_at})
      on conflict (scenario, version) do nothing`,
  )
  const raise = b.statement<{ name: string; version: number }>(
    (p) => sql`insert into ${scenario} as t (name, version, state) values (${p.name}, ${p.version}, 'active')
      on conflict (name) do update set version = excluded.version where t.version < excluded.version`,
  )
  const storedHash = b.statement<{ scenario: string; version: number }>(
    (p) => sql`select hash from ${versions} where scenario = ${p.scenario} and version = ${p.version}`,
  )
  const setState = b.statement<{ name: string; state: string }>(
    (p) => sql`update ${scenario} set state = ${p.state} where name = ${p.name}`,
  )

  return {
    *all() {
      return yield* rows<ScenarioRow>(all({}))
    },
    *versions(keys) {
      const query = keys === undefined ? allVersions({}) : someVersions({ records: JSON.stringify(keys) })
      return (yield* rows<StoredVersion>(query)).map(toVersion)
    },
    *publish(row) {
      const { scenario: name, version } = row
      yield* run(addVersion(fromVersion(row)))
      yield* run(raise({ name, version }))
      const stored = yield* firstRow<{ hash: string }>(storedHash({ scenario: name, version }))
      return { storedHash: stored?.hash ?? row.hash }
    },
    *setState(name, state) {
      yield* run(setState({ name, state }))
    },
  }
}

const toVersion = (row: StoredVersion): ScenarioVersionRow => ({
  scenario: row.scenario,
  version: row.version,
  format: row.format,
  hash: row.hash,
  definition: parseJson(row.definition),
  publishedAt: row.published_at,
})

const fromVersion = (row: ScenarioVersionRow): StoredVersion => ({
  scenario: row.scenario,
  version: row.version,
  format: row.format,
  hash: row.hash,
  definition: jsonText(row.definition),
  published_at: row.publishedAt,
})
