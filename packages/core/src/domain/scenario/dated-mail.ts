import type { Instant } from '../time/instant.ts'
import { waitEnd } from '../time/wait-end.ts'
import { reachableFrom } from './check/graph.ts'
import type { DatedMail, Enrolment, StandingAgain } from './enrolment.ts'
import { remember } from './memory.ts'
import type { SendStep, WaitStep } from './scenario-definition.ts'
import type { World } from './transition-contract.ts'
import { anchorByAttribute, type WaitAnchor } from './wait-anchor.ts'

/** The enrolment as it leaves a wait that counted from an attribute: mail that it queues now is for this date. */
export const datedBy = (
  enrolment: Enrolment,
  { id }: WaitStep,
  { at, value }: WaitAnchor,
  { endsAt, arrivedAt }: Pick<DatedMail, 'endsAt' | 'arrivedAt'>,
): Enrolment => {
  if (at === null || value === undefined) return enrolment
  const { anchorAt, lastSendAt, memory } = enrolment
  const { queuedFor } = memory
  const before = { anchorAt, lastSendAt, ...(queuedFor === undefined ? {} : { queuedFor }) }
  return remember(enrolment, { dated: { step: id, value, anchorAt: at, endsAt, arrivedAt, sends: [], before } })
}

/** The enrolment as it leaves another wait: followed is only mail that still waits for its time. */
export const datedStill = (enrolment: Enrolment, now: Instant): Enrolment => {
  const { lastSendAt, memory } = enrolment
  const isWaiting = lastSendAt !== null && lastSendAt > now && memory.dated?.sends.length !== 0
  return isWaiting ? enrolment : remember(enrolment, { dated: undefined })
}

/** The enrolment as it changes attributes of the contact itself: its own mail is not taken back for that. */
export const datedElsewhere = (enrolment: Enrolment, attributes: readonly string[], { definition }: World): Enrolment => {
  const step = definition.steps[enrolment.memory.dated?.step ?? '']
  const isOwn = step?.kind === 'wait' && step.from.kind === 'attribute' && attributes.includes(step.from.attribute)
  return isOwn ? remember(enrolment, { dated: undefined }) : enrolment
}

/** What is followed once the step has queued its mail. */
export const withMail = ({ memory: { dated } }: Enrolment, { id }: SendStep): DatedMail | undefined =>
  dated === undefined ? undefined : { ...dated, sends: [...dated.sends.filter((one) => one !== id), id] }

/**
 * Whether what is done for a date is for another time by now: the date has changed or is gone, or the contact has moved to
 * a zone where that time is still to come. A date that the calendar cannot tell is another one.
 */
export const hasNewDate = (enrolment: Enrolment, { definition, facts, now }: World): boolean => {
  const { dated } = enrolment.memory
  const step = dated === undefined ? undefined : definition.steps[dated.step]
  if (dated === undefined || step?.kind !== 'wait' || step.from.kind !== 'attribute') return false
  const anchor = anchorByAttribute(step.from, facts)
  const endsAt = endOf(step, anchor, facts)
  return endsAt !== dated.endsAt && (anchor.value !== dated.value || endsAt === null || endsAt > now)
}

const endOf = ({ wait }: WaitStep, { at }: WaitAnchor, { timeZone, isHoliday }: World['facts']): Instant | null => {
  if (at === null) return null
  try {
    return waitEnd(at, wait, { zone: timeZone, isHoliday })
  } catch {
    return null
  }
}

/**
 * An enrolment that goes on from where it stopped between a wait and its first mail, such as at a call that was answered: where the
 * date has changed meanwhile and mail is still to come for it, it stands at the wait again, and goes on from here when that is over.
 */
export const followingDate = (enrolment: Enrolment, world: World): Enrolment => {
  const { memory, stepId } = enrolment
  if (memory.due === undefined || memory.dated?.sends.length !== 0 || stepId === null || !hasNewDate(enrolment, world))
    return enrolment
  return leadsToMail(stepId, world) ? standAt(enrolment, { next: stepId, mailAt: null }, world) : enrolment
}

/** Whether mail may come before the next wait: that would be mail for the date. */
const leadsToMail = (stepId: string, { definition }: World): boolean => {
  const near = reachableFrom(definition, [stepId], ({ kind }) => kind !== 'wait' && kind !== 'wait-for')
  return [...near].some((id) => definition.steps[id]?.kind === 'send')
}

/**
 * Stands at the wait again whose date has changed, and is due, to work it out anew: it waits, goes on, or follows `past`. `taken` are
 * the send steps whose mail was taken back, in their order; it goes on at the first of them. One that had completed is back.
 */
export const standAgain = (enrolment: Enrolment, taken: readonly string[], world: World): Enrolment => {
  const [next] = taken
  if (next === undefined) return enrolment
  const kept = enrolment.memory.sentBefore?.filter((one) => !taken.includes(one))
  const told = remember(enrolment, { sentBefore: kept?.length === 0 ? undefined : kept })
  return standAt(told, { next, mailAt: enrolment.lastSendAt }, world)
}

const standAt = (
  enrolment: Enrolment,
  { next, mailAt }: Pick<StandingAgain, 'next' | 'mailAt'>,
  { definition, now }: World,
): Enrolment => {
  const { dated } = enrolment.memory
  const step = dated === undefined ? undefined : definition.steps[dated.step]
  if (dated === undefined || step?.kind !== 'wait') return enrolment
  const { anchorAt, endsAt, arrivedAt, value, before } = dated
  return {
    ...remember(enrolment, {
      dated: undefined,
      again: { step: step.id, next, endsAt, mailAt },
      queuedFor: before.queuedFor,
      due: undefined,
      lastSendSeq: undefined,
      skipping: undefined,
    }),
    state: 'active',
    endedAt: null,
    endReason: null,
    stepId: step.id,
    stepSeq: enrolment.stepSeq + 1,
    anchorAt: before.anchorAt,
    lastSendAt: before.lastSendAt,
    wakeAt: now,
    wakeSpec: { wait: step.wait, anchorAt, from: step.from, arrivedAt, endsAt, anchorValue: value },
  }
}
