import { modelRuns, scenarioModelSuite } from '@tobiishi/conformance'
import { describe, expect, it } from 'vitest'
import { memoryStorage } from '../../src/memory/index.ts'

const create = async () => {
  const storage = memoryStorage()
  return { storage, close: () => storage.close(), second: async () => storage }
}

describe('scenarios on memory', () => scenarioModelSuite({ describe, it, expect, create, ...modelRuns(process.env, 200) }))
