import { engineSuite } from '@tobiishi/conformance'
import { describe, expect, it } from 'vitest'
import { memoryStorage } from '../../src/memory/index.ts'

const create = async () => {
  const storage = memoryStorage()
  return { storage, close: () => storage.close(), second: async () => storage }
}

describe('the engine on memory', () => engineSuite({ describe, it, expect, create }))
