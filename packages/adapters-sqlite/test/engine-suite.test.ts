import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { engineSuite } from '@tobiishi/conformance'
import { describe, expect, it } from 'vitest'
import { sqliteStorage } from '../src/index.ts'

const create = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tobiishi-sqlite-'))
  const open = () => sqliteStorage({ database: join(folder, 'mail.db') })
  const storage = open()
  const others: ReturnType<typeof open>[] = []
  return {
    storage,
    second: async () => {
      const other = open()
      others.push(other)
      return other
    },
    close: async () => {
      for (const one of [storage, ...others]) await one.close()
      await rm(folder, { recursive: true })
    },
  }
}

describe('the engine on SQLite', () => engineSuite({ describe, it, expect, create }))
