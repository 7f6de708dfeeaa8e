import type { Json, JsonObject, ScenarioStep } from '@tobiishi/core'
import { beginOf, nextOpen, waitOver } from './calendar.ts'
import { type Course, leave, type PlannedMail, type SkipReason } from './state.ts'
import { fits, type Surroundings } from './surroundings.ts'

/** What a course wants done outside of itself. */
export type Consequence =
  | {
      readonly kind: 'update'
      readonly set: { readonly [name: string]: Json }
      readonly add: { readonly [name: string]: readonly Json[] }
    }
  | { readonly kind: 'enter'; readonly scenario: string; readonly payload: JsonObject }

/** `on`: at the next step. `stay`: it waits here, or has ended. */
export type Taken = { readonly goes: 'on' | 'stay'; readonly consequence?: Consequence }

type StepOf<K extends ScenarioStep['kind']> = Extract<ScenarioStep, { kind: K }>

const on: Taken = { goes: 'on' }
const stay: Taken = { goes: 'stay' }

const goTo = (course: Course, next: string | null): Taken => {
  course.step = next
  course.stop = null
  return on
}

/** A wait is over: what becomes of the mail before it moves nothing any more. */
const goBehindWait = (course: Course, next: string | null): Taken => {
  course.lastMail = null
  return goTo(course, next)
}

const skipReasonOf = (course: Course, plannedAt: number, isLate: boolean): SkipReason | null => {
  if (course.holdout !== null) return 'holdout'
  if (course.skipping !== null) return course.skipping
  if (course.skipBefore !== null && plannedAt < course.skipBefore) return 'paused'
  return isLate ? 'late' : null
}

/** Planned for the first open instant; right after something happened that is for now, unless that is stale. */
export const takeSend = (
  step: StepOf<'send'>,
  course: Course,
  { now, definition, zone, quietHours, isMarketing }: Surroundings,
): Taken => {
  if (course.sentBefore.has(step.id)) return goTo(course, step.next)
  const isStale =
    now - course.at > definition.maxEventAge || course.skipping !== null || course.at < (course.skipBefore ?? course.at)
  const dueAt = course.isFresh && !isStale ? Math.max(course.at, now) : course.at
  const hours = { window: definition.window, quietHours: isMarketing(step.template) ? quietHours : null, zone }
  const plannedAt = nextOpen(dueAt, hours)
  const canGoAt = now > plannedAt ? nextOpen(now, hours) : plannedAt
  const skipped = skipReasonOf(course, plannedAt, canGoAt >= plannedAt + step.sendWithin)
  const { id, template, sendWithin } = step
  const mail: PlannedMail = {
    step: id,
    template,
    version: definition.version,
    plannedAt,
    dueAt,
    madeAt: now,
    sendWithin,
    skipped,
    dropped: null,
    end: null,
    openedAt: null,
  }
  course.mails.push(mail)
  if (skipped === null && plannedAt < now) course.isPunctual = false
  if (skipped === null) course.lastMail = mail
  course.anchorAt = plannedAt
  course.at = plannedAt
  course.reachedAt = Math.max(course.reachedAt, plannedAt)
  course.isFresh = false
  return goTo(course, step.next)
}

interface Anchor {
  readonly at: number | null
  readonly value: string | null
}

const anchorOf = ({ from }: StepOf<'wait'>, course: Course, { person, zone }: Surroundings): Anchor => {
  switch (from.kind) {
    case 'previous':
      return { at: course.stop === null ? course.at : course.stop.anchorAt, value: null }
    case 'entry':
      return { at: course.enteredAt + course.shiftedBy, value: null }
    case 'attribute': {
      const value = person.attributes[from.attribute]
      return typeof value === 'string' ? { at: beginOf(value, zone), value } : { at: null, value: null }
    }
    case 'event':
      throw new Error('The reference knows no waits that count from events.')
  }
}

/** Nothing is waited for: the time had passed, or there is nothing to count from. */
const passBy = (step: StepOf<'wait'>, course: Course, endsAt: number | null, reachedAt: number, now: number): Taken => {
  const reason = endsAt === null ? 'no-anchor' : 'past'
  const isGoingOn = course.skipping !== null && step.from.kind === 'previous'
  if (step.past.kind === 'exit' && !isGoingOn) {
    leave(course, reason, now)
    return stay
  }
  course.skipping = reason
  course.at = endsAt ?? reachedAt
  course.reachedAt = reachedAt
  return goBehindWait(course, step.next)
}

/** Worked out anew at every look. */
export const takeWait = (step: StepOf<'wait'>, course: Course, around: Surroundings): Taken => {
  const { now, zone } = around
  const { stop } = course
  const anchor = anchorOf(step, course, around)
  if (anchor.at === null) return passBy(step, course, null, stop === null ? course.reachedAt : now, now)
  const endsAt = waitOver(anchor.at, step.wait, zone)
  const hasMoved = stop !== null && step.from.kind === 'attribute' && stop.value !== anchor.value
  const isAskedOnArrival = stop === null && (step.from.kind !== 'previous' || course.skipping !== null)
  const limit = isAskedOnArrival ? course.reachedAt : hasMoved ? now : null
  if (limit !== null && endsAt < limit) return passBy(step, course, endsAt, limit, now)
  course.skipping = null
  if (endsAt > now) {
    const arrivedAt = stop?.arrivedAt ?? course.reachedAt
    course.stop = { anchorAt: anchor.at, from: step.from.kind, arrivedAt, value: anchor.value, endsAt }
    return stay
  }
  course.at = endsAt
  course.reachedAt = Math.max(course.reachedAt, endsAt)
  course.isFresh = false
  return goBehindWait(course, step.next)
}

/** Since when an arm is true (null: as of now), or that it is not. */
const truthOf = (
  step: StepOf<'wait-for'>,
  { on: asked }: StepOf<'wait-for'>['arms'][number],
  course: Course,
  { arrivedAt, around }: { readonly arrivedAt: number; readonly around: Surroundings },
): { readonly since: number | null } | null => {
  if (asked.kind === 'segment') return around.isMember(asked.segment) ? { since: null } : null
  if (asked.kind === 'mail') {
    const openedAt = around.openedAt(asked.step)
    return openedAt === null ? null : { since: openedAt }
  }
  const since = { entry: course.enteredAt, previous: course.anchorAt, step: arrivedAt }[step.since]
  const times = around.events
    .filter((event) => fits(asked, event) && event.occurredAt >= since)
    .map(({ occurredAt }) => occurredAt)
  return times.length === 0 ? null : { since: Math.min(...times) }
}

/** By the arm that came true first, else by the time-out. What happened counts by when it happened. */
export const takeWaitFor = (step: StepOf<'wait-for'>, course: Course, around: Surroundings): Taken => {
  const { now, zone } = around
  const arrivedAt = course.stop?.arrivedAt ?? course.reachedAt
  const anchorAt = course.stop?.anchorAt ?? course.reachedAt
  const endsAt = waitOver(anchorAt, step.timeout.wait, zone)
  const arms = step.arms.flatMap((arm) => {
    const truth = truthOf(step, arm, course, { arrivedAt, around })
    return truth === null || (truth.since !== null && truth.since >= endsAt) ? [] : [{ ...truth, next: arm.next }]
  })
  const [first] = arms.toSorted((a, b) => (a.since ?? now) - (b.since ?? now))
  if (first !== undefined) {
    const at = first.since ?? (course.stop === null ? course.reachedAt : now)
    if (course.stop !== null || at > course.reachedAt) {
      course.reachedAt = Math.max(course.reachedAt, at)
      course.at = course.reachedAt
      course.isFresh = first.since !== null
    }
    return goBehindWait(course, first.next)
  }
  course.skipping = null
  if (endsAt > now) {
    course.stop = { anchorAt, from: 'previous', arrivedAt, value: null, endsAt }
    return stay
  }
  course.at = endsAt
  course.reachedAt = Math.max(course.reachedAt, endsAt)
  course.isFresh = false
  return goBehindWait(course, step.timeout.next)
}

export const takeSplit = (step: StepOf<'split'>, course: Course, { variantOf }: Surroundings): Taken => {
  const name = variantOf(step.experiment)
  const isHoldout = name === 'holdout'
  const arm = isHoldout ? step.arms[0] : step.arms.find((one) => one.name === name)
  if (arm === undefined) throw new Error(`There is no arm ${name}.`)
  if (isHoldout) course.holdout ??= { until: step.holdout?.until ?? null }
  return goTo(course, arm.next)
}

export const takeStep = (step: ScenarioStep, course: Course, around: Surroundings): Taken => {
  switch (step.kind) {
    case 'send':
      return takeSend(step, course, around)
    case 'wait':
      return takeWait(step, course, around)
    case 'wait-for':
      return takeWaitFor(step, course, around)
    case 'branch':
      if (step.on.kind !== 'segment') throw new Error('The reference branches on segments only.')
      return goTo(course, around.isMember(step.on.segment) ? step.yes : step.no)
    case 'split':
      return takeSplit(step, course, around)
    case 'update':
      goTo(course, step.next)
      return { goes: 'stay', consequence: { kind: 'update', set: literals(step.set), add: step.add } }
    case 'call':
      course.stop ??= { anchorAt: null, from: 'call', arrivedAt: course.reachedAt, value: null, endsAt: null }
      return stay
    case 'go-to':
      goTo(course, null)
      return { goes: 'on', consequence: { kind: 'enter', scenario: step.scenario, payload: course.payload } }
    case 'end':
      return goTo(course, null)
  }
}

const literals = (set: StepOf<'update'>['set']): { readonly [name: string]: Json } =>
  Object.fromEntries(Object.entries(set).map(([name, value]) => [name, value?.kind === 'literal' ? value.value : null]))
