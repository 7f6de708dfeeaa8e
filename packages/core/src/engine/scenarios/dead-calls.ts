import { TobiishiError } from '../../errors/index.ts'
import type { InboxWork } from '../inbox/take-in.ts'
import type { Runtime } from '../runtime.ts'
import { checkLimit } from '../settings/check-arguments.ts'
import type { Tobiishi } from '../tobiishi.ts'

/** Calls to the app that were given up, and how one is tried again. Rejects with `call.unknown`. */
export const createDeadCalls = (
  { storage, clock, waker }: Runtime,
  work: Pick<InboxWork, 'ready'>,
): Pick<Tobiishi['scenarios'], 'deadCalls' | 'retryCall'> => ({
  deadCalls: async ({ limit = 100 } = {}) => {
    const most = checkLimit('scenarios.deadCalls', limit)
    await work.ready()
    return await storage.read((reader) => reader.calls.dead({ limit: most }))
  },
  retryCall: async (idemKey) => {
    await work.ready()
    const now = clock.now()
    const isRevived = await storage.transaction((tx) => tx.calls.revive(idemKey, now))
    if (!isRevived)
      throw new TobiishiError(
        'call.unknown',
        'No call with this key was given up: it has succeeded, still waits, or never was.',
        {
          details: { idemKey },
        },
      )
    waker.hint()
  },
})
