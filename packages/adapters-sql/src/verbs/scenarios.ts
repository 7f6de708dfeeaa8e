import { type ScenarioDefinition1, upgradeDefinition } from '@tobiishi/core'
import type { ScenarioDefinition, ScenarioRow, ScenarioVersionRow, ScenarioWriter } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { selectList } from '../columns.ts'
import type { FieldType } from '../dialect.ts'
import { jsonText, parseJson } from '../json-text.ts'
import { firstRow, perform, rows } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'
import { publishVerb } from './publish.ts'

interface StoredScenario {
  readonly name: string
  readonly version: number
  readonly state: ScenarioRow['state']
  readonly origin: ScenarioRow['origin']
  readonly pauses: string
  readonly paused_at: number | null
  readonly draft_version: number | null
}
interface StoredVersion {
  readonly scenario: string
  readonly version: number
  readonly format: number
  readonly hash: string
  readonly definition: string
  readonly published_at: number
}

const scenarioFields = {
  name: 'text',
  version: 'integer',
  state: 'text',
  origin: 'text',
  pauses: 'text',
  paused_at: 'instant',
  draft_version: 'integer',
} as const satisfies { readonly [field in keyof StoredScenario]: FieldType }

export const scenarioVerbs = (b: SqlBuilder): ScenarioWriter => {
  const scenario = b.table('scenario')
  const versions = b.table('scenario_version')
  const columns = sql`v.scenario, v.version, v.format, v.hash, v.definition, v.published_at`
  const all = b.statement(() => sql`select ${selectList(scenarioFields)} from ${scenario} order by name`)
  const allVersions = b.statement(() => sql`select ${columns} from ${versions} v order by v.scenario, v.version`)
  const someVersions = b.statement<{ records: string }>(
    (p) => sql`select ${columns} from ${versions} v where exists (
        select 1 from ${b.records(p.records, { scenario: 'text', version: 'integer' })}
        where r.scenario = v.scenario and r.version = v.version
      ) order by v.scenario, v.version`,
  )
  const lock = b.statement<{ name: string }>(
    (p) => sql`select ${selectList(scenarioFields)} from ${scenario} where name = ${p.name} ${b.lock('for update')}`,
  )
  const save = b.statement<StoredScenario>(
    (p) => sql`update ${scenario} set version = ${p.version}, state = ${p.state}, origin = ${p.origin}, pauses = ${p.pauses},
      paused_at = ${p.paused_at}, draft_version = ${p.draft_version} where name = ${p.name}`,
  )
  const holdMarks = b.statement(() => sql`select ${b.gate('alone')} as passed`)
  const replaceDraft = b.statement<StoredVersion>(
    (p) => sql`update ${versions} set format = ${p.format}, hash = ${p.hash}, definition = ${p.definition},
        published_at = ${p.published_at}
      where scenario = ${p.scenario} and version = ${p.version}
        and exists (select 1 from ${scenario} s where s.name = ${p.scenario} and s.draft_version = ${p.version})`,
  )

  return {
    *all() {
      return (yield* rows<StoredScenario>(all({}))).map(toScenario)
    },
    *versions(keys) {
      const query = keys === undefined ? allVersions({}) : someVersions({ records: JSON.stringify(keys) })
      return (yield* rows<StoredVersion>(query)).map(toVersion)
    },
    publish: publishVerb(b),
    *lock(name) {
      const row = yield* firstRow<StoredScenario>(lock({ name }))
      return row === undefined ? null : toScenario(row)
    },
    *save(row) {
      if (row.state === 'paused' && b.dialect.gate !== null) yield* perform(holdMarks({}))
      yield* perform(save(fromScenario(row)))
    },
    *replaceDraft(row) {
      yield* perform(replaceDraft(fromVersion(row)))
    },
  }
}

const toScenario = (row: StoredScenario): ScenarioRow => ({
  name: row.name,
  version: row.version,
  state: row.state,
  origin: row.origin,
  pauses: parseJson(row.pauses),
  pausedAt: row.paused_at,
  draftVersion: row.draft_version,
})

const fromScenario = (row: ScenarioRow): StoredScenario => ({
  name: row.name,
  version: row.version,
  state: row.state,
  origin: row.origin,
  pauses: jsonText(row.pauses),
  paused_at: row.pausedAt,
  draft_version: row.draftVersion,
})

const toVersion = (row: StoredVersion): ScenarioVersionRow => ({
  scenario: row.scenario,
  version: row.version,
  format: row.format,
  hash: row.hash,
  definition: definitionOf(row),
  publishedAt: row.published_at,
})

/** What older code stored is handed out in the format of now; a format that is newer than this code is not touched. */
const definitionOf = ({ format, definition }: StoredVersion): ScenarioDefinition =>
  format === 1 ? upgradeDefinition(parseJson<ScenarioDefinition1>(definition)) : parseJson(definition)

const fromVersion = (row: ScenarioVersionRow): StoredVersion => ({
  scenario: row.scenario,
  version: row.version,
  format: row.format,
  hash: row.hash,
  definition: jsonText(row.definition),
  published_at: row.publishedAt,
})
