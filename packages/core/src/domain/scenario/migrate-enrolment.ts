import type { Instant } from '../time/instant.ts'
import { completeEnrolment, exitEnrolment } from './end-enrolment.ts'
import type { Enrolment } from './enrolment.ts'
import { isSame } from './is-same.ts'
import { remember } from './memory.ts'
import { placeInVersion, stepAfterMigration } from './place-in-version.ts'
import type { ScenarioDefinition } from './scenario-definition.ts'

/** What becomes of an enrolment when another version is published. */
export type Migration =
  /** Pinned: it finishes in its own version. */
  | { readonly outcome: 'stays'; readonly enrolment: Enrolment }
  /** `droppedSteps`: their queued mail and calls are dropped; what else is queued goes out. */
  | { readonly outcome: 'moves' | 'completes'; readonly enrolment: Enrolment; readonly droppedSteps: readonly string[] }
  /** All its queued mail and calls are dropped. */
  | { readonly outcome: 'exits'; readonly enrolment: Enrolment }
  /** It stands at a step that the new version lacks, without a successor. */
  | { readonly outcome: 'refused'; readonly step: string }

export interface MigrationContext {
  /** Version of the enrolment. */
  readonly from: ScenarioDefinition
  /** Its `inFlight` and `successors` decide. */
  readonly to: ScenarioDefinition
  /** Send steps of this enrolment whose mail went out or waits in the queue. */
  readonly sentSteps: readonly string[]
  /** Those of them whose mail waits in the queue. */
  readonly waitingSteps: readonly string[]
  readonly now: Instant
}

/** Whether two versions lead everyone the same way. */
const isSameWay = (from: ScenarioDefinition, to: ScenarioDefinition): boolean => {
  const wayOf = ({ version, inFlight, successors, ...way }: ScenarioDefinition) => way
  return isSame(wayOf(from), wayOf(to))
}

/** Sends and calls that the new version lacks, or has as something else. */
const lackedSteps = (from: ScenarioDefinition, to: ScenarioDefinition): readonly string[] =>
  Object.values(from.steps)
    .filter(({ kind, id }) => (kind === 'send' || kind === 'call') && to.steps[id]?.kind !== kind)
    .map(({ id }) => id)

const withSent = (enrolment: Enrolment, sentSteps: readonly string[]): Enrolment => {
  const sentBefore = [...new Set([...(enrolment.memory.sentBefore ?? []), ...sentSteps])].sort()
  return sentBefore.length === 0 ? enrolment : remember(enrolment, { sentBefore })
}

/** In another version, remembering the one that it entered. */
const inVersion = (enrolment: Enrolment, version: number): Enrolment =>
  remember({ ...enrolment, version }, { enteredVersion: enrolment.memory.enteredVersion ?? enrolment.version })

/** A holdout that ended at a step which is gone ends at its successor; without one it goes on to the end. */
const withHoldout = (enrolment: Enrolment, to: ScenarioDefinition): Enrolment => {
  const until = enrolment.memory.holdout?.until ?? null
  if (until === null || to.steps[until] !== undefined) return enrolment
  return remember(enrolment, { holdout: { until: stepAfterMigration(until, to) ?? null } })
}

/** A wait that is gone follows its date as its successor; mail of steps that are gone is dropped, and followed no more. */
const withDates = (enrolment: Enrolment, to: ScenarioDefinition): Enrolment => {
  const { dated, again } = enrolment.memory
  const stepOf = (step: string): string => stepAfterMigration(step, to) ?? step
  return remember(enrolment, {
    dated: dated && {
      ...dated,
      step: stepOf(dated.step),
      sends: dated.sends.filter((step) => to.steps[step]?.kind === 'send'),
    },
    again: again && { ...again, step: stepOf(again.step), next: stepOf(again.next) },
  })
}

/**
 * Brings an active enrolment into another version, as its `inFlight` says. Steps are the same by id; one that is gone needs an
 * entry in `successors`. A mail that went out is never sent again. An identical definition changes the version only. The version
 * that it entered is remembered. The revision
 * stays, so that kept mail goes out; who stood at the end without any left completes; a moved enrolment is due at once, to look at what the new version waits for.
 */
export const migrateEnrolment = (
  enrolment: Enrolment,
  { from, to, sentSteps, waitingSteps, now }: MigrationContext,
): Migration => {
  if (enrolment.state !== 'active' || enrolment.version === to.version || to.inFlight === 'pin')
    return { outcome: 'stays', enrolment }
  if (to.inFlight === 'exit') return { outcome: 'exits', enrolment: exitEnrolment(enrolment, 'replaced', now) }
  if (isSameWay(from, to)) return { outcome: 'moves', enrolment: inVersion(enrolment, to.version), droppedSteps: [] }

  const { stepId } = enrolment
  const isUnstarted = enrolment.stepSeq === 0 && enrolment.wakeSpec === null
  const target = isUnstarted && stepId === from.first ? to.first : stepAfterMigration(stepId, to)
  if (target === undefined) return { outcome: 'refused', step: stepId ?? '' }
  const droppedSteps = lackedSteps(from, to)
  const moved = withDates(withHoldout(withSent(inVersion(enrolment, to.version), sentSteps), to), to)
  const isOver = stepId === null && waitingSteps.every((step) => droppedSteps.includes(step))
  if (target === null && (stepId !== null || isOver))
    return { outcome: 'completes', enrolment: completeEnrolment(moved, now), droppedSteps }
  return { outcome: 'moves', enrolment: placeInVersion(moved, target, { from, to, now }), droppedSteps }
}
