import { readFileSync } from 'node:fs'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkEngineGoesOn } from '../../adapters-sql/test/engine-goes-on.ts'
import { checkUpgradedRows } from '../../adapters-sql/test/upgraded-rows.ts'
import { postgresStorage } from '../src/index.ts'
import { startTestServer, type TestServer } from './server.ts'

const fixture = (name: string): string => readFileSync(new URL(`fixtures/${name}.sql`, import.meta.url), 'utf8')

/** The statements that the release with schema version 1 ran, word for word. */
const version1 = fixture('version-1')
const rowsOfVersion1 = fixture('version-1-rows')

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})

afterAll(() => server.stop())

interface World {
  readonly client: pg.Client
  readonly url: string
  readonly storage: ReturnType<typeof postgresStorage>
}

/** A test on a database of its own, without our tables. */
const on = (name: string, body: (world: World) => Promise<void>): void =>
  test(name, async () => {
    const database = await server.createDatabase()
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    await client.query('drop schema tobiishi cascade')
    const storage = postgresStorage({ connectionString: database.url })
    try {
      await body({ client, storage, url: database.url })
    } finally {
      await storage.close()
      await client.end()
      await database.drop()
    }
  })

/** Every column of every table, with its type and default, and every index. */
const shapeOf = async (client: pg.Client): Promise<unknown> => {
  const columns = await client.query(`select table_name, column_name, data_type, collation_name, is_nullable, column_default
    from information_schema.columns where table_schema = 'tobiishi' order by 1, 2`)
  const indexes = await client.query(`select indexname, indexdef from pg_indexes where schemaname = 'tobiishi' order by 1`)
  return { columns: columns.rows, indexes: indexes.rows }
}

on('a database of version 1 is brought up to date, once, and everything in it goes on', async ({ client, storage }) => {
  await client.query(version1)
  await client.query(rowsOfVersion1)
  expect(await storage.schemaState()).toBe('outdated')
  expect(await storage.migrate()).toEqual({ from: 1, to: 2 })
  expect(await storage.schemaState()).toBe('ready')
  const shape = await shapeOf(client)
  expect(await storage.migrate()).toEqual({ from: 2, to: 2 })
  expect(await shapeOf(client)).toEqual(shape)
  await checkUpgradedRows(storage)
})

on('many processes bring it up to date at once: one does it', async ({ client, url }) => {
  await client.query(version1)
  const storages = Array.from({ length: 8 }, () => postgresStorage({ connectionString: url }))
  const answers = await Promise.all(storages.map((storage) => storage.migrate()))
  expect(answers.filter(({ from }) => from === 1)).toHaveLength(1)
  expect(answers.filter(({ from, to }) => from === 2 && to === 2)).toHaveLength(7)
  for (const storage of storages) await storage.close()
})

on('the migration as text does the same, and one text may be run on any state, many times', async ({ client, storage }) => {
  await client.query(version1)
  await client.query(rowsOfVersion1)
  const text = storage.migrationSql()
  await client.query(text)
  await client.query(text)
  expect(await storage.schemaState()).toBe('ready')
  await checkUpgradedRows(storage)
})

on('a fresh database has the same tables as one that was brought up to date', async ({ client, storage }) => {
  await client.query(version1)
  await storage.migrate()
  const upgraded = await shapeOf(client)
  await client.query('drop schema tobiishi cascade')
  await storage.migrate()
  expect(await shapeOf(client)).toEqual(upgraded)
})

on('the statements of version 1 stay as they were released', async ({ storage }) => {
  const now = storage.migrationSql()
  const released = version1.split(';\n').filter((statement) => /create (table|index)/.test(statement))
  expect(released).toHaveLength(30)
  for (const statement of released) expect(now).toContain(statement.trim())
})

on('what code of version 1 inserts gets the defaults of the new columns', async ({ client, storage }) => {
  await storage.migrate()
  await client.query(rowsOfVersion1)
  await checkUpgradedRows(storage)
})

on('the engine of now goes on where that of the first release stopped', async ({ client, storage }) => {
  await client.query(version1)
  await client.query(rowsOfVersion1)
  await storage.migrate()
  await checkEngineGoesOn(storage)
})
