import { storageSuite } from '@tobiishi/conformance'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { postgresStorage } from '../src/index.ts'
import { startTestServer, type TestServer } from './server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})

afterAll(() => server.stop())

const create = async () => {
  const database = await server.createDatabase()
  const pool = new pg.Pool({ connectionString: database.url })
  const storages = [postgresStorage({ pool })]
  const open = () => {
    const storage = postgresStorage({ connectionString: database.url })
    storages.push(storage)
    return storage
  }
  return {
    storage: open(),
    second: async () => open(),
    hostTransaction: async <T>(work: (tx: unknown) => Promise<T>): Promise<T> => {
      const client = await pool.connect()
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
    close: async () => {
      for (const storage of storages) await storage.close()
      await pool.end()
      await database.drop()
    },
  }
}

describe('PostgreSQL', () => storageSuite({ describe, it, expect, create }))
