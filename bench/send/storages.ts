import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { postgresStorage } from '@tobiishi/adapters-postgres'
import { sqliteStorage } from '@tobiishi/adapters-sqlite'
import type { Storage } from '@tobiishi/core/ports'
import { startTestServer } from '../../packages/adapters-postgres/test/server.ts'

export interface BenchStorage {
  readonly storage: Storage<never>
  remove(): Promise<void>
}

/** Real ones on the real disk, every commit waiting for it. */
export const storages: { readonly [name in 'sqlite' | 'postgres']: () => Promise<BenchStorage> } = {
  sqlite: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tobiishi-bench-'))
    return {
      storage: sqliteStorage({ database: join(folder, 'mail.db') }),
      remove: () => rm(folder, { recursive: true, force: true }),
    }
  },
  postgres: async () => {
    const server = await startTestServer({ durable: true })
    const database = await server.createDatabase()
    return {
      storage: postgresStorage({ connectionString: database.url }),
      remove: async () => {
        await database.drop()
        await server.stop()
      },
    }
  },
}
