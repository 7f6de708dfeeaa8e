import type { Step, Storage, StorageReader, StorageTransaction } from '@tobiishi/core/ports'
import type { Expect, TestRunner } from '../test-runner.ts'
import type { StorageUnderTest } from './storage-under-test.ts'

/** One test's own storage. */
export interface World {
  readonly storage: Storage<unknown>
  readonly under: StorageUnderTest
  /** Runs one transaction. */
  run<T>(work: (tx: StorageTransaction) => Step<T>): Promise<T>
  read<T>(work: (reader: StorageReader) => Step<T>): Promise<T>
  /** Ends the test as skipped, for a storage whose traits exclude it. */
  skip(reason: string): void
}

/** What a capability file is given: a way to state cases, each on a storage of its own. */
export interface Suite {
  readonly expect: Expect
  /** How often a property is tried. */
  readonly numRuns: number
  /** Opens a fresh migrated storage, for properties that need many in one test. */
  open<T>(body: (world: Omit<World, 'skip'>) => Promise<T>): Promise<T>
  test(name: string, body: (world: World) => Promise<void>, timeout?: number): void
}

/** One file, one capability: states its cases. */
export type Capability = (suite: Suite) => void

export const createSuite = (
  { it, expect }: TestRunner,
  { create, numRuns }: { readonly create: () => Promise<StorageUnderTest>; readonly numRuns: number },
): Suite => {
  const open: Suite['open'] = async (body) => {
    const under = await create()
    try {
      const { storage } = under
      await storage.migrate()
      return await body({
        storage,
        under,
        run: (work) => storage.transaction(work),
        read: (work) => storage.read(work),
      })
    } finally {
      await under.close()
    }
  }
  return {
    expect,
    numRuns,
    open,
    test: (name, body, timeout) =>
      it(name, (context) => open((world) => body({ ...world, skip: (reason) => void context.skip(reason) })), timeout),
  }
}
