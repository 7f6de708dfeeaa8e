import { setTimeout as sleep } from 'node:timers/promises'
import { TobiishiError } from '@tobiishi/core'
import type { PgPool, PgPoolClient } from './pg-pool.ts'
import { Sent } from './run-request.ts'
import { isRetryable, storageError } from './storage-error.ts'

const attempts = 10
const longestPause = 500

/** `write` sees what is committed at each statement; `read` has one snapshot and takes no locks. */
const beginnings = {
  write: 'begin isolation level read committed',
  read: 'begin isolation level repeatable read read only',
} as const

/**
 * Runs `work` in one transaction on one connection of the pool, again from the start where it met another one: up to ten
 * times, then `storage.busy`. A commit whose answer is lost is not repeated: the error says so by being a connection error.
 */
export const transact = async <T>(
  pool: PgPool,
  mode: keyof typeof beginnings,
  work: (client: PgPoolClient, sent?: Sent) => Promise<T>,
): Promise<T> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await transactOnce(pool, beginnings[mode], work)
    } catch (error) {
      if (!isRetryable(error)) throw storageError(error)
      if (attempt === attempts) throw busyError()
    }
    await sleep(Math.random() * Math.min(longestPause, 5 * 2 ** attempt))
  }
}

const transactOnce = async <T>(
  pool: PgPool,
  begin: string,
  work: (client: PgPoolClient, sent?: Sent) => Promise<T>,
): Promise<T> => {
  const client = await pool.connect()
  let broken: Error | undefined
  // A connection that breaks between two queries says so by an event; unheard, it would end the process.
  const noteBreak = (error: Error): void => {
    broken = error
  }
  client.on('error', noteBreak)
  try {
    if (client.pipeline) return await pipelined(client, begin, work)
    await client.query({ text: begin })
    const result = await work(client)
    await client.query({ text: 'commit' })
    return result
  } catch (error) {
    await client.query({ text: 'rollback' }).catch(noteBreak)
    throw error
  } finally {
    client.off('error', noteBreak)
    client.release(broken)
  }
}

/**
 * The same with fewer round trips: BEGIN goes out with the first query, COMMIT with the last one whose answer nobody needed.
 * After a failed query PostgreSQL answers COMMIT by rolling back, and settling says which query it was.
 */
const pipelined = async <T>(
  client: PgPoolClient,
  begin: string,
  work: (client: PgPoolClient, sent?: Sent) => Promise<T>,
): Promise<T> => {
  const sent = new Sent()
  sent.add(client.query({ text: begin }))
  try {
    const result = await work(client, sent)
    sent.add(client.query({ text: 'commit' }))
    await sent.settle()
    return result
  } catch (error) {
    await sent.settle()
    throw error
  }
}

const busyError = (): TobiishiError =>
  new TobiishiError('storage.busy', `The transaction met others ${attempts} times and gave up. Try again.`, { isRetryable: true })
