import { readFileSync } from 'node:fs'
import type BetterSqlite3 from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkEngineGoesOn } from '../../adapters-sql/test/engine-goes-on.ts'
import { checkUpgradedRows } from '../../adapters-sql/test/upgraded-rows.ts'
import { sqliteStorage } from '../src/index.ts'
import { type TemporaryDatabase, temporaryDatabase } from './temporary-database.ts'

const fixture = (name: string): string => readFileSync(new URL(`fixtures/${name}.sql`, import.meta.url), 'utf8')

/** The statements that the release with schema version 1 ran, word for word. */
const version1 = fixture('version-1')
const rowsOfVersion1 = fixture('version-1-rows')

let app: TemporaryDatabase

beforeEach(async () => {
  app = await temporaryDatabase()
})

afterEach(() => app.remove())

/** Every column of every table, with its type and default, and every index. */
const shapeOf = (database: BetterSqlite3.Database): unknown => ({
  columns: database
    .prepare(`select m.name as "table", c.name, c.type, c."notnull", c.dflt_value from sqlite_master m, pragma_table_info(m.name) c
      where m.name like 'tobiishi_%' and m.type = 'table' order by 1, 2`)
    .all(),
  indexes: database.prepare(`select name, sql from sqlite_master where type = 'index' order by name`).all(),
})

test('a database of version 1 is brought up to date, once, and everything in it goes on', async () => {
  app.database.exec(version1)
  app.database.exec(rowsOfVersion1)
  const storage = sqliteStorage({ database: app.file })
  expect(await storage.schemaState()).toBe('outdated')
  expect(await storage.migrate()).toEqual({ from: 1, to: 2 })
  expect(await storage.schemaState()).toBe('ready')
  const shape = shapeOf(app.database)
  expect(await storage.migrate()).toEqual({ from: 2, to: 2 })
  expect(shapeOf(app.database)).toEqual(shape)
  await checkUpgradedRows(storage)
  await storage.close()
})

test('many processes bring it up to date at once: one does it', async () => {
  app.database.exec(version1)
  const storages = Array.from({ length: 8 }, () => sqliteStorage({ database: app.file }))
  const answers = await Promise.all(storages.map((storage) => storage.migrate()))
  expect(answers.filter(({ from }) => from === 1)).toHaveLength(1)
  expect(answers.filter(({ from, to }) => from === 2 && to === 2)).toHaveLength(7)
  for (const storage of storages) await storage.close()
})

test('the migration as text does the same, on whatever there is, and may be asked for and run again', async () => {
  app.database.exec(version1)
  app.database.exec(rowsOfVersion1)
  const storage = sqliteStorage({ database: app.file })
  app.database.exec(storage.migrationSql())
  app.database.exec(storage.migrationSql())
  expect(await storage.schemaState()).toBe('ready')
  await checkUpgradedRows(storage)
  await storage.close()
})

test('a text from before an upgrade is refused whole by SQLite afterwards', async () => {
  app.database.exec(version1)
  const storage = sqliteStorage({ database: app.file })
  const text = storage.migrationSql()
  app.database.exec(text)
  const shape = shapeOf(app.database)
  expect(() => app.database.exec(text)).toThrow('duplicate column name')
  app.database.exec('rollback')
  expect(shapeOf(app.database)).toEqual(shape)
  expect(await storage.schemaState()).toBe('ready')
  await storage.close()
})

test('a fresh database has the same tables as one that was brought up to date', async () => {
  const upgraded = sqliteStorage({ database: app.file })
  app.database.exec(version1)
  await upgraded.migrate()
  const other = await temporaryDatabase()
  const fresh = sqliteStorage({ database: other.file })
  await fresh.migrate()
  expect(shapeOf(other.database)).toEqual(shapeOf(app.database))
  await upgraded.close()
  await fresh.close()
  await other.remove()
})

test('the statements of version 1 stay as they were released', async () => {
  const storage = sqliteStorage({ database: app.file })
  const now = storage.migrationSql()
  const released = version1.split(';\n').filter((statement) => statement.includes('create '))
  expect(released).toHaveLength(30)
  for (const statement of released) expect(now).toContain(statement.trim())
  await storage.close()
})

test('what code of version 1 inserts gets the defaults of the new columns', async () => {
  const storage = sqliteStorage({ database: app.file })
  await storage.migrate()
  app.database.exec(rowsOfVersion1)
  await checkUpgradedRows(storage)
  await storage.close()
})

test('the engine of now goes on where that of the first release stopped', async () => {
  app.database.exec(version1)
  app.database.exec(rowsOfVersion1)
  const storage = sqliteStorage({ database: app.file })
  await storage.migrate()
  await checkEngineGoesOn(storage)
  await storage.close()
})
