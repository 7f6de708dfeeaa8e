import fc from 'fast-check'
import type { StorageUnderTest } from '../storage/storage-under-test.ts'
import type { TestRunner } from '../test-runner.ts'
import { Violation } from './checks/violation.ts'
import { type Life, lives, tellLife } from './life.ts'
import { ModelRun } from './model-run.ts'
import { commonPaths, rarePaths } from './rare-paths.ts'
import { Sometimes } from './sometimes.ts'
import { World } from './world/world.ts'

/** Which random lives are played. */
export interface ModelRuns {
  readonly runs: number
  readonly seed: number
  /** Only this one, as a failing test told it. */
  readonly path?: string
}

export interface ScenarioModelSuiteOptions extends TestRunner, ModelRuns {
  /** Makes a fresh, empty database for each life. */
  readonly create: () => Promise<StorageUnderTest>
}

/** Of lives that are the same each time; 200 of them come to every rare path, others need more. */
const usualSeed = 2
const enough = { usual: 200, others: 1_000 }
/** Even long ones, on slow storages. */
const timeALife = 4_000
/** To make a failing life short. */
const timeToShrink = 60_000

const play = async (
  create: ScenarioModelSuiteOptions['create'],
  { setup, commands }: Life,
  sometimes: Sometimes,
): Promise<void> => {
  const { storage, second, close } = await create()
  try {
    await storage.migrate()
    const world = await World.open([storage, (await second?.()) ?? storage], setup)
    const run = await ModelRun.begin(world, sometimes)
    for (const command of commands) await run.command(command)
    await run.finish()
  } finally {
    await close()
  }
}

/** Those that so many lives have to come to. */
const pathsOf = ({ runs, seed }: ModelRuns): readonly string[] => {
  const isEnough = runs >= (seed === usualSeed ? enough.usual : enough.others)
  return isEnough ? [...commonPaths, ...rarePaths] : runs >= 15 ? commonPaths : []
}

/** Throws what failed first, made short, with how to see it again. */
const mustNotFail = ({ counterexample, errorInstance, seed, counterexamplePath }: fc.RunDetails<[Life]>): void => {
  const [life] = counterexample ?? []
  if (life === undefined) return
  const again = `TOBIISHI_MODEL_SEED=${seed} TOBIISHI_MODEL_PATH=${counterexamplePath}`
  const reason = errorInstance instanceof Error && !(errorInstance instanceof Violation) ? errorInstance.stack : errorInstance
  throw new Error(`${reason}\n\n${tellLife(life)}\n\nAgain: ${again}`)
}

/**
 * Scenarios under random commands, on the storage under test: contacts are identified, merged and erased, events come twice and out
 * of order, versions are published, paused and stopped, workers fail and come back. Beside the app goes a reference, a second and
 * simpler reading of the rules; wherever a worker has come to rest the two are compared, and the invariants are asked by name
 * (`checks/invariants.ts`). Fails with the shortest life that it finds, and with rare paths that no life came to.
 *
 * @example
 * ```ts
 * scenarioModelSuite({ describe, it, expect, create, ...modelRuns(process.env, 200) })
 * ```
 */
export const scenarioModelSuite = ({ it, expect, create, runs, seed, path }: ScenarioModelSuiteOptions): void => {
  const time = runs * timeALife
  it(
    'random lives are as the reference has them',
    async () => {
      const sometimes = new Sometimes()
      const property = fc.asyncProperty(lives, (life) => play(create, life, sometimes))
      const parameters = { numRuns: runs, seed, interruptAfterTimeLimit: time + timeToShrink, markInterruptAsFailure: true }
      const details = await fc.check(property, path === undefined ? parameters : { ...parameters, path, endOnFailure: true })
      mustNotFail(details)
      if (details.interrupted) throw new Error(`${details.numRuns} of ${runs} lives took ${time + timeToShrink} ms.`)
      if (path === undefined) expect(sometimes.missing(pathsOf({ runs, seed })), sometimes.told()).toEqual([])
    },
    time + 2 * timeToShrink,
  )
}

/**
 * What the environment asks for: `TOBIISHI_MODEL_RUNS` lives, each time others; `TOBIISHI_MODEL_SEED` and `TOBIISHI_MODEL_PATH`
 * again what a failing run has told. Default: `runs` lives, always the same ones.
 */
export const modelRuns = (environment: { readonly [name: string]: string | undefined }, runs: number): ModelRuns => {
  const { TOBIISHI_MODEL_RUNS: asked, TOBIISHI_MODEL_SEED: seed, TOBIISHI_MODEL_PATH: path } = environment
  const ofItsOwn = asked === undefined ? usualSeed : Date.now() % 0x7f_ff_ff_ff
  return {
    runs: Number(asked ?? runs),
    seed: seed === undefined ? ofItsOwn : Number(seed),
    ...(path === undefined ? {} : { path }),
  }
}
