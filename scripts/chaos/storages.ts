import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { postgresStorage } from '@tobiishi/adapters-postgres'
import { sqliteStorage } from '@tobiishi/adapters-sqlite'
import type { Storage } from '@tobiishi/core/ports'
import { startTestServer } from '../../packages/adapters-postgres/test/server.ts'

/** Where a run's rows are, as every process is told. */
export interface Place {
  readonly kind: 'sqlite' | 'postgres'
  /** A file or a connection string. */
  readonly address: string
}

export interface ChaosDatabase {
  readonly place: Place
  remove(): Promise<void>
}

export const openStorage = ({ kind, address }: Place): Storage =>
  kind === 'sqlite' ? sqliteStorage({ database: address }) : (postgresStorage({ connectionString: address }) as Storage<never>)

export const createDatabase: { readonly [kind in Place['kind']]: () => Promise<ChaosDatabase> } = {
  sqlite: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tobiishi-chaos-'))
    return {
      place: { kind: 'sqlite', address: join(folder, 'mail.db') },
      remove: () => rm(folder, { recursive: true, force: true }),
    }
  },
  postgres: async () => {
    const server = await startTestServer({ durable: true })
    const database = await server.createDatabase()
    return {
      place: { kind: 'postgres', address: database.url },
      remove: async () => {
        await database.drop()
        await server.stop()
      },
    }
  },
}
