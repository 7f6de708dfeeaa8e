import type { Instant } from '../../domain/time/instant.ts'
import { ownWork } from '../advance/own-work.ts'
import type { Runtime } from '../runtime.ts'

/** When something is due next that this process can take; `now` for what is due already, null if nothing waits. */
export const nextDueAt = (runtime: Runtime): Promise<Instant | null> => {
  const own = ownWork(runtime)
  return runtime.storage.transaction((tx) => tx.schema.nextDueAt(runtime.clock.now(), own))
}
