import type { TypesOf } from '@tobiishi/core'
import type { Storage } from '@tobiishi/core/ports'
import { createTestTobiishi, type TestOptions, type TestTobiishi } from '@tobiishi/core/testing'
import type { StorageUnderTest } from '../storage/storage-under-test.ts'
import type { Expect, TestRunner } from '../test-runner.ts'
import { model, news, onboarding, receipt } from './shop.ts'

/** The app on the storage under test, with its virtual clock and outbox. */
export type Kit = TestTobiishi<TypesOf<typeof model>, unknown>
export type StartOptions = Partial<Omit<TestOptions<typeof model, unknown>, 'model'>>

/** One test's own database, and the apps that come and go on it. */
export interface EngineWorld {
  readonly storage: Storage<unknown>
  /** Another connection to the same rows where the storage has one; else the same. */
  second(): Promise<Storage<unknown>>
  /**
   * Starts a process of the app: on the first day at ten in Tokyo, with `onboarding`, unless told otherwise. Started again with a
   * later `now`, it is the app after an outage: nobody worked in between.
   */
  start(options?: StartOptions): Promise<Kit>
  /** A transaction of the app's own, where the storage shares them. */
  hostTransaction?: StorageUnderTest['hostTransaction']
  /** Ends the test as skipped, for a storage that excludes it. */
  skip(reason: string): void
}

/** What a theme is given: a way to state cases, each on a database of its own. */
export interface EngineSuite {
  readonly expect: Expect
  test(name: string, body: (world: EngineWorld) => Promise<void>, options?: { readonly isMigrated?: boolean }): void
}

/** One file, one theme: states its cases. */
export type EngineTheme = (suite: EngineSuite) => void

/** A Monday, 10:00 in Tokyo. */
export const firstDay = '2026-01-05T01:00:00Z'

const timeout = 60_000

export const createEngineSuite = ({ it, expect }: TestRunner, create: () => Promise<StorageUnderTest>): EngineSuite => ({
  expect,
  test: (name, body, { isMigrated = true } = {}) =>
    it(
      name,
      async (context) => {
        const under = await create()
        const { storage } = under
        try {
          if (isMigrated) await storage.migrate()
          await body({
            storage,
            second: async () => (await under.second?.()) ?? storage,
            start: (options) =>
              createTestTobiishi({
                model,
                scenarios: [onboarding],
                templates: [news, receipt],
                now: firstDay,
                storage,
                ...options,
              }),
            ...(under.hostTransaction === undefined ? {} : { hostTransaction: under.hostTransaction }),
            skip: (reason) => void context.skip(reason),
          })
        } finally {
          await under.close()
        }
      },
      timeout,
    ),
})
