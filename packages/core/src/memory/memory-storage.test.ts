import { storageSuite } from '@tobiishi/conformance'
import { describe, expect, it } from 'vitest'
import { memoryStorage } from './memory-storage.ts'

describe('storage in memory', () => {
  storageSuite({
    describe,
    it,
    expect,
    create: async () => {
      const storage = memoryStorage()
      return { storage, close: () => storage.close(), second: async () => storage }
    },
    numRuns: 100,
  })
})
