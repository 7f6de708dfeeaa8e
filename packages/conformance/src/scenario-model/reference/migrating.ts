import { isDeepStrictEqual } from 'node:util'
import type { ScenarioDefinition, ScenarioStep } from '@tobiishi/core'
import { coursesOf, definitionOf, type Knowledge, type Standing } from './standing.ts'
import { type Course, dropMail, leave, waits } from './state.ts'
import { complete } from './walk.ts'

export const isSame = (from: ScenarioDefinition, to: ScenarioDefinition): boolean => {
  const { version: _v, inFlight: _i, successors: _s, ...before } = from
  const { version, inFlight, successors, ...after } = to
  return isDeepStrictEqual(before, after)
}

/** The same step where it is there, else its successor; null completes. */
const targetOf = (step: string | null, to: ScenarioDefinition): string | null => {
  let target = step
  while (target !== null && to.steps[target] === undefined) {
    const next = to.successors[target]
    if (next === undefined) throw new Error(`Somebody stands at ${target}, and ${to.name} says nothing about it.`)
    target = next
  }
  return target
}

const isSameStop = (before: ScenarioStep | undefined, after: ScenarioStep | undefined): boolean =>
  before?.kind === after?.kind && (before?.kind !== 'wait' || after?.kind !== 'wait' || before.from.kind === after.from.kind)

/** Whoever waited goes on waiting from the same anchor where the new step counts alike; else it goes on now. */
const place = (course: Course, from: ScenarioDefinition, to: ScenarioDefinition, now: number): void => {
  const before = course.step === null ? undefined : from.steps[course.step]
  const target = targetOf(course.step, to)
  const after = target === null ? undefined : to.steps[target]
  const { stop } = course
  const stands = course.step === target && isSameStop(before, after)
  course.step = target
  if (stop === null || stands) return
  const counts = after?.kind === 'wait-for' || (after?.kind === 'wait' && after.from.kind === 'previous')
  if (counts && stop.anchorAt !== null) {
    const anchorAt = stop.from === 'previous' ? stop.anchorAt : stop.arrivedAt
    course.stop = { ...stop, anchorAt, from: 'previous', value: null, endsAt: null }
    return
  }
  course.stop = null
  Object.assign(course, { at: now, reachedAt: now, isFresh: false })
}

/** Brings a course into another version; a mail that went out, or is about to, is never sent again. */
const migrate = (known: Knowledge, course: Course, to: ScenarioDefinition): void => {
  const { now } = known
  const from = definitionOf(known, course)
  course.version = to.version
  known.sometimes(isSame(from, to) ? 'migrated to the same' : 'migrated')
  if (isSame(from, to)) return
  course.isPunctual = false
  for (const { step, skipped, dropped, end } of course.mails)
    if (skipped === null && dropped === null && (end === null || end === 'sent' || end === 'unknown')) course.sentBefore.add(step)
  dropMail(course, ['replaced'], now, { isMeant: ({ step }) => to.steps[step] === undefined })
  if (!course.hasStarted && course.step === from.first) course.step = to.first
  const wasAtEnd = course.step === null
  if (course.step !== null && to.steps[course.step] === undefined) known.sometimes('migrated to a successor')
  place(course, from, to, now)
  if (course.step === null && (!wasAtEnd || !course.mails.some(waits))) complete(course, now)
}

/** Does what a version or a stop does to those who are in it: before anything else that is due. */
export const workJobs = (known: Knowledge): void => {
  for (const standing of known.scenarios.values()) {
    const { job } = standing
    standing.job = null
    if (job !== null) for (const course of activeIn(known, standing)) workJob(known, course, standing, job)
  }
}

const activeIn = (known: Knowledge, { name }: Standing): readonly Course[] =>
  [...known.people.keys()].flatMap((id) => coursesOf(known, id)).filter((one) => one.scenario === name && one.state === 'active')

const workJob = (
  known: Knowledge,
  course: Course,
  standing: Standing,
  { kind, reason, below }: NonNullable<Standing['job']>,
): void => {
  if (below !== null && course.version >= below) return
  if (kind === 'migrate') {
    const to = standing.versions.get(below ?? 0)
    if (to !== undefined) migrate(known, course, to)
    return
  }
  known.sometimes(reason)
  leave(course, reason, known.now, [reason])
}
