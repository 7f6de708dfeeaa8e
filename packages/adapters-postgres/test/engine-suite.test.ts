import { engineSuite } from '@tobiishi/conformance'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { postgresStorage } from '../src/index.ts'
import { startTestServer, type TestDatabase, type TestServer } from './server.ts'

let server: TestServer
let database: TestDatabase
let pools: { readonly first: pg.Pool; readonly second: pg.Pool; readonly host: pg.Pool }
let count = 0
/** The tables of every test are thousands of files. */
const timeToRemove = 240_000

beforeAll(async () => {
  server = await startTestServer()
  database = await server.createDatabase()
  const open = () => new pg.Pool({ connectionString: database.url })
  pools = { first: open(), second: open(), host: open() }
})

afterAll(async () => {
  for (const pool of Object.values(pools)) await pool.end()
  await database.drop()
  await server.stop()
}, timeToRemove)

const create = async () => {
  const schema = `engine-${++count}`
  const storage = postgresStorage({ pool: pools.first, schema })
  return {
    storage,
    second: async () => postgresStorage({ pool: pools.second, schema }),
    hostTransaction: async <T>(work: (tx: unknown) => Promise<T>): Promise<T> => {
      const client = await pools.host.connect()
      try {
        await client.query('begin')
        const result = await work(client)
        await client.query('commit')
        return result
      } catch (error) {
        await client.query('rollback')
        throw error
      } finally {
        client.release()
      }
    },
    close: () => storage.close(),
  }
}

describe('the engine on PostgreSQL', () => engineSuite({ describe, it, expect, create }))
