import BetterSqlite3 from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sqliteStorage } from '../src/index.ts'
import { entry, waitingKeys } from './entries.ts'
import { type TemporaryDatabase, temporaryDatabase } from './temporary-database.ts'

let app: TemporaryDatabase
const open = () => sqliteStorage({ database: app.database })
let storage: ReturnType<typeof open>

beforeEach(async () => {
  app = await temporaryDatabase()
  storage = open()
  await storage.migrate()
})

afterEach(async () => {
  await storage.close()
  await app.remove()
})

test("what is tracked inside the app's synchronous transaction commits with the app's own row", async () => {
  let written: Promise<void> | undefined
  app.database.transaction(() => {
    app.database.prepare('insert into users values (?)').run('u1')
    written = storage.append([entry('o1')], { tx: app.database })
  })()
  await written
  expect(await waitingKeys(storage)).toEqual(['o1'])
  expect(app.database.prepare('select id from users').pluck().all()).toEqual(['u1'])
})

test("what is tracked inside the app's transaction is gone with its rollback", async () => {
  app.database.exec('begin immediate')
  app.database.prepare('insert into users values (?)').run('u1')
  await storage.append([entry('o1')], { tx: app.database })
  app.database.exec('rollback')
  expect(await waitingKeys(storage)).toEqual([])
  expect(app.database.prepare('select count(*) from users').pluck().get()).toBe(0)
})

test("Kysely's transaction is accepted: commit and rollback take the entry along", async () => {
  const kysely = new Kysely<{ users: { id: string } }>({ dialect: new SqliteDialect({ database: app.database }) })
  await kysely.transaction().execute(async (tx) => {
    await tx.insertInto('users').values({ id: 'u1' }).execute()
    await storage.append([entry('kept')], { tx })
  })
  const failing = kysely.transaction().execute(async (tx) => {
    await storage.append([entry('lost')], { tx })
    throw new Error('the app changed its mind')
  })
  await expect(failing).rejects.toThrow('the app changed its mind')
  expect(await waitingKeys(storage)).toEqual(['kept'])
})

test('a database without an open transaction is refused, before anything is written', async () => {
  const refused = storage.append([entry('o1')], { tx: app.database })
  await expect(refused).rejects.toMatchObject({
    code: 'storage.transaction_foreign',
    message: expect.stringContaining('no transaction is open'),
  })
  expect(await waitingKeys(storage)).toEqual([])
})

test('a transaction on another file is refused, by either way of giving it', async () => {
  const other = await temporaryDatabase()
  other.database.exec('begin')
  const refused = { code: 'storage.transaction_foreign', message: expect.stringContaining('another database file') }
  await expect(storage.append([entry('o1')], { tx: other.database })).rejects.toMatchObject(refused)
  other.database.exec('rollback')
  const kysely = new Kysely<object>({ dialect: new SqliteDialect({ database: other.database }) })
  const viaKysely = kysely.transaction().execute((tx) => storage.append([entry('o1')], { tx }))
  await expect(viaKysely).rejects.toMatchObject(refused)
  await other.remove()
})

test('a storage that was given a file name says that it shares no transactions', async () => {
  const alone = sqliteStorage({ database: app.file })
  expect(alone.traits.sharesTransactions).toBe(false)
  // @ts-expect-error with a file name `tx` is never
  await expect(alone.append([entry('o1')], { tx: app.database })).rejects.toMatchObject({ code: 'storage.transaction_foreign' })
  await alone.close()
})

test("an app's database in memory is refused: our own connection would not see it", () => {
  expect(() => sqliteStorage({ database: new BetterSqlite3(':memory:') })).toThrow('a database in memory')
})
