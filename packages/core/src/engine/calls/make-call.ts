import { TobiishiError } from '../../errors/index.ts'
import type { ClaimedCall } from '../../ports/storage/index.ts'
import { reasonOf } from '../advance/batch.ts'
import type { Runtime } from '../runtime.ts'
import type { Handler } from '../tobiishi.ts'

export type CallOutcome =
  | { readonly isDone: true }
  /** `kind` is for the log: what was thrown, without its sentence, which may hold anything. `reason` is stored with the call. */
  | { readonly isDone: false; readonly kind: string; readonly reason: string }

const longestReason = 500

const failure = (error: unknown): CallOutcome => {
  const kind = TobiishiError.is(error) ? error.code : error instanceof Error ? error.name : typeof error
  return { isDone: false, kind, reason: reasonOf(error).slice(0, longestReason) }
}

/**
 * Runs the app's function once, with a signal that aborts at the step's time-out. One that goes on after that is not waited
 * for: its call counts as failed. Never rejects.
 */
export const makeCall = async ({ clock }: Runtime, call: ClaimedCall, handler: Handler): Promise<CallOutcome> => {
  const { idemKey, contactId, scenario, stepId, payload, attempt, timeout } = call
  const overtime = new AbortController()
  const ended = new AbortController()
  const work = async (): Promise<CallOutcome> => {
    await handler({ idemKey, contactId, scenario, step: stepId, payload, attempt, signal: overtime.signal })
    return { isDone: true }
  }
  const limit = async (): Promise<CallOutcome> => {
    await clock.sleepUntil(clock.now() + timeout, ended.signal)
    const reason = `The handler did not end within ${timeout} ms.`
    if (!ended.signal.aborted) overtime.abort(new DOMException(reason, 'TimeoutError'))
    return { isDone: false, kind: 'TimeoutError', reason }
  }
  try {
    return await Promise.race([work(), limit()])
  } catch (error) {
    return failure(error)
  } finally {
    ended.abort()
  }
}
