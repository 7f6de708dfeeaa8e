import type { Instant } from '../../time/instant.ts'
import type { Enrolment, WakeSpec } from '../enrolment.ts'
import { remember } from '../memory.ts'
import type { ScenarioDefinition } from '../scenario-definition.ts'
import type { TransitionInput } from '../transition-contract.ts'

const countedFrom = (wakeSpec: WakeSpec, before: Instant, plannedAt: Instant): WakeSpec => {
  const arrivedAt = wakeSpec.arrivedAt === before ? plannedAt : Math.max(wakeSpec.arrivedAt, plannedAt)
  return wakeSpec.from.kind === 'previous' ? { ...wakeSpec, anchorAt: plannedAt, arrivedAt } : { ...wakeSpec, arrivedAt }
}

/** The latest mail was moved, by a cap or because the contact is in another zone: what comes after it counts from there, unless it counts from something else. */
export const takeDeferred = (
  enrolment: Enrolment,
  { stepSeq, plannedAt }: Extract<TransitionInput, { kind: 'deferred' }>,
  { steps }: Pick<ScenarioDefinition, 'steps'>,
): Enrolment => {
  if (enrolment.memory.lastSendSeq !== stepSeq) return enrolment
  const { wakeSpec, stepId, anchorAt } = enrolment
  const kind = stepId === null ? null : steps[stepId]?.kind
  const isWaiting = wakeSpec !== null && (kind === 'wait' || kind === 'wait-for')
  return {
    ...remember(enrolment, { queuedFor: undefined }),
    anchorAt: plannedAt,
    lastSendAt: plannedAt,
    wakeSpec: isWaiting ? countedFrom(wakeSpec, anchorAt, plannedAt) : wakeSpec,
  }
}
