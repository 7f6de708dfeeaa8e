import type { Instant } from '../../domain/time/instant.ts'
import type { CapUse, ClaimedMail, FinishRequest, InboxEntry } from '../../ports/storage/index.ts'
import type { Runtime } from '../runtime.ts'
import { finishOf, retryOf } from './finish-of.ts'
import { openingFor } from './send-windows.ts'

/** A claimed mail that may go out now. */
export interface AllowedMail extends ClaimedMail {
  /** Places in frequency caps that the mark reserves. Absent: it falls under none. */
  readonly places?: readonly CapUse[]
  /** From then on it may not go out on this decision: its window closes, quiet hours begin, or another bucket of a cap. Absent: not while it is claimed. */
  readonly closesAt?: Instant
}

/** How a mail that is not handed over now leaves its claim, and what its enrolment is told where that took effect. */
export interface Ending {
  readonly finish: FinishRequest
  readonly notice?: InboxEntry
}

export const hasClosed = ({ closesAt }: AllowedMail, now: Instant): boolean => closesAt !== undefined && closesAt <= now

/** Keeps a mail until its opening, which is not an attempt; or ends it where that comes too late. */
export const heldUntil = (mail: ClaimedMail, opensAt: Instant): FinishRequest =>
  opensAt < mail.queue.expiresAt
    ? { ...retryOf(mail, opensAt, null), isHeld: true }
    : finishOf(mail, 'skipped', { reason: 'expired' })

/** Gives back a mail that has closed since it was decided. What the calendar cannot tell the next claim asks again. */
export const giveBackClosed = (runtime: Runtime, mail: ClaimedMail, now: Instant): FinishRequest => {
  try {
    return heldUntil(mail, openingFor(runtime, mail, now))
  } catch {
    return heldUntil(mail, now)
  }
}
