import { modelRuns, scenarioModelSuite } from '@tobiishi/conformance'
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
  const open = () => postgresStorage({ connectionString: database.url })
  const [storage, second] = [open(), open()]
  return {
    storage,
    second: async () => second,
    close: async () => {
      await storage.close()
      await second.close()
      await database.drop()
    },
  }
}

describe('scenarios on PostgreSQL', () => scenarioModelSuite({ describe, it, expect, create, ...modelRuns(process.env, 15) }))
