import type { Instant, Job, JobWriter } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { insertList, selectList } from '../columns.ts'
import type { FieldType } from '../dialect.ts'
import { jsonText, parseJson, parseNullableJson } from '../json-text.ts'
import { firstRow, perform, rows, run } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'

interface StoredJob {
  readonly id: string
  readonly kind: Job['kind']
  readonly scenario: string
  readonly spec: string
  readonly cursor_at: string | null
  readonly state: Job['state']
  readonly done: number
  readonly total: number | null
  readonly run_at: number
  readonly created_at: number
  readonly finished_at: number | null
}

const fields = {
  id: 'text',
  kind: 'text',
  scenario: 'text',
  spec: 'text',
  cursor_at: 'text',
  state: 'text',
  done: 'integer',
  total: 'integer',
  run_at: 'instant',
  created_at: 'instant',
  finished_at: 'instant',
} as const satisfies { readonly [field in keyof StoredJob]: FieldType }

export const jobVerbs = (b: SqlBuilder): JobWriter => {
  const job = b.table('job')
  const columns = selectList(fields)
  const get = b.statement<{ id: string }>((p) => sql`select ${columns} from ${job} where id = ${p.id}`)
  const ofScenario = b.statement<{ scenario: string }>(
    (p) => sql`select ${columns} from ${job} where scenario = ${p.scenario} order by created_at desc, id desc`,
  )
  const due = b.statement<{ now: Instant }>(
    (p) => sql`select ${columns} from ${job} where state = 'running' and run_at <= ${p.now} order by created_at, id`,
  )
  const create = b.statement<StoredJob>(
    (p) => sql`insert into ${job} ${insertList(fields)}
      values (${p.id}, ${p.kind}, ${p.scenario}, ${p.spec}, ${p.cursor_at}, ${p.state}, ${p.done}, ${p.total}, ${p.run_at},
        ${p.created_at}, ${p.finished_at})
      on conflict (id) do nothing`,
  )
  const holdMarks = b.statement(() => sql`select ${b.gate('alone')} as passed`)
  const lock = b.statement<{ id: string }>((p) => sql`select ${columns} from ${job} where id = ${p.id} ${b.lock('for update')}`)
  const lockFree = b.statement<{ id: string }>(
    (p) => sql`select ${columns} from ${job} where id = ${p.id} ${b.lock('for update', { skipLocked: true })}`,
  )
  const save = b.statement<StoredJob>(
    (p) => sql`update ${job} set kind = ${p.kind}, scenario = ${p.scenario}, spec = ${p.spec}, cursor_at = ${p.cursor_at},
      state = ${p.state}, done = ${p.done}, total = ${p.total}, run_at = ${p.run_at}, created_at = ${p.created_at},
      finished_at = ${p.finished_at} where id = ${p.id}`,
  )

  return {
    *get(id) {
      const row = yield* firstRow<StoredJob>(get({ id }))
      return row === undefined ? null : toJob(row)
    },
    *ofScenario(scenario) {
      return (yield* rows<StoredJob>(ofScenario({ scenario }))).map(toJob)
    },
    *due(now) {
      return (yield* rows<StoredJob>(due({ now }))).map(toJob)
    },
    *create(row) {
      if (row.kind === 'exit' && b.dialect.gate !== null) yield* perform(holdMarks({}))
      return (yield* run(create(fromJob(row)))) > 0
    },
    *lock(id, { skipLocked }) {
      const row = yield* firstRow<StoredJob>(skipLocked ? lockFree({ id }) : lock({ id }))
      return row === undefined ? null : toJob(row)
    },
    *save(row) {
      yield* perform(save(fromJob(row)))
    },
  }
}

const toJob = (row: StoredJob): Job => ({
  id: row.id,
  kind: row.kind,
  scenario: row.scenario,
  spec: parseJson(row.spec),
  cursor: parseNullableJson(row.cursor_at),
  state: row.state,
  done: row.done,
  total: row.total,
  runAt: row.run_at,
  createdAt: row.created_at,
  finishedAt: row.finished_at,
})

const fromJob = (row: Job): StoredJob => ({
  id: row.id,
  kind: row.kind,
  scenario: row.scenario,
  spec: jsonText(row.spec),
  cursor_at: row.cursor === null ? null : jsonText(row.cursor),
  state: row.state,
  done: row.done,
  total: row.total,
  run_at: row.runAt,
  created_at: row.createdAt,
  finished_at: row.finishedAt,
})
