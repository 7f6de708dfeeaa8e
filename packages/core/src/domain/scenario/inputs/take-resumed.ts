import type { Instant, Milliseconds } from '../../time/instant.ts'
import type { Enrolment, WakeSpec } from '../enrolment.ts'
import { remember } from '../memory.ts'
import type { TransitionInput } from '../transition-contract.ts'

type Resumed = Extract<TransitionInput, { kind: 'resumed' }>

/** Dates and events stay where they are. */
const movedSpec = (wakeSpec: WakeSpec | null, by: Milliseconds): WakeSpec | null =>
  wakeSpec === null || wakeSpec.anchorAt === null || wakeSpec.from.kind !== 'previous'
    ? wakeSpec
    : { ...wakeSpec, anchorAt: wakeSpec.anchorAt + by }

/** What was still ahead when the pause began moves with it; who entered during the pause enters at its end. */
const shifted = (enrolment: Enrolment, pausedAt: Instant, by: Milliseconds): Enrolment => {
  const { memory, anchorAt, lastSendAt, stepSeq, wakeSpec } = enrolment
  const { due, queuedFor } = memory
  const isUnstarted = stepSeq === 0 && wakeSpec === null
  return {
    ...remember(enrolment, {
      due: due && { ...due, at: due.at + by, reachedAt: due.reachedAt + by },
      queuedFor: queuedFor !== undefined && queuedFor > pausedAt ? queuedFor + by : queuedFor,
    }),
    anchorAt: isUnstarted || anchorAt > pausedAt ? anchorAt + by : anchorAt,
    lastSendAt: lastSendAt !== null && lastSendAt > pausedAt ? lastSendAt + by : lastSendAt,
    wakeSpec: movedSpec(wakeSpec, by),
  }
}

/**
 * A pause is over. Each pause counts once, and only as far as the enrolment lived through it; one of no length changes nothing.
 * No step is taken, so that further pauses can be told first; what has moved is due at once, to be worked out anew.
 */
export const takeResumed = (enrolment: Enrolment, { missed, pausedAt, resumedAt }: Resumed, now: Instant): Enrolment => {
  const { memory, enteredAt } = enrolment
  const by = resumedAt - Math.max(pausedAt, enteredAt)
  if (by <= 0 || missed === 'continue') return enrolment
  if (missed === 'skip') return remember(enrolment, { skipBefore: Math.max(resumedAt, memory.skipBefore ?? resumedAt) })
  const { until, by: before } = memory.shift ?? { until: pausedAt, by: 0 }
  if (until >= resumedAt) return enrolment
  const moved = { ...shifted(enrolment, pausedAt, by), wakeAt: enrolment.wakeAt === null ? null : now }
  return remember(moved, { shift: { until: resumedAt, by: before + by } })
}
