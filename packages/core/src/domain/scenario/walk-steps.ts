import type { Instant } from '../time/instant.ts'
import { waitEnd } from '../time/wait-end.ts'
import { completeEnrolment, exitEnrolment, failEnrolment } from './end-enrolment.ts'
import type { Effect, Enrolment, WakeSpec } from './enrolment.ts'
import { planSend } from './plan-send.ts'
import type { BranchStep, ScenarioStep, SendStep, WaitStep } from './scenario-definition.ts'
import type { Need, Transition, World } from './transition-contract.ts'

/** Where a walk is. */
interface Walk {
  readonly enrolment: Enrolment
  /** What the next step counts from: end of the wait before it, planned time of the send before it, or the entry. */
  readonly dueAt: Instant
  /**
   * Nothing has been sent or waited for yet: the first mail is planned for now. An entry that waited longer than `maxEventAge`
   * (a paused scenario) is planned for its own time instead, so that `late` decides.
   */
  readonly isFresh: boolean
  readonly effects: readonly Effect[]
}

type Progress =
  | { readonly kind: 'on'; readonly walk: Walk }
  | { readonly kind: 'stop'; readonly walk: Walk }
  | { readonly kind: 'needs'; readonly needs: readonly Need[] }

/** More steps in one run are a loop without a wait (design §5). */
const maxSteps = 100

const stop = (walk: Walk, enrolment: Enrolment): Progress => ({ kind: 'stop', walk: { ...walk, enrolment } })

const takeSend = (step: SendStep, walk: Walk, world: World): Progress => {
  const isFresh = walk.isFresh && world.now - walk.dueAt <= world.definition.maxEventAge
  const dueAt = isFresh ? Math.max(walk.dueAt, world.now) : walk.dueAt
  const planned = planSend(step, walk.enrolment, dueAt, world)
  if (planned.kind === 'exit') {
    const enrolment = exitEnrolment(walk.enrolment, 'late', world.now)
    return { kind: 'stop', walk: { ...walk, enrolment, effects: [...walk.effects, { kind: 'dropQueued' }] } }
  }
  const { enrolment, effect } = planned
  return { kind: 'on', walk: { enrolment, dueAt: enrolment.anchorAt, isFresh: false, effects: [...walk.effects, effect] } }
}

/** A wait is worked out anew at every wake, so that a contact who moved to another zone is served by the new one. */
const takeWait = (step: WaitStep, walk: Walk, { facts, now }: World): Progress => {
  const { enrolment } = walk
  const anchorAt = enrolment.wakeSpec?.anchorAt ?? walk.dueAt
  const wakeAt = waitEnd(anchorAt, step.wait, facts.timeZone)
  const wakeSpec: WakeSpec = { wait: step.wait, anchorAt, from: step.from, arrivedAt: anchorAt, endsAt: wakeAt }
  if (wakeAt > now) {
    const isSame = enrolment.wakeSpec !== null && enrolment.wakeAt === wakeAt
    return stop(walk, isSame ? enrolment : { ...enrolment, wakeSpec, wakeAt })
  }
  const after: Enrolment = { ...enrolment, stepSeq: enrolment.stepSeq + 1, stepId: step.next, wakeSpec: null, wakeAt: null }
  return { kind: 'on', walk: { ...walk, enrolment: after, dueAt: wakeAt, isFresh: false } }
}

const takeBranch = (step: BranchStep, walk: Walk, { facts }: World): Progress => {
  if (step.on.kind === 'mail') throw new Error('not yet')
  const { segment } = step.on
  const isMember = facts.matches(segment)
  if (isMember === undefined) return { kind: 'needs', needs: [{ kind: 'segment', segment }] }
  const { enrolment } = walk
  const after: Enrolment = { ...enrolment, stepSeq: enrolment.stepSeq + 1, stepId: isMember ? step.yes : step.no }
  return { kind: 'on', walk: { ...walk, enrolment: after } }
}

const takeStep = (step: ScenarioStep, walk: Walk, world: World): Progress => {
  switch (step.kind) {
    case 'send':
      return takeSend(step, walk, world)
    case 'wait':
      return takeWait(step, walk, world)
    case 'branch':
      return takeBranch(step, walk, world)
    case 'end':
      return {
        kind: 'on',
        walk: { ...walk, enrolment: { ...walk.enrolment, stepSeq: walk.enrolment.stepSeq + 1, stepId: null } },
      }
    default:
      throw new Error(`step ${step.kind} cannot be walked yet`)
  }
}

/** Completes once the last mail may go out: until then an exit event still drops it. */
const endOfSteps = (enrolment: Enrolment, now: Instant): Enrolment => {
  const { lastSendAt, wakeAt } = enrolment
  if (lastSendAt === null || lastSendAt <= now) return completeEnrolment(enrolment, now)
  return wakeAt === lastSendAt ? enrolment : { ...enrolment, wakeAt: lastSendAt }
}

/**
 * Runs an active enrolment from the step it stands at as far as `now` allows. A run of more than 100 steps, or to a step that
 * the definition lacks, fails the enrolment: nothing of that run is queued.
 */
export const walkSteps = (start: Enrolment, world: World): Transition => {
  const fail = (reason: string): Transition => ({
    kind: 'done',
    enrolment: failEnrolment(start, reason, world.now),
    effects: [{ kind: 'dropQueued' }],
  })
  const isFresh = start.stepSeq === 0 && start.wakeSpec === null
  let walk: Walk = { enrolment: start, dueAt: start.anchorAt, isFresh, effects: [] }
  for (let taken = 0; ; taken += 1) {
    const { stepId } = walk.enrolment
    if (stepId === null) return { kind: 'done', enrolment: endOfSteps(walk.enrolment, world.now), effects: walk.effects }
    if (taken === maxSteps) return fail('step-limit')
    const step = world.definition.steps[stepId]
    if (step === undefined) return fail('unknown-step')
    const progress = takeStep(step, walk, world)
    if (progress.kind === 'needs') return progress
    if (progress.kind === 'stop') return { kind: 'done', enrolment: progress.walk.enrolment, effects: progress.walk.effects }
    walk = progress.walk
  }
}
