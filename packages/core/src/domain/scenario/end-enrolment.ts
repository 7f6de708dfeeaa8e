import type { Instant } from '../time/instant.ts'
import type { Enrolment } from './enrolment.ts'

const ended = (enrolment: Enrolment, state: Enrolment['state'], endReason: string | null, now: Instant): Enrolment => ({
  ...enrolment,
  state,
  stepId: null,
  wakeAt: null,
  wakeSpec: null,
  endedAt: now,
  endReason,
})

/** Came to the end of the graph. Queued mail still goes out. */
export const completeEnrolment = (enrolment: Enrolment, now: Instant): Enrolment => ended(enrolment, 'completed', null, now)

/** Its last mail was put off until `plannedAt` after it had completed: it is in the scenario until that goes out. */
export const reopenEnrolment = (enrolment: Enrolment, plannedAt: Instant): Enrolment => ({
  ...enrolment,
  state: 'active',
  wakeAt: plannedAt,
  endedAt: null,
  endReason: null,
})

/** Left before the end; the raised revision makes the mark look again at mail that is queued already. */
export const exitEnrolment = (enrolment: Enrolment, endReason: string, now: Instant): Enrolment => ({
  ...ended(enrolment, 'exited', endReason, now),
  rev: enrolment.rev + 1,
})

/** Cannot go on; queued mail is looked at again as after an exit. */
export const failEnrolment = (enrolment: Enrolment, endReason: string, now: Instant): Enrolment => ({
  ...ended(enrolment, 'failed', endReason, now),
  rev: enrolment.rev + 1,
})
