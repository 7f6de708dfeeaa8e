import type { Enrolment } from '../enrolment.ts'
import { remember } from '../memory.ts'
import type { TransitionInput, World } from '../transition-contract.ts'
import { takenBehind } from '../walk.ts'

/** The call that the enrolment stays for has succeeded or was given up: it goes on from now. Other results change nothing. */
export const takeResult = (
  enrolment: Enrolment,
  { stepSeq, ok }: Extract<TransitionInput, { kind: 'result' }>,
  { definition, now }: World,
): Enrolment => {
  const step = enrolment.stepId === null ? undefined : definition.steps[enrolment.stepId]
  const isAwaited = step?.kind === 'call' && enrolment.wakeSpec !== null && enrolment.stepSeq === stepSeq
  if (!isAwaited) return enrolment
  const arrivedAt = enrolment.wakeSpec?.arrivedAt ?? now
  const at = Math.max(now, arrivedAt)
  const taken = takenBehind(enrolment.memory.taken ?? 0, at - arrivedAt)
  const after: Enrolment = { ...enrolment, stepId: ok ? step.next : step.failed, wakeSpec: null, wakeAt: now }
  return remember(after, { due: { at, reachedAt: at, isFresh: false, taken }, taken: undefined })
}
