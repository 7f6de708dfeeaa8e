import type { Advance } from '../advance/advance.ts'
import { expandBroadcasts } from '../broadcasts/expand-broadcasts.ts'
import type { HandlerCalls } from '../calls/handler-calls.ts'
import { deliverDue } from '../deliver/deliver-due.ts'
import { reapExpired } from '../deliver/reap-expired.ts'
import type { Runtime } from '../runtime.ts'
import { workJobs } from '../scenarios/jobs/work-jobs.ts'
import type { TickReport } from '../tobiishi.ts'
import { keepHouse } from './keep-house.ts'

export interface PassOptions {
  /** Most mails to hand over. */
  readonly limit: number
  /** Most contacts to advance. Default `limit`. */
  readonly contacts?: number
  readonly signal: AbortSignal
  /** The calls to the app's handlers: started here, and not waited for. */
  readonly calls: HandlerCalls
}

export type PassReport = Omit<TickReport, 'nextDueAt'>

/**
 * Once round: mail whose hand-over nobody ended becomes `unknown`, jobs on scenarios go on by a few chunks, the inbox, watches and
 * due enrolments are worked in, broadcasts become messages, due calls to handlers start, and what is due is sent; each hour what nobody needs any more goes. After an abort
 * it ends with what is under way.
 */
export const pass = async (
  runtime: Runtime,
  advance: Advance,
  { limit, contacts = limit, signal, calls }: PassOptions,
): Promise<PassReport> => {
  const reaped = await reapExpired(runtime)
  const looked = await workJobs(runtime, { signal })
  const { advanced } = await advance.run({ signal, limit: contacts })
  const expanded = await expandBroadcasts(runtime, { signal })
  calls.poke()
  const delivered = await deliverDue(runtime, { limit, signal })
  await keepHouse(runtime, signal)
  const report = { ...delivered, advanced: looked + advanced + expanded, unknown: delivered.unknown + reaped }
  return runtime.handlers.size === 0 ? report : { ...report, calls: calls.takeEnded() }
}

/** Whether a pass did anything, so that another may find more. */
export const isIdle = ({ advanced, sent, failed, skipped, retried, unknown, calls = 0 }: PassReport): boolean =>
  advanced + sent + failed + skipped + retried + unknown + calls === 0
