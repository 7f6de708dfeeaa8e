import type { Instant } from '../../time/instant.ts'
import { waitEnd } from '../../time/wait-end.ts'
import { datedStill } from '../dated-mail.ts'
import type { Enrolment } from '../enrolment.ts'
import { remember } from '../memory.ts'
import type { WaitForStep } from '../scenario-definition.ts'
import type { World } from '../transition-contract.ts'
import { firstTrueArm, type TrueArm } from '../wait-for-arms.ts'
import { leaveWait, type Progress, type Walk, waitHere } from '../walk.ts'

/** An event leads on from here once. */
const hear = (enrolment: Enrolment, step: string, { event, since }: TrueArm): Enrolment => {
  if (event === null || since === null) return enrolment
  return remember(enrolment, { heard: { ...enrolment.memory.heard, [step]: { event, at: since } } })
}

const goBy = (step: WaitForStep, arm: TrueArm, walk: Walk, isWaiting: boolean, { now }: World): Progress => {
  const at = arm.since ?? (isWaiting ? now : walk.reachedAt)
  const after: Walk = { ...walk, enrolment: hear(datedStill(walk.enrolment, now), step.id, arm) }
  if (!isWaiting && at <= walk.reachedAt) return leaveWait(after, arm.next)
  const reachedAt = Math.max(walk.reachedAt, at)
  const changes = { dueAt: reachedAt, reachedAt, isFresh: arm.since !== null }
  return leaveWait(after, arm.next, arm.isAct && at > walk.reachedAt ? { ...changes, taken: 0 } : changes)
}

/** Goes on by the arm that came true first, by the time-out, or waits. A mail after an arm answers what has just happened. */
export const takeWaitFor = (step: WaitForStep, walk: Walk, world: World): Progress => {
  const { facts, now } = world
  const waiting = walk.enrolment.wakeSpec
  const arrivedAt: Instant = waiting?.arrivedAt ?? walk.reachedAt
  const anchorAt = waiting?.anchorAt ?? walk.reachedAt
  const { wait } = step.timeout
  const endsAt = waitEnd(anchorAt, wait, { zone: facts.timeZone, isHoliday: (date) => facts.isHoliday(date) })
  const arm = firstTrueArm(step, { arrivedAt, endsAt }, walk, world)
  const isWaiting = waiting !== null
  if (arm !== null) return goBy(step, arm, walk, isWaiting, world)

  const here: Walk = { ...walk, enrolment: remember(walk.enrolment, { skipping: undefined }) }
  if (endsAt <= now) {
    const left: Walk = { ...here, enrolment: datedStill(here.enrolment, now) }
    const reachedAt = Math.max(walk.reachedAt, endsAt)
    return leaveWait(left, step.timeout.next, { dueAt: endsAt, reachedAt, isFresh: false })
  }
  const segments = step.arms.flatMap(({ on }) => (on.kind === 'segment' ? [on.segment] : []))
  return waitHere(here, { wait, anchorAt, from: { kind: 'previous' }, arrivedAt, endsAt }, { watched: segments })
}
