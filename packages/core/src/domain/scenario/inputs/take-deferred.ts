import type { Enrolment, WakeSpec } from '../enrolment.ts'
import { remember } from '../memory.ts'
import type { TransitionInput, World } from '../transition-contract.ts'

const countedFrom = (wakeSpec: WakeSpec, plannedAt: number): WakeSpec => {
  const arrivedAt = Math.max(wakeSpec.arrivedAt, plannedAt)
  return wakeSpec.from.kind === 'previous' ? { ...wakeSpec, anchorAt: plannedAt, arrivedAt } : { ...wakeSpec, arrivedAt }
}

/** A cap moved the latest mail: what comes after it counts from there, unless it counts from something else. */
export const takeDeferred = (
  enrolment: Enrolment,
  { stepSeq, plannedAt }: Extract<TransitionInput, { kind: 'deferred' }>,
  { definition }: World,
): Enrolment => {
  if (enrolment.memory.lastSendSeq !== stepSeq) return enrolment
  const { wakeSpec, stepId } = enrolment
  const kind = stepId === null ? null : definition.steps[stepId]?.kind
  const isWaiting = wakeSpec !== null && (kind === 'wait' || kind === 'wait-for')
  return {
    ...remember(enrolment, { queuedFor: undefined }),
    anchorAt: plannedAt,
    lastSendAt: plannedAt,
    wakeSpec: isWaiting ? countedFrom(wakeSpec, plannedAt) : wakeSpec,
  }
}
