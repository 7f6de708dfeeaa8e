import type { Effect } from '../enrolment.ts'
import { fixValues } from '../fix-values.ts'
import type { CallStep } from '../scenario-definition.ts'
import type { World } from '../transition-contract.ts'
import { leave, type Progress, type Walk, waitHere } from '../walk.ts'

/** Asks for the call, and stays for its result where the step says so. */
export const takeCall = (step: CallStep, walk: Walk, { facts }: World): Progress => {
  const { enrolment } = walk
  if (enrolment.wakeSpec !== null) return waitHere(walk, enrolment.wakeSpec)
  const { handler, timeout, attempts, waits } = step
  const payload = fixValues(step.payload, { event: enrolment.event, contact: facts.attributes })
  const call = { stepId: step.id, stepSeq: enrolment.stepSeq + 1, handler, payload, timeout, attempts, waits }
  const effect: Effect = { kind: 'call', ...call }
  const after = leave(walk, waits ? step.id : step.next, { effect })
  if (!waits || after.kind !== 'on') return after
  const wait = { kind: 'elapsed', ms: 0 } as const
  const { reachedAt } = walk
  return waitHere(after.walk, { wait, anchorAt: null, from: { kind: 'previous' }, arrivedAt: reachedAt, endsAt: null })
}
