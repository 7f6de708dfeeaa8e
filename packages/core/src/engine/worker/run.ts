import { type Milliseconds, minute, second } from '../../domain/time/instant.ts'
import { TobiishiError } from '../../errors/index.ts'
import type { Advance } from '../advance/advance.ts'
import { reasonOf } from '../advance/batch.ts'
import { HandlerCalls } from '../calls/handler-calls.ts'
import type { Runtime } from '../runtime.ts'
import { nextDueAt } from './next-due.ts'
import { isIdle, pass } from './pass.ts'
import { leaseLength, underLease } from './worker-lease.ts'

/** Mails a pass: small enough that new transactional mail does not wait behind a long broadcast. */
const mailsAPass = 500
/** Contacts a pass: a fraction of a second's work, and enough for several transactions at once. */
const contactsAPass = 3_000
const longestBackoff = minute
/** A worker that could do nothing for what is due (held, or left to another process) looks again after this, then less and less often. */
const stuckPause: Milliseconds = second
const longestStuckPause: Milliseconds = 8 * second

export interface Worker {
  readonly runtime: Runtime
  readonly advance: Advance
  readonly prepare: () => Promise<void>
}

/**
 * The worker loop: passes until nothing is due, then waits for the waker. Where the storage allows one worker, a second waits for
 * the lease. Errors of the infrastructure are logged and tried again with growing pauses; only what `prepare` refuses rejects.
 */
export const run = async (worker: Worker, signal: AbortSignal): Promise<void> => {
  const { runtime } = worker
  const { clock, waker, owner } = runtime
  await stubbornly(runtime, signal, worker.prepare, (error) => TobiishiError.is(error) && !error.isRetryable)
  while (!signal.aborted) {
    const done = await stubbornly(runtime, signal, () =>
      underLease(runtime, { owner, signal }, async (own) => {
        await work(worker, own)
        return true
      }),
    )
    if (done === null) await waker.wait(clock.now() + leaseLength / 3, signal)
  }
}

const work = async (worker: Worker, signal: AbortSignal) => {
  const calls = new HandlerCalls(worker.runtime, signal)
  try {
    await workWith(worker, calls, signal)
  } finally {
    await calls.idle()
  }
}

const workWith = async ({ runtime, advance }: Worker, calls: HandlerCalls, signal: AbortSignal) => {
  const { clock, waker } = runtime
  let pause = stuckPause
  while (!signal.aborted) {
    const isDone = await stubbornly(runtime, signal, async () =>
      isIdle(await pass(runtime, advance, { limit: mailsAPass, contacts: contactsAPass, signal, calls })),
    )
    if (!isDone) {
      pause = stuckPause
      continue
    }
    const due = await stubbornly(runtime, signal, () => nextDueAt(runtime))
    const isStuck = due !== null && due <= clock.now()
    await waker.wait(isStuck ? clock.now() + pause : due, signal)
    pause = isStuck ? Math.min(longestStuckPause, 2 * pause) : stuckPause
  }
}

/** Tries again, after growing pauses, until it works or the signal aborts (then null); errors that are `fatal` reject. */
const stubbornly = async <T>(
  { clock, logger }: Runtime,
  signal: AbortSignal,
  attempt: () => Promise<T>,
  fatal: (error: unknown) => boolean = () => false,
): Promise<T | null> => {
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      return await attempt()
    } catch (error) {
      if (fatal(error)) throw error
      logger.error('worker.failed', { reason: reasonOf(error), failures: failures + 1 })
      await clock.sleepUntil(clock.now() + Math.min(longestBackoff, second * 2 ** failures), signal)
    }
  }
  return null
}
