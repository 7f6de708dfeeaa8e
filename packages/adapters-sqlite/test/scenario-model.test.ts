import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { modelRuns, scenarioModelSuite } from '@tobiishi/conformance'
import { describe, expect, it } from 'vitest'
import { sqliteStorage } from '../src/index.ts'

const create = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tobiishi-sqlite-'))
  const open = () => sqliteStorage({ database: join(folder, 'mail.db') })
  const [storage, second] = [open(), open()]
  return {
    storage,
    second: async () => second,
    close: async () => {
      await storage.close()
      await second.close()
      await rm(folder, { recursive: true })
    },
  }
}

describe('scenarios on SQLite', () => scenarioModelSuite({ describe, it, expect, create, ...modelRuns(process.env, 40) }))
