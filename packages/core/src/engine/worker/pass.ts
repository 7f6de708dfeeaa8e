import type { Advance } from '../advance/advance.ts'
import { expandBroadcasts } from '../broadcasts/expand-broadcasts.ts'
import { deliverDue } from '../deliver/deliver-due.ts'
import { reapExpired } from '../deliver/reap-expired.ts'
import type { Runtime } from '../runtime.ts'
import type { TickReport } from '../tobiishi.ts'

export interface PassOptions {
  /** Most mails to hand over, and about as many contacts to advance: neither keeps the other waiting for long. */
  readonly limit: number
  readonly signal: AbortSignal
}

export type PassReport = Omit<TickReport, 'nextDueAt'>

/**
 * Once round: calls that nobody ended become `unknown`, the inbox and due enrolments are worked in, broadcasts become messages,
 * and what is due is sent. After an abort it ends with what is under way.
 */
export const pass = async (runtime: Runtime, advance: Advance, { limit, signal }: PassOptions): Promise<PassReport> => {
  const reaped = await reapExpired(runtime)
  const { advanced } = await advance.run({ signal, limit })
  const expanded = await expandBroadcasts(runtime, { signal })
  const delivered = await deliverDue(runtime, { limit, signal })
  return { ...delivered, advanced: advanced + expanded, unknown: delivered.unknown + reaped }
}

/** Whether a pass did anything, so that another may find more. */
export const isIdle = ({ advanced, sent, failed, skipped, retried, unknown }: PassReport): boolean =>
  advanced + sent + failed + skipped + retried + unknown === 0
