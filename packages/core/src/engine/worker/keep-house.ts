import { bucketsOverAt } from '../../domain/time/cap-bucket.ts'
import { hour, type Instant } from '../../domain/time/instant.ts'
import type { Runtime } from '../runtime.ts'

/** How often a process looks for what nobody needs any more. */
const interval = hour
const batch = 500
/** So much at a time; where more is left it goes on in the next pass. */
const mostBatches = 10

const keptAt = new WeakMap<Runtime, Instant>()

/**
 * Deletes counters of frequency caps whose day, week or month is over, each hour, in small transactions. Nothing depends on it but
 * the size of the table.
 */
export const keepHouse = async (runtime: Runtime, signal: AbortSignal): Promise<void> => {
  const { clock, settings } = runtime
  const now = clock.now()
  const last = keptAt.get(runtime)
  if (settings.caps.length === 0 || (last !== undefined && now - last < interval)) return
  for (const before of Object.values(bucketsOverAt(now))) {
    if (!(await purge(runtime, before, signal))) return
  }
  keptAt.set(runtime, now)
}

/** Whether nothing is left. */
const purge = async ({ storage }: Runtime, before: string, signal: AbortSignal): Promise<boolean> => {
  for (let run = 0; run < mostBatches && !signal.aborted; run += 1) {
    const purged = await storage.transaction((tx) => tx.queue.purgeCaps({ before, limit: batch }))
    if (purged < batch) return true
  }
  return false
}
