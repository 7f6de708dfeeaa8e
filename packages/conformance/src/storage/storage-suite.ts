import type { TestRunner } from '../test-runner.ts'
import { type Capability, createSuite } from './capability.ts'
import { contactCases } from './contacts.ts'
import type { StorageUnderTest } from './storage-under-test.ts'

export interface StorageSuiteOptions extends TestRunner {
  /** Makes a fresh, empty database for each test. */
  readonly create: () => Promise<StorageUnderTest>
  /** How often each property is tried. Default 25. */
  readonly numRuns?: number
}

const capabilities: Readonly<Record<string, Capability>> = {
  contacts: contactCases,
}

/**
 * Every case that a storage must pass, the race rules in words. A storage that passes can carry the whole product; nothing
 * here knows whose storage it is: differences are asked of `storage.traits`.
 *
 * @example
 * ```ts
 * import { describe, expect, it } from 'vitest'
 * storageSuite({ describe, it, expect, create: async () => {
 *   const storage = memoryStorage()
 *   return { storage, close: () => storage.close() }
 * } })
 * ```
 */
export const storageSuite = ({ create, numRuns = 25, ...runner }: StorageSuiteOptions): void => {
  const suite = createSuite(runner, { create, numRuns })
  for (const [name, capability] of Object.entries(capabilities)) runner.describe(name, () => capability(suite))
}
