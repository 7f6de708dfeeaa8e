import type { ScenarioDefinition } from '@tobiishi/core'
import { coursesOf, type Knowledge, type Standing } from './standing.ts'
import { type Course, dropMail, waits } from './state.ts'

const standingOf = ({ scenarios }: Knowledge, name: string): Standing => {
  const standing = scenarios.get(name)
  if (standing === undefined) throw new Error(`The reference knows no scenario ${name}.`)
  return standing
}

const activeIn = (known: Knowledge, name: string): readonly Course[] =>
  [...known.people.keys()].flatMap((id) => coursesOf(known, id)).filter((one) => one.scenario === name && one.state === 'active')

/** A higher version: new enrolments get it, and its `inFlight` says what becomes of the others. A declared one starts nothing that was stopped. */
export const publish = (known: Knowledge, definition: ScenarioDefinition, by: 'deploy' | 'name'): null => {
  const standing = standingOf(known, definition.name)
  const { version, inFlight } = definition
  standing.versions.set(version, definition)
  standing.version = version
  if (by === 'name' && standing.state === 'stopped') standing.state = 'active'
  if (inFlight !== 'pin') standing.job = { kind: inFlight, reason: 'replaced', below: version }
  return null
}

export const pause = (known: Knowledge, name: string): string | null => {
  const standing = standingOf(known, name)
  if (standing.state === 'stopped') return 'scenario.state'
  if (standing.state === 'active') Object.assign(standing, { state: 'paused', pausedAt: known.now })
  return null
}

type Missed = 'continue' | 'skip' | 'shift'

export const resume = (known: Knowledge, name: string, missed: Missed): string | null => {
  const standing = standingOf(known, name)
  if (standing.state === 'stopped') return 'scenario.state'
  if (standing.state === 'active') return null
  standing.state = 'active'
  endPause(known, standing, missed)
  return null
}

const endPause = (known: Knowledge, standing: Standing, missed: Missed): void => {
  const pausedAt = standing.pausedAt ?? known.now
  standing.pausedAt = null
  if (pausedAt >= known.now) return
  standing.pauses += 1
  for (const course of activeIn(known, standing.name)) {
    course.isPunctual = false
    if (missed === 'skip') skip(known, course)
    if (missed === 'shift') shift(course, pausedAt, known.now)
  }
  for (const course of known.courses.filter(({ scenario, state }) => scenario === standing.name && state !== 'active')) {
    course.isPunctual = false
    if (missed === 'shift') moveMail(course, known.now - pausedAt)
    if (missed === 'skip') dropDue(course, known.now)
  }
  if (missed !== 'continue') known.sometimes(`resumed with ${missed}`)
}

/** Mail that was due meanwhile is left out, planned or queued. */
const skip = (known: Knowledge, course: Course): void => {
  course.skipBefore = known.now
  dropDue(course, known.now)
}

/** What an outage or a cap had moved past the pause is not dropped. */
const dropDue = (course: Course, now: number): void =>
  dropMail(course, ['paused'], now, { isMeant: ({ plannedAt }) => plannedAt < now, isSure: false })

const moveMail = ({ mails }: Course, by: number): void => {
  for (const mail of mails.filter(waits)) {
    mail.plannedAt += by
    mail.dueAt += by
  }
}

/** What lay ahead moves by as much of the pause as the course lived through. Dates stay. */
const shift = (course: Course, pausedAt: number, now: number): void => {
  const by = now - Math.max(pausedAt, course.enteredAt)
  moveMail(course, now - pausedAt)
  if (by <= 0) return
  const { stop } = course
  if (!course.hasStarted || course.anchorAt > pausedAt) course.anchorAt += by
  if (stop === null) Object.assign(course, { at: course.at + by, reachedAt: course.reachedAt + by })
  else if (stop.from === 'previous' && stop.anchorAt !== null) course.stop = { ...stop, anchorAt: stop.anchorAt + by }
  course.shiftedBy += by
}

/** Nobody enters any more; those who are in it finish, or leave with their mail. */
export const stop = (known: Knowledge, name: string, inFlight: 'finish' | 'exit'): null => {
  const standing = standingOf(known, name)
  if (standing.state === 'paused') endPause(known, standing, 'continue')
  standing.state = 'stopped'
  if (inFlight === 'finish') return null
  for (const course of known.courses.filter(({ scenario }) => scenario === name)) dropMail(course, ['stopped'], known.now)
  standing.job = { kind: 'exit', reason: 'stopped', below: null }
  return null
}

export const startAgain = (known: Knowledge, name: string): string | null => {
  const standing = standingOf(known, name)
  if (standing.state !== 'stopped') return 'scenario.state'
  standing.state = 'active'
  return null
}
