import type { Instant } from '../time/instant.ts'
import type { WaitSpec } from '../time/wait-spec.ts'
import type { Enrolment, WakeSpec } from './enrolment.ts'
import { remember } from './memory.ts'
import type { ScenarioDefinition, ScenarioStep } from './scenario-definition.ts'

/**
 * Where an enrolment at `stepId` goes on in another version: the same step if it is there, else its successor, or that one's.
 * Null: it completes. Undefined: nobody said.
 */
export const stepAfterMigration = (stepId: string | null, to: ScenarioDefinition): string | null | undefined => {
  let target: string | null | undefined = stepId
  for (let seen = 0; typeof target === 'string' && to.steps[target] === undefined; seen += 1) {
    const isCircle = seen > Object.keys(to.successors).length
    target = isCircle || !Object.hasOwn(to.successors, target) ? undefined : to.successors[target]
  }
  return target
}

/** How long the step waits, where that counts from the arrival or the mail before it. */
const ownWait = (step: ScenarioStep | undefined): WaitSpec | null => {
  if (step?.kind === 'wait-for') return step.timeout.wait
  return step?.kind === 'wait' && step.from.kind === 'previous' ? step.wait : null
}

/** What a wait in the new version counts from: what the old one did, or the arrival there if that was a date or an event. */
const recounted = (waiting: WakeSpec, wait: WaitSpec): WakeSpec => ({
  wait,
  anchorAt: waiting.from.kind === 'previous' ? waiting.anchorAt : waiting.arrivedAt,
  from: { kind: 'previous' },
  arrivedAt: waiting.arrivedAt,
  endsAt: null,
})

const isSameStop = (before: ScenarioStep | undefined, after: ScenarioStep | undefined): boolean => {
  if (before?.kind !== after?.kind) return false
  return before?.kind !== 'wait' || after?.kind !== 'wait' || before.from.kind === after.from.kind
}

/** The enrolment at that step of the new version; whoever waited goes on waiting from the same anchor, or goes on now. */
export const placeInVersion = (
  enrolment: Enrolment,
  target: string | null,
  { from, to, now }: { readonly from: ScenarioDefinition; readonly to: ScenarioDefinition; readonly now: Instant },
): Enrolment => {
  const { stepId, wakeSpec } = enrolment
  const placed: Enrolment = { ...enrolment, stepId: target, wakeAt: now }
  const before = stepId === null ? undefined : from.steps[stepId]
  const after = target === null ? undefined : to.steps[target]
  if (wakeSpec === null || (stepId === target && isSameStop(before, after))) return placed
  const wait = wakeSpec.anchorAt === null ? null : ownWait(after)
  if (wait !== null) return { ...placed, wakeSpec: recounted(wakeSpec, wait) }
  const due = { at: now, reachedAt: now, isFresh: false, taken: 0 }
  return remember({ ...placed, wakeSpec: null }, { due })
}
