import { afterEach, beforeEach, expect, test } from 'vitest'
import { sqliteStorage } from '../src/index.ts'
import { entry, waitingKeys } from './entries.ts'
import { type TemporaryDatabase, temporaryDatabase } from './temporary-database.ts'

let app: TemporaryDatabase

beforeEach(async () => {
  app = await temporaryDatabase()
})

afterEach(() => app.remove())

test('many processes migrate at once: one does it, the others find it done', async () => {
  const storages = Array.from({ length: 8 }, () => sqliteStorage({ database: app.file }))
  const answers = await Promise.all(storages.map((storage) => storage.migrate()))
  expect(answers.filter(({ from }) => from === 0)).toHaveLength(1)
  expect(new Set(answers.map(({ to }) => to)).size).toBe(1)
  for (const storage of storages) {
    expect(await storage.schemaState()).toBe('ready')
    await storage.close()
  }
})

test('before migrating, the state is missing and every call says what to do', async () => {
  const storage = sqliteStorage({ database: app.file })
  expect(await storage.schemaState()).toBe('missing')
  await expect(storage.append([entry('o1')])).rejects.toMatchObject({
    code: 'schema.not_migrated',
    message: expect.stringContaining('storage.migrate()'),
  })
  await storage.close()
})

test('the migration as text does the same, and may be run again', async () => {
  const storage = sqliteStorage({ database: app.file })
  app.database.exec(storage.migrationSql())
  app.database.exec(storage.migrationSql())
  expect(await storage.schemaState()).toBe('ready')
  expect(await storage.migrate()).toEqual({ from: 2, to: 2 })
  await storage.append([entry('o1')])
  expect(await waitingKeys(storage)).toEqual(['o1'])
  await storage.close()
})

test('newer tables are fine while they let this code work, and refused with a sentence when they do not', async () => {
  const storage = sqliteStorage({ database: app.file })
  await storage.migrate()
  app.database.exec('update tobiishi_schema set version = 9')
  expect(await storage.schemaState()).toBe('ready')
  expect(await storage.migrate()).toEqual({ from: 9, to: 9 })
  app.database.exec('update tobiishi_schema set oldest_compatible = 9')
  expect(await storage.schemaState()).toBe('too-new')
  await expect(storage.migrate()).rejects.toMatchObject({ code: 'schema.too_new', message: expect.stringContaining('update') })
  app.database.exec('update tobiishi_schema set version = 0, oldest_compatible = 0')
  expect(await storage.schemaState()).toBe('outdated')
  await storage.close()
})
