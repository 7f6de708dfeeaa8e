import type { StorageUnderTest } from '../storage/storage-under-test.ts'
import type { TestRunner } from '../test-runner.ts'
import { branchingCases } from './branching.ts'
import { broadcastCases } from './broadcasts.ts'
import { consentCases } from './consent.ts'
import { crashCases } from './crashes.ts'
import { createEngineSuite, type EngineTheme } from './engine-world.ts'
import { enrollingCases } from './enrolling.ts'
import { enteringCases } from './entering.ts'
import { leavingCases } from './leaving.ts'
import { outageCases } from './outages.ts'
import { outcomeCases } from './outcomes.ts'
import { scenarioThemes } from './scenarios/scenario-themes.ts'
import { startingCases } from './starting.ts'
import { waitingCases } from './waiting.ts'
import { workerCases } from './workers.ts'

export interface EngineSuiteOptions extends TestRunner {
  /** Makes a fresh, empty database for each test. */
  readonly create: () => Promise<StorageUnderTest>
}

const themes: Readonly<Record<string, EngineTheme>> = {
  starting: startingCases,
  entering: enteringCases,
  waiting: waitingCases,
  branching: branchingCases,
  leaving: leavingCases,
  'late workers': outageCases,
  enrolling: enrollingCases,
  broadcasts: broadcastCases,
  'what the other side says': outcomeCases,
  consent: consentCases,
  'dying processes': crashCases,
  workers: workerCases,
  ...scenarioThemes,
}

/**
 * What an app sees of Tobiishi, on the storage under test: scenarios, broadcasts, consent, bounces, outages and crashes, with a
 * virtual clock and an outbox. A storage that passes `storageSuite` passes this too; where it does not, `storageSuite` lacks a case.
 *
 * @example
 * ```ts
 * import { describe, expect, it } from 'vitest'
 * engineSuite({ describe, it, expect, create: async () => {
 *   const storage = memoryStorage()
 *   return { storage, close: () => storage.close() }
 * } })
 * ```
 */
export const engineSuite = ({ create, ...runner }: EngineSuiteOptions): void => {
  const suite = createEngineSuite(runner, create)
  for (const [name, theme] of Object.entries(themes)) runner.describe(name, () => theme(suite))
}
