import type { Instant } from '../time/instant.ts'
import { completeEnrolment, failEnrolment } from './end-enrolment.ts'
import type { Enrolment } from './enrolment.ts'
import { endingSegments } from './level-conditions.ts'
import { remember } from './memory.ts'
import { distinctNeeds, stepNeeds } from './step-needs.ts'
import { takeStep } from './steps/take-step.ts'
import type { Need, Transition, World } from './transition-contract.ts'
import { type Progress, pauseHere, type Walk } from './walk.ts'

/** More steps without a wait of a minute are a loop (design §5). */
const maxSteps = 100

const startOf = (start: Enrolment): Walk => {
  const { wakeSpec, memory, anchorAt } = start
  const enrolment = remember(start, { due: undefined, taken: undefined })
  const walk = { enrolment, effects: [], isFresh: false, taken: memory.taken ?? 0 }
  if (memory.due !== undefined) {
    const { at: dueAt, reachedAt, isFresh, taken } = memory.due
    return { ...walk, dueAt, reachedAt, isFresh, taken }
  }
  if (wakeSpec === null) return { ...walk, dueAt: anchorAt, reachedAt: anchorAt, isFresh: start.stepSeq === 0 }
  // Waits stored by the first release know only what they count from.
  const arrivedAt = wakeSpec.arrivedAt ?? wakeSpec.anchorAt ?? anchorAt
  return { ...walk, dueAt: arrivedAt, reachedAt: arrivedAt }
}

/** The earliest of `at` and the instants at which time alone may change a segment that is watched. */
const wakeAtOf = (at: Instant | null, watched: readonly string[], { definition, facts, now }: World): Instant | null => {
  const changes = [...endingSegments(definition), ...watched].map((segment) => facts.changesAt(segment) ?? null)
  const instants = [at, ...changes.map((change) => (change === null ? null : Math.max(change, now + 1)))].filter(
    (one) => one !== null,
  )
  return instants.length === 0 ? null : Math.min(...instants)
}

/** Completes once the last mail may go out: until then an exit still drops it. */
const endOfSteps = (enrolment: Enrolment, world: World): Enrolment => {
  const { lastSendAt } = enrolment
  if (lastSendAt === null || lastSendAt <= world.now) return completeEnrolment(enrolment, world.now)
  return { ...enrolment, wakeAt: wakeAtOf(lastSendAt, [], world) }
}

/** The holdout of a split ends where the definition says. */
const outOfHoldout = (walk: Walk): Walk => {
  const { enrolment } = walk
  const { holdout } = enrolment.memory
  const isOver = holdout !== undefined && holdout.until !== null && holdout.until === enrolment.stepId
  return isOver ? { ...walk, enrolment: remember(enrolment, { holdout: undefined }) } : walk
}

/**
 * Runs an active enrolment from the step it stands at as far as `now` allows, 100 steps at most: then it goes on in the next run,
 * unless no minute passed between them. Such a loop, or a step that the definition lacks, fails the enrolment: nothing of that run
 * is queued. `asked` are needs that come along with its own.
 */
export const walkSteps = (start: Enrolment, world: World, asked: readonly Need[] = []): Transition => {
  const fail = (reason: string): Transition => ({
    kind: 'done',
    enrolment: failEnrolment(start, reason, world.now),
    effects: [{ kind: 'dropQueued' }],
  })
  let progress: Progress = { kind: 'on', walk: startOf(start) }
  for (let run = 0; progress.kind === 'on'; run += 1) {
    const walk = outOfHoldout(progress.walk)
    const { stepId } = walk.enrolment
    const step = stepId === null ? null : world.definition.steps[stepId]
    const needs = [...asked, ...(step == null ? [] : stepNeeds(step, world.facts))]
    if (needs.length > 0) return { kind: 'needs', needs: distinctNeeds(needs) }
    if (step === null) return { kind: 'done', enrolment: endOfSteps(walk.enrolment, world), effects: walk.effects }
    if (step === undefined) return fail('unknown-step')
    if (walk.taken >= maxSteps && walk.enrolment.wakeSpec === null) return fail('step-limit')
    progress = run < maxSteps ? takeStep(step, walk, world) : pauseHere(walk, world)
  }
  if (progress.kind === 'done') return progress
  const { walk, watched } = progress
  return {
    kind: 'done',
    enrolment: { ...walk.enrolment, wakeAt: wakeAtOf(progress.wakeAt, watched, world) },
    effects: walk.effects,
  }
}
