import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { postgresStorage } from '@tobiishi/adapters-postgres'
import { sqliteStorage } from '@tobiishi/adapters-sqlite'
import { startTestServer } from '../../packages/adapters-postgres/test/server.ts'
import type { Bench, BenchOptions } from '../lib/bench.ts'
import { type Figure, figureOf, note } from '../lib/figure.ts'
import { interleave } from '../lib/interleave.ts'
import { ourSteps } from './our-steps.ts'
import { bossJobs } from './pg-boss-jobs.ts'
import { rawStatements } from './raw-statements.ts'

/**
 * Steps of enrolments a second, a third of them waits that end, a third branches on an attribute, a third sends with their message row: on
 * PostgreSQL against pg-boss that fetches and completes as many jobs that do nothing on the same server, on SQLite against prepared
 * statements that only do the same writes. Every commit waits for the disk.
 */
export const bench: Bench = async function* (options) {
  yield* onPostgres(options)
  yield* onSqlite(options)
}

const sizes = ({ isQuick }: BenchOptions) => (isQuick ? { contacts: 1_000, rounds: 3 } : { contacts: 5_000, rounds: 7 })

async function* onPostgres(options: BenchOptions): AsyncIterable<Figure> {
  const { contacts, rounds } = sizes(options)
  const server = await startTestServer({ durable: true })
  const [own, theirs] = [await server.createDatabase(), await server.createDatabase()]
  try {
    note(`postgres: ${contacts} contacts, ${3 * contacts} steps and jobs a round`)
    const ours = await ourSteps(postgresStorage({ connectionString: own.url }), contacts)
    const boss = await bossJobs(theirs.url, 3 * contacts)
    const rates = await interleave(
      { ours: ours.round, boss1: () => boss.round(1), boss4: () => boss.round(4), boss8: () => boss.round(8) },
      { rounds },
    )
    await ours.close()
    await boss.close()
    const best = Math.max(rates.boss1, rates.boss4, rates.boss8)
    const loops = { 'boss-1': Math.round(rates.boss1), 'boss-4': Math.round(rates.boss4), 'boss-8': Math.round(rates.boss8) }
    yield figureOf({
      name: 'advance/postgres/vs-pg-boss',
      better: 'higher',
      ours: rates.ours,
      baseline: best,
      unit: 'steps/s',
      extra: { contacts, rounds, 'steps-a-wake': 3, ...loops },
    })
  } finally {
    await own.drop()
    await theirs.drop()
    await server.stop()
  }
}

async function* onSqlite(options: BenchOptions): AsyncIterable<Figure> {
  const { contacts, rounds } = sizes(options)
  const folder = await mkdtemp(join(tmpdir(), 'tobiishi-bench-'))
  try {
    note(`sqlite: ${contacts} contacts, ${3 * contacts} steps a round`)
    const ours = await ourSteps(sqliteStorage({ database: join(folder, 'ours.db') }), contacts)
    const shape = sqliteStorage({ database: join(folder, 'raw.db') })
    await shape.migrate()
    await shape.close()
    const raw = rawStatements(join(folder, 'raw.db'), contacts)
    const rates = await interleave({ ours: ours.round, raw: raw.round }, { rounds })
    await ours.close()
    raw.close()
    yield figureOf({
      name: 'advance/sqlite/vs-raw',
      better: 'higher',
      ours: rates.ours,
      baseline: rates.raw,
      unit: 'steps/s',
      extra: { contacts, rounds, 'steps-a-wake': 3 },
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
