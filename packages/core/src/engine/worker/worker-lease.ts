import { type Milliseconds, second } from '../../domain/time/instant.ts'
import { reasonOf } from '../advance/batch.ts'
import type { Runtime } from '../runtime.ts'

/** How long a worker that stopped without a word keeps the others waiting. */
export const leaseLength: Milliseconds = 30 * second

const holdLease = async ({ storage, clock }: Runtime, owner: string): Promise<boolean> => {
  const now = clock.now()
  return await storage.transaction((tx) => tx.schema.leaseWorker({ owner, now, until: now + leaseLength }))
}

/** Renews the lease until `signal` aborts; calls `lost` when another worker has it. A renewal that fails is tried again. */
const keepLease = async (runtime: Runtime, owner: string, signal: AbortSignal, lost: () => void): Promise<void> => {
  while (!signal.aborted) {
    await runtime.clock.sleepUntil(runtime.clock.now() + leaseLength / 3, signal)
    if (signal.aborted) return
    const isHeld = await holdLease(runtime, owner).catch((error) => {
      runtime.logger.warn('lease.notRenewed', { reason: reasonOf(error) })
      return true
    })
    if (!isHeld) return lost()
  }
}

/**
 * Works while holding the lease of the one worker that some storages allow, and lets it go at the end; answers null, without
 * having worked, where another has it. `work` gets a signal that also aborts when the lease is lost. Where any number of
 * workers may run there is no lease.
 */
export const underLease = async <T>(
  runtime: Runtime,
  { owner, signal }: { readonly owner: string; readonly signal: AbortSignal },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | null> => {
  if (!runtime.storage.traits.singleWorker) return await work(signal)
  if (!(await holdLease(runtime, owner))) return null
  const lease = new AbortController()
  const own = AbortSignal.any([signal, lease.signal])
  const keeping = keepLease(runtime, owner, own, () => lease.abort())
  try {
    return await work(own)
  } finally {
    lease.abort()
    await keeping
    await runtime.storage
      .transaction((tx) => tx.schema.releaseWorker(owner))
      .catch((error) => runtime.logger.warn('lease.notReleased', { reason: reasonOf(error) }))
  }
}
