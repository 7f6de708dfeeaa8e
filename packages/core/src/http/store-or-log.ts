import type { Runtime } from '../engine/runtime.ts'
import { reasonOf } from './reason-of.ts'

type Logger = Runtime['logger']

/** A reader who clicks is not kept waiting for a database that hangs. */
const longestWaitMs = 3_000

/** Waits until it is stored. If that fails or takes more than 3 s it is logged, and the answer goes out all the same. */
export async function storeOrLog(work: Promise<unknown>, logger: Logger, what: 'opened' | 'clicked'): Promise<void> {
  const late = Promise.withResolvers<'late'>()
  const timer = setTimeout(() => late.resolve('late'), longestWaitMs)
  try {
    if ((await Promise.race([work, late.promise])) !== 'late') return
    logger.warn('tracking.delayed', { what })
    work.catch((error: unknown) => logFailure(logger, what, error))
  } catch (error) {
    logFailure(logger, what, error)
  } finally {
    clearTimeout(timer)
  }
}

const logFailure = (logger: Logger, what: string, error: unknown): void =>
  logger.error('tracking.lost', { what, reason: reasonOf(error) })
