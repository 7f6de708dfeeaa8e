import type { Storage } from '@tobiishi/core/ports'
import type { Suite, World } from './capability.ts'

/** States a case about two connections to the same rows; skipped where there is no second. */
export const onTwo =
  (test: Suite['test']) =>
  (name: string, body: (world: World, second: Storage<unknown>) => Promise<void>): void =>
    test(name, async (world) => {
      if (world.under.second === undefined) return world.skip('no second connection to the same rows was given')
      await body(world, await world.under.second())
    })
