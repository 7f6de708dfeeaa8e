import { type Milliseconds, second } from '../../domain/time/instant.ts'
import { TobiishiError } from '../../errors/index.ts'
import type { ClaimedCall } from '../../ports/storage/index.ts'
import { reasonOf } from '../advance/batch.ts'
import type { Runtime } from '../runtime.ts'
import type { Handler } from '../tobiishi.ts'

interface Failure {
  readonly isDone: false
  /** For the log: what was thrown, without its sentence, which may hold anything. */
  readonly kind: string
  /** Stored with the call. */
  readonly reason: string
  /** Interrupted because the process ends, not because of anything that the handler did. */
  readonly isStopped?: boolean
}
export type CallOutcome = { readonly isDone: true } | Failure

const longestReason = 500
/** How long a process that is told to stop waits for a handler; then it is interrupted, and the call is made again elsewhere. */
const stopGrace: Milliseconds = 30 * second

const failureOf = (error: unknown): CallOutcome => ({
  isDone: false,
  kind: kindOf(error),
  // A cut may leave half a surrogate pair, which databases cannot store.
  reason: reasonOf(error).slice(0, longestReason).toWellFormed(),
})

/** What a handler throws is the app's: even looking at it may throw. */
const kindOf = (error: unknown): string => {
  try {
    return TobiishiError.is(error) ? error.code : error instanceof Error ? String(error.name) : typeof error
  } catch {
    return 'unknown'
  }
}

/**
 * Runs the app's function once, with a signal that aborts at the step's time-out, or 30 s after `stop` aborted. One that goes on
 * after that is not waited for: its call counts as failed, or as interrupted. Never rejects.
 */
export const makeCall = async (
  { clock }: Runtime,
  call: ClaimedCall,
  { handler, stop }: { readonly handler: Handler; readonly stop: AbortSignal },
): Promise<CallOutcome> => {
  const { idemKey, contactId, scenario, stepId, payload, attempt, timeout } = call
  const interrupted = new AbortController()
  const ended = new AbortController()
  const interruption: { failure: Failure | null } = { failure: null }
  const interrupt = async (after: Milliseconds, failure: Failure): Promise<void> => {
    await clock.sleepUntil(clock.now() + after, ended.signal)
    if (ended.signal.aborted) return
    interruption.failure = failure
    interrupted.abort(new DOMException(failure.reason, failure.kind))
  }
  const work = async (): Promise<void> => {
    await handler({ idemKey, contactId, scenario, step: stepId, payload, attempt: attempt + 1, signal: interrupted.signal })
  }
  const stopped = async (): Promise<void> => {
    await aborted(stop, ended.signal)
    await interrupt(stopGrace, { isDone: false, kind: 'AbortError', reason: 'The worker was stopped.', isStopped: true })
  }
  const overrun = interrupt(timeout, {
    isDone: false,
    kind: 'TimeoutError',
    reason: `The handler did not end within ${timeout} ms.`,
  })
  try {
    await Promise.race([work(), overrun, stopped()])
    return interruption.failure ?? { isDone: true }
  } catch (error) {
    return interruption.failure ?? failureOf(error)
  } finally {
    ended.abort()
  }
}

/** Resolves when one of the signals aborts, and leaves no listener behind. */
const aborted = (one: AbortSignal, other: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = () => {
      for (const signal of [one, other]) signal.removeEventListener('abort', end)
      resolve()
    }
    for (const signal of [one, other]) signal.addEventListener('abort', end)
    if (one.aborted || other.aborted) end()
  })
