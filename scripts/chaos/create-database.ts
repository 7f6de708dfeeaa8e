import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTestServer } from '../../packages/adapters-postgres/test/server.ts'
import type { Place } from './open-storage.ts'

export interface ChaosDatabase {
  readonly place: Place
  remove(): Promise<void>
}

export const createDatabase: { readonly [kind in Place['kind']]: () => Promise<ChaosDatabase> } = {
  sqlite: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tobiishi-chaos-'))
    return {
      place: { kind: 'sqlite', address: join(folder, 'mail.db') },
      remove: () => rm(folder, { recursive: true, force: true }),
    }
  },
  postgres: async () => {
    const server = await startTestServer()
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
