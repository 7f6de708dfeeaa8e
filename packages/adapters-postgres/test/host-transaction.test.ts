import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { postgresStorage } from '../src/index.ts'
import { entry, waitingKeys } from './entries.ts'
import { startTestServer, type TestDatabase, type TestServer } from './server.ts'

let server: TestServer
let database: TestDatabase
let pool: pg.Pool
let storage: ReturnType<typeof postgresStorage>

beforeAll(async () => {
  server = await startTestServer()
  database = await server.createDatabase()
  pool = new pg.Pool({ connectionString: database.url })
  storage = postgresStorage({ connectionString: database.url })
  await pool.query('create table users (id text primary key)')
})

afterAll(async () => {
  await storage.close()
  await pool.end()
  await database.drop()
  await server.stop()
})

test("an entry written through the app's client commits with the app's own row, and is gone with its rollback", async () => {
  for (const [end, contactId, keys] of [
    ['commit', 'c1', ['o1']],
    ['rollback', 'c2', []],
  ] as const) {
    const client = await pool.connect()
    await client.query('begin')
    await client.query('insert into users values ($1)', [contactId])
    await storage.append([entry('o1', contactId)], { tx: client })
    expect(await waitingKeys(storage, contactId)).toEqual([])
    await client.query(end)
    client.release()
    expect(await waitingKeys(storage, contactId)).toEqual(keys)
  }
  expect((await pool.query('select id from users')).rows).toEqual([{ id: 'c1' }])
})

test("Kysely's transaction is accepted: commit and rollback take the entry along", async () => {
  const kysely = new Kysely<{ users: { id: string } }>({ dialect: new PostgresDialect({ pool }) })
  await kysely.transaction().execute(async (tx) => {
    await tx.insertInto('users').values({ id: 'u3' }).execute()
    await storage.append([entry('kept', 'c3')], { tx })
  })
  const failing = kysely.transaction().execute(async (tx) => {
    await storage.append([entry('lost', 'c3')], { tx })
    throw new Error('the app changed its mind')
  })
  await expect(failing).rejects.toThrow('the app changed its mind')
  expect(await waitingKeys(storage, 'c3')).toEqual(['kept'])
})

test('what is no open transaction is refused: an idle client, a pool', async () => {
  const client = await pool.connect()
  await expect(storage.append([entry('o1', 'c4')], { tx: client })).rejects.toMatchObject({
    code: 'storage.transaction_foreign',
    message: expect.stringContaining('no transaction is open'),
  })
  client.release()
  // @ts-expect-error a pool has no transaction
  await expect(storage.append([entry('o1', 'c4')], { tx: pool })).rejects.toMatchObject({ code: 'storage.transaction_foreign' })
  expect(await waitingKeys(storage, 'c4')).toEqual([])
})

test('a transaction on a database without our tables is refused with a sentence', async () => {
  const elsewhere = new pg.Client({ connectionString: database.url.replace(/\/[^/]*$/, '/postgres') })
  await elsewhere.connect()
  await elsewhere.query('begin')
  await expect(storage.append([entry('o1', 'c5')], { tx: elsewhere })).rejects.toMatchObject({
    code: 'storage.transaction_foreign',
    message: expect.stringContaining('has no Tobiishi tables'),
  })
  await elsewhere.query('rollback')
  await elsewhere.end()
})
