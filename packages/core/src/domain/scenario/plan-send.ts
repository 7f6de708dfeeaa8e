import type { Instant, Milliseconds } from '../time/instant.ts'
import { nextSendable } from '../time/next-sendable.ts'
import type { Enrolment } from './enrolment.ts'
import type { SendStep } from './scenario-definition.ts'
import type { World } from './transition-contract.ts'

/** When one mail goes out. */
export interface SendPlan {
  /** The next wait counts from it, even if the mail goes out later or not at all. */
  readonly plannedAt: Instant
  /** May be past where the worker is late and the mail may go out now, so that the oldest goes first. */
  readonly runAt: Instant
  /** `sendWithin` after a worker in time would have let it go; of mail that is sent although it is late, after `runAt`. */
  readonly expiresAt: Instant
  /** It cannot go out within `sendWithin` of its time: the step's policy decides. */
  readonly isLate: boolean
  /** Why it passes window, quiet hours and the gap to the mail before; null: it does not. */
  readonly urgent: string | null
}

/** Two mails stay as far apart as they were planned, up to `minGap`, however late the first one went out (design §5). Mail left out between them does not count. */
const earliestAfterLast = ({ lastSendAt, anchorAt, memory }: Enrolment, plannedAt: Instant, minGap: Milliseconds): Instant =>
  lastSendAt === null ? plannedAt : lastSendAt + Math.min(minGap, Math.max(0, plannedAt - (memory.queuedFor ?? anchorAt)))

/**
 * Plans one mail for the first instant from `dueAt` on that lies in the scenario's window and, for marketing, outside of the
 * quiet hours, and not too close to the mail before. Only transactional mail is urgent: it is planned for `dueAt` itself.
 */
export const planSend = (step: SendStep, enrolment: Enrolment, dueAt: Instant, { definition, facts, now }: World): SendPlan => {
  const isMarketing = facts.purposeOf(step.template) === 'marketing'
  const urgent = isMarketing ? null : step.urgent
  const rules = {
    window: definition.window,
    quietHours: isMarketing ? facts.quietHours : null,
    zone: facts.timeZone,
    isHoliday: (date: string) => facts.isHoliday(date),
  }
  const sendable = (at: Instant) => (urgent === null ? nextSendable(at, rules) : at)

  const plannedAt = sendable(dueAt)
  const lateFrom = plannedAt + step.sendWithin
  // A window that is closed by now makes it late by its next opening; the gap to the mail before does not.
  const isLate = now >= lateFrom || (now > plannedAt && sendable(now) >= lateFrom)
  const gapEnd = urgent === null ? earliestAfterLast(enrolment, plannedAt, definition.minGap) : plannedAt
  const earliest = sendable(Math.max(plannedAt, gapEnd))
  const canBePast = !isLate && sendable(now) === now
  const runAt = earliest >= now || canBePast ? earliest : sendable(now)
  const expiresAt = (isLate ? runAt : earliest) + step.sendWithin
  return { plannedAt, runAt, expiresAt, isLate, urgent }
}
