import { withMail } from '../dated-mail.ts'
import type { Effect, Enrolment } from '../enrolment.ts'
import { fixValues } from '../fix-values.ts'
import { remember } from '../memory.ts'
import { planSend, type SendPlan } from '../plan-send.ts'
import type { SendStep } from '../scenario-definition.ts'
import type { World } from '../transition-contract.ts'
import { exitHere, leave, type Progress, type Walk } from '../walk.ts'

type SkipReason = Extract<Effect, { kind: 'skip' }>['reason']

/** The reason why a mail is left out; null: it goes out. */
const skipReason = (step: SendStep, { memory }: Enrolment, plan: SendPlan): SkipReason | null => {
  if (memory.holdout !== undefined) return 'holdout'
  if (memory.skipping !== undefined) return memory.skipping
  if (memory.skipBefore !== undefined && plan.plannedAt < memory.skipBefore) return 'paused'
  return plan.isLate && step.late !== 'send' ? 'late' : null
}

/** A mail right after an event is planned for now, however late the event came, unless it was due in a pause that is left out. */
const dueAtOf = ({ enrolment, dueAt, isFresh }: Walk, { definition, now }: World): number => {
  const { skipping, skipBefore } = enrolment.memory
  const isStale = now - dueAt > definition.maxEventAge || skipping !== undefined || dueAt < (skipBefore ?? dueAt)
  return isFresh && !isStale ? Math.max(dueAt, now) : dueAt
}

const queued = (enrolment: Enrolment, stepSeq: number, step: SendStep, { runAt }: SendPlan, { now }: World): Enrolment => ({
  ...remember(enrolment, { lastSendSeq: stepSeq, queuedFor: undefined, dated: withMail(enrolment, step) }),
  lastSendAt: Math.max(runAt, now, enrolment.lastSendAt ?? runAt),
})

/** The planned time of mail that is left out may lie before that of the mail that was queued last. */
const leftOut = (enrolment: Enrolment): Enrolment =>
  enrolment.lastSendAt === null ? enrolment : remember(enrolment, { queuedFor: enrolment.memory.queuedFor ?? enrolment.anchorAt })

/** Plans the mail, or writes down why it is left out. A mail that went out before a migration is not sent again. */
export const takeSend = (step: SendStep, walk: Walk, world: World): Progress => {
  const { enrolment } = walk
  if (enrolment.memory.sentBefore?.includes(step.id) === true) return leave(walk, step.next)
  const plan = planSend(step, enrolment, dueAtOf(walk, world), world)
  const reason = skipReason(step, enrolment, plan)
  if (reason === 'late' && step.late === 'exit') return exitHere(walk, 'late', world)

  const { plannedAt, runAt, expiresAt, urgent } = plan
  const stepSeq = enrolment.stepSeq + 1
  const props = fixValues(step.props, { event: enrolment.event })
  const mail = { stepId: step.id, stepSeq, template: step.template, props, plannedAt }
  const effect: Effect =
    reason === null ? { kind: 'queue', ...mail, runAt, expiresAt, urgent } : { kind: 'skip', ...mail, reason }
  const after = reason === null ? queued(enrolment, stepSeq, step, plan, world) : leftOut(enrolment)
  const reachedAt = Math.max(walk.reachedAt, plannedAt)
  return leave({ ...walk, enrolment: { ...after, anchorAt: plannedAt } }, step.next, {
    effect,
    dueAt: plannedAt,
    reachedAt,
    isFresh: false,
  })
}
