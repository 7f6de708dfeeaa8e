import type { Json, JsonObject } from '../json.ts'
import { evaluateExpression } from '../reference/evaluate-expression.ts'
import type { Instant, Milliseconds } from '../time/instant.ts'
import { nextInWindow } from '../time/next-in-window.ts'
import type { Effect, Enrolment } from './enrolment.ts'
import type { SendStep } from './scenario-definition.ts'
import type { World } from './transition-contract.ts'

/** The props of a mail, fixed when its step runs. What the event lacks is left out. */
const fixProps = (step: SendStep, event: JsonObject): JsonObject => {
  const props: { [name: string]: Json } = {}
  for (const [name, expression] of Object.entries(step.props)) {
    const value = evaluateExpression(expression, { event })
    if (value !== undefined) props[name] = value
  }
  return props
}

/** Two mails stay as far apart as they were planned, up to `minGap`, however late the first one went out (design §5). */
const earliestAfterLast = (enrolment: Enrolment, plannedAt: Instant, minGap: Milliseconds): Instant =>
  enrolment.lastSendAt === null ? plannedAt : enrolment.lastSendAt + Math.min(minGap, Math.max(0, plannedAt - enrolment.anchorAt))

/** What a send step comes to. `exit`: its time has passed and the step says to leave the scenario then. */
export type PlannedSend =
  | { readonly kind: 'exit' }
  | { readonly kind: 'send'; readonly enrolment: Enrolment; readonly effect: Effect }

/**
 * Plans one mail. Planned time: `dueAt` moved into the window; the next wait counts from it even if the mail goes out later or
 * not at all. `runAt` lies in the window and not too close to the mail before; it may be past where the worker is late and the
 * window open, so that the oldest goes first. From `plannedAt + sendWithin` on it is late and the step's policy decides.
 */
export const planSend = (
  step: SendStep,
  enrolment: Enrolment,
  dueAt: Instant,
  { definition, facts, now }: World,
): PlannedSend => {
  const inWindow = (at: Instant) => nextInWindow(at, definition.window, facts.timeZone, (date) => facts.isHoliday(date))
  const plannedAt = inWindow(dueAt)
  const isLate = now >= plannedAt + step.sendWithin
  if (isLate && step.late === 'exit') return { kind: 'exit' }

  const mail = {
    stepId: step.id,
    stepSeq: enrolment.stepSeq + 1,
    template: step.template,
    props: fixProps(step, enrolment.event),
    plannedAt,
  }
  const after: Enrolment = { ...enrolment, stepSeq: mail.stepSeq, stepId: step.next, anchorAt: plannedAt }
  if (isLate && step.late === 'skip') return { kind: 'send', enrolment: after, effect: { kind: 'skip', ...mail, reason: 'late' } }

  const earliest = inWindow(Math.max(plannedAt, earliestAfterLast(enrolment, plannedAt, definition.minGap)))
  const canBePast = !isLate && inWindow(now) === now
  const runAt = earliest >= now || canBePast ? earliest : inWindow(now)
  const effect: Effect = { kind: 'queue', ...mail, runAt, expiresAt: runAt + step.sendWithin, urgent: step.urgent }
  return { kind: 'send', enrolment: { ...after, lastSendAt: Math.max(runAt, now) }, effect }
}
