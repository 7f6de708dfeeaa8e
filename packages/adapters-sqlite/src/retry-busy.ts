import { setTimeout as sleep } from 'node:timers/promises'
import { TobiishiError } from '@tobiishi/core'
import type { Milliseconds } from '@tobiishi/core/ports'
import { isBusy, storageError } from './storage-error.ts'

const firstDelay = 1
const longestDelay = 50

/**
 * Runs `attempt` until it meets no lock. Between attempts the event loop runs, because what holds the lock is often a
 * transaction of the same process. Gives up with `storage.busy` after `patience`.
 */
export const retryBusy = async <T>(attempt: () => T, patience: Milliseconds): Promise<T> => {
  const startedAt = performance.now()
  for (let delay = firstDelay; ; delay = Math.min(delay * 2, longestDelay)) {
    try {
      return attempt()
    } catch (error) {
      if (!isBusy(error)) throw storageErrorOf(error)
      if (performance.now() - startedAt + delay > patience) throw busyError(error, patience)
    }
    await sleep(delay * (0.5 + Math.random()))
  }
}

/** Errors of the work itself pass as they are; only SQLite's are translated. */
const storageErrorOf = (error: unknown): unknown =>
  error instanceof Error && error.name === 'SqliteError' ? storageError(error) : error

const busyError = (cause: unknown, patience: Milliseconds): TobiishiError =>
  new TobiishiError(
    'storage.busy',
    `Another connection has held the SQLite database for ${patience} ms. If it is your own open transaction, pass it as \`tx\`.`,
    { cause, isRetryable: true },
  )
