import { reachableFrom } from '../check/graph.ts'
import type { Enrolment } from '../enrolment.ts'
import { remember } from '../memory.ts'
import type { ScenarioStep } from '../scenario-definition.ts'
import type { TransitionInput, World } from '../transition-contract.ts'

/** Where it goes on without waiting; undefined: what it waits for does not count from the mail, as a date does not. */
const behind = (step: ScenarioStep | undefined): string | null | undefined => {
  if (step?.kind === 'wait-for') return step.timeout.next
  return step?.kind === 'wait' && step.from.kind === 'previous' ? step.next : undefined
}

/**
 * A cap left the latest mail out: the wait for what would have followed it is not waited for, a `wait-for` goes by its time-out.
 * In a loop it is waited for all the same: it would go round at once for as long as the cap is full.
 */
export const takeCapped = (
  enrolment: Enrolment,
  { stepSeq }: Extract<TransitionInput, { kind: 'capped' }>,
  { definition, now }: World,
): Enrolment => {
  if (enrolment.memory.lastSendSeq !== stepSeq) return enrolment
  const told = remember(enrolment, { lastSendSeq: undefined })
  if (told.stepId === null) return { ...told, lastSendAt: Math.min(now, told.lastSendAt ?? now) }
  const next = behind(definition.steps[told.stepId])
  if (told.wakeSpec === null || next === undefined) return enrolment
  if (reachableFrom(definition, [next]).has(told.stepId)) return enrolment
  const after: Enrolment = { ...told, stepSeq: told.stepSeq + 1, stepId: next, wakeSpec: null, wakeAt: now }
  return remember(after, { due: { at: now, reachedAt: now, isFresh: false, taken: 0 } })
}
