import type { Instant } from '../../time/instant.ts'
import { waitEnd } from '../../time/wait-end.ts'
import { datedBy, datedStill } from '../dated-mail.ts'
import type { Enrolment, WakeSpec } from '../enrolment.ts'
import { remember } from '../memory.ts'
import type { WaitStep } from '../scenario-definition.ts'
import type { World } from '../transition-contract.ts'
import { type WaitAnchor, waitAnchor } from '../wait-anchor.ts'
import { exitHere, leaveWait, type Progress, type Walk, waitHere } from '../walk.ts'

const isMoved = ({ from }: WaitStep, anchor: WaitAnchor, waiting: WakeSpec): boolean => {
  if (from.kind === 'attribute') return anchor.value !== waiting.anchorValue
  return from.kind === 'event' && anchor.at !== waiting.anchorAt
}

/**
 * The instant before which an end of this wait counts as past; null: it cannot. On arrival that is the arrival itself, by the
 * enrolment's own time: a late worker skips nothing. Later only a changed date can pass it by, and then now counts; but not where it
 * has changed back to that of mail which was taken back and would be waiting still.
 */
const pastBefore = (
  step: WaitStep,
  { anchor, endsAt }: { readonly anchor: WaitAnchor; readonly endsAt: Instant },
  { enrolment, reachedAt }: Walk,
  { now }: World,
): Instant | null => {
  const { wakeSpec, memory } = enrolment
  const { again } = memory
  if (again?.step === step.id && again.endsAt === endsAt && again.mailAt !== null && now <= again.mailAt) return null
  if (wakeSpec !== null) return isMoved(step, anchor, wakeSpec) ? now : null
  return step.from.kind !== 'previous' || memory.skipping !== undefined ? reachedAt : null
}

/** A wait whose end had passed when the enrolment came to it (`endsAt`), or that has no anchor (null): nothing is waited for. */
const passBy = (
  step: WaitStep,
  walk: Walk,
  { anchor, endsAt, reachedAt }: { readonly anchor: WaitAnchor; readonly endsAt: Instant | null; readonly reachedAt: Instant },
  world: World,
): Progress => {
  const { past } = step
  const skipping = endsAt === null ? 'no-anchor' : 'past'
  const isGoingOn = walk.enrolment.memory.skipping !== undefined && step.from.kind === 'previous'
  if (past.kind === 'exit' && !isGoingOn) return exitHere(walk, skipping, world)
  const isSent = past.kind === 'send' && !isGoingOn && endsAt !== null && reachedAt - endsAt <= past.within
  const enrolment = remember(over(step, walk, anchor, endsAt, world.now), { skipping: isSent ? undefined : skipping })
  return leaveWait({ ...walk, enrolment }, nextOf(step, walk, world), {
    dueAt: isSent ? reachedAt : (endsAt ?? reachedAt),
    reachedAt,
  })
}

/** Behind a wait at which it stands again, what was done before the mail is not done again. */
const nextOf = (step: WaitStep, { enrolment }: Walk, { definition }: World): string | null => {
  const { again } = enrolment.memory
  return again?.step === step.id && definition.steps[again.next] !== undefined ? again.next : step.next
}

/** The enrolment as it leaves the wait: mail that it queues now is for this date. */
const over = (
  step: WaitStep,
  { enrolment, reachedAt }: Walk,
  anchor: WaitAnchor,
  endsAt: Instant | null,
  now: Instant,
): Enrolment => {
  const left = remember(enrolment, { again: undefined })
  if (step.from.kind !== 'attribute') return datedStill(left, now)
  const arrivedAt = enrolment.wakeSpec?.arrivedAt ?? reachedAt
  return endsAt === null ? remember(left, { dated: undefined }) : datedBy(left, step, anchor, { endsAt, arrivedAt })
}

/** A wait is worked out anew at every look, so that a contact who moved to another zone, or whose date has changed, is served. */
export const takeWait = (step: WaitStep, walk: Walk, world: World): Progress => {
  const { facts, now } = world
  const anchor = waitAnchor(step, walk, world)
  const waiting = walk.enrolment.wakeSpec
  if (anchor.at === null) {
    const reachedAt = waiting === null ? walk.reachedAt : now
    return passBy(step, walk, { anchor, endsAt: null, reachedAt }, world)
  }
  const endsAt = waitEnd(anchor.at, step.wait, { zone: facts.timeZone, isHoliday: (date) => facts.isHoliday(date) })
  const limit = pastBefore(step, { anchor, endsAt }, walk, world)
  if (limit !== null && endsAt < limit) return passBy(step, walk, { anchor, endsAt, reachedAt: limit }, world)

  const here: Walk = { ...walk, enrolment: remember(walk.enrolment, { skipping: undefined }) }
  const reachedAt = Math.max(walk.reachedAt, endsAt)
  if (endsAt <= now) {
    const left: Walk = { ...here, enrolment: over(step, here, anchor, endsAt, now) }
    return leaveWait(left, nextOf(step, walk, world), { dueAt: endsAt, reachedAt, isFresh: false })
  }
  const { value } = anchor
  const wakeSpec: WakeSpec = {
    wait: step.wait,
    anchorAt: anchor.at,
    from: step.from,
    arrivedAt: waiting?.arrivedAt ?? walk.reachedAt,
    endsAt,
    ...(value === undefined ? {} : { anchorValue: value }),
  }
  return waitHere(here, wakeSpec, { isSure: true })
}
