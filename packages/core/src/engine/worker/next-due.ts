import type { Instant } from '../../domain/time/instant.ts'
import type { Runtime } from '../runtime.ts'

/** When something is due next; `now` for what is due already, null if nothing waits. */
export const nextDueAt = ({ storage, clock }: Runtime): Promise<Instant | null> =>
  storage.transaction((tx) => tx.schema.nextDueAt(clock.now()))
