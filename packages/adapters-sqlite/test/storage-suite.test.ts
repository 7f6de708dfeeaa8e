import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { storageSuite } from '@tobiishi/conformance'
import BetterSqlite3 from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { sqliteStorage } from '../src/index.ts'

const create = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tobiishi-sqlite-'))
  const database = new BetterSqlite3(join(folder, 'mail.db'))
  const storage = sqliteStorage({ database })
  const others: { close(): Promise<void> }[] = []
  return {
    storage,
    second: async () => {
      const other = sqliteStorage({ database: database.name })
      others.push(other)
      return other
    },
    hostTransaction: async <T>(work: (tx: unknown) => Promise<T>): Promise<T> => {
      database.exec('begin immediate')
      try {
        const result = await work(database)
        database.exec('commit')
        return result
      } catch (error) {
        database.exec('rollback')
        throw error
      }
    },
    close: async () => {
      for (const one of [storage, ...others]) await one.close()
      database.close()
      await rm(folder, { recursive: true })
    },
  }
}

storageSuite({ describe, it, expect, create })
