import { TobiishiError } from '../../errors/index.ts'
import type { Advance } from '../advance/advance.ts'
import { HandlerCalls } from '../calls/handler-calls.ts'
import type { Runtime } from '../runtime.ts'
import type { TickReport } from '../tobiishi.ts'
import { nextDueAt } from './next-due.ts'
import { type PassReport, pass } from './pass.ts'
import { leaseLength, underLease } from './worker-lease.ts'

export interface TickOptions {
  readonly limit?: number
  readonly signal?: AbortSignal
}

const nothing: PassReport = { advanced: 0, sent: 0, failed: 0, skipped: 0, retried: 0, unknown: 0 }

/**
 * One pass and its report. Where the storage allows one worker and another is at work, or died a moment ago, nothing is done
 * and `nextDueAt` lies a little ahead: what is due is due for the other one, and its lease may be over by then.
 */
export const tick = async (runtime: Runtime, advance: Advance, options: TickOptions): Promise<TickReport> => {
  const limit = options.limit ?? Number.POSITIVE_INFINITY
  if (typeof limit !== 'number' || !(limit >= 0) || limit % 1 > 0)
    throw new TobiishiError('config.invalid', 'The limit of tick must be a whole number of mails, 0 or above.')
  const signal = options.signal ?? new AbortController().signal
  const lease = { owner: `${runtime.owner}:tick:${runtime.randomId()}`, signal }
  const report = await underLease(runtime, lease, (own) => onePass(runtime, advance, { limit, signal: own }))
  const dueAt = await nextDueAt(runtime)
  if (report !== null) return { ...report, nextDueAt: dueAt }
  return { ...nothing, nextDueAt: dueAt === null ? null : Math.max(dueAt, runtime.clock.now() + leaseLength / 10) }
}

/** A pass that waits for the calls that it started, and for those that they make way for. */
const onePass = async (
  runtime: Runtime,
  advance: Advance,
  { limit, signal }: { readonly limit: number; readonly signal: AbortSignal },
): Promise<PassReport> => {
  const calls = new HandlerCalls(runtime, signal)
  try {
    const report = await pass(runtime, advance, { limit, signal, calls })
    await calls.idle()
    return report.calls === undefined ? report : { ...report, calls: report.calls + calls.takeEnded() }
  } finally {
    await calls.idle()
  }
}
