import { vi } from 'vitest'
import { minute } from '../../src/domain/time/instant.ts'
import type { Runtime } from '../../src/engine/runtime.ts'
import type { Storage, StorageTransaction } from '../../src/ports/storage/index.ts'
import type { OutgoingMail, Transport, TransportResult } from '../../src/ports/transport.ts'
import type { World } from './delivery-world.ts'

/** Interrupts a process at its n-th chance: before and after each transaction, within it at each request, and in each call. */
export interface Fate {
  /** Awaited at every chance outside of transactions. */
  readonly chance: () => Promise<void>
  /** Asked at every request within a transaction: true kills the process there, and what it wrote is taken back. */
  readonly strikes: () => boolean
  /** Grows while the process gets on. */
  readonly steps: () => number
}

const never = new Promise<never>(() => {})

export const alive = (): Fate => ({ chance: () => Promise.resolve(), strikes: () => false, steps: () => 0 })

/** Dies at the n-th chance: nothing it awaits ever comes back. */
export const deathAt = (nth: number): Fate & { readonly died: () => boolean } => {
  let count = 0
  const died = () => count >= nth
  const strikes = () => {
    count += 1
    return died()
  }
  return { chance: () => (strikes() ? never : Promise.resolve()), strikes, steps: () => count, died }
}

/** Stands still at the n-th chance between transactions, as a process under SIGSTOP does, until told to go on; others wait with it. */
export const stallAt = (nth: number) => {
  let count = 0
  let isOpen = false
  const gate = Promise.withResolvers<void>()
  const reached = Promise.withResolvers<void>()
  const chance = (): Promise<void> => {
    count += 1
    if (count === nth) reached.resolve()
    return count >= nth && !isOpen ? gate.promise : Promise.resolve()
  }
  const resume = () => {
    isOpen = true
    gate.resolve()
  }
  return { chance, strikes: () => false, steps: () => count, stalled: reached.promise, resume }
}

class PowerCut extends Error {}

/** The work of a transaction, which ends in the middle where the fate strikes. */
function* mortal<T>(work: Generator<unknown, T>, fate: Fate): Generator<unknown, T> {
  let next = work.next()
  while (!next.done) {
    if (fate.strikes()) throw new PowerCut()
    next = work.next(yield next.value)
  }
  return next.value
}

/** What the other side was given, and what it said, whoever of ours was still alive to hear it. */
export type Receive = (mail: OutgoingMail) => TransportResult

/** A process on the rows of a world, under a fate. */
export const underFate = (world: World, receive: Receive, fate: Fate): Runtime => {
  const transaction: Storage<unknown>['transaction'] = async (work) => {
    await fate.chance()
    const result = await world.storage
      .transaction((tx: StorageTransaction) => mortal(work(tx), fate))
      .catch((error) => {
        if (error instanceof PowerCut) return never
        throw error
      })
    await fate.chance()
    return result
  }
  const transport: Transport = {
    name: 'other-side',
    concurrency: 2,
    maxCallMs: minute,
    send: async (mail) => {
      const result = receive(mail)
      await fate.chance()
      return result
    },
    verify: async () => {},
    close: async () => {},
  }
  return { ...world.runtime, storage: { ...world.storage, transaction }, transport }
}

/** Pauses of the delivery loop are shorter. */
const longestPause = 20

/**
 * Resolves when a process that was interrupted has gone on as far as it can: several turns of the event loop, with every timer
 * run off, in which it did not get on. Needs `vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })`.
 */
export const settled = async ({ steps }: Fate): Promise<void> => {
  let quiet = 0
  for (let seen = -1; quiet < 5; seen = steps()) {
    vi.advanceTimersByTime(longestPause)
    await new Promise((resolve) => setImmediate(resolve))
    quiet = steps() === seen ? quiet + 1 : 0
  }
}

/** Awaits work of a healthy process, running off the timers that it sets. */
export const runOff = async <T>(work: Promise<T>): Promise<T> => {
  let isDone = false
  const done = work.finally(() => {
    isDone = true
  })
  while (!isDone) {
    vi.advanceTimersByTime(longestPause)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return await done
}
