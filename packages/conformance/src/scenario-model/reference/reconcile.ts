import type { Enrolment } from '@tobiishi/core'
import type { Setup } from '../command.ts'
import { dateAt } from '../wall-clock.ts'
import type { SeenCourse, SeenMessage, Sighting } from '../world/sighting.ts'
import { isOpen } from './calendar.ts'
import { workAll } from './rounds.ts'
import { definitionOf, type Knowledge } from './standing.ts'
import { type Course, leave, type PlannedMail } from './state.ts'
import { complete } from './walk.ts'

/** Of an enrolment that queued it: mail of one step may be there twice, where the first was left out before a migration. */
const stepSeqOf = ({ idemKey }: SeenMessage): number => Number(idemKey.split(':').at(-1))

/** What is seen, found by what the reference calls it. */
export class Matching {
  readonly #courses: ReadonlyMap<string, SeenCourse>
  /** Enrolment and step → in the order of queueing. */
  readonly #messages: ReadonlyMap<string, readonly SeenMessage[]>

  constructor({ courses, messages }: Sighting) {
    this.#courses = new Map(courses.map((seen) => [`${seen.row.contactId} ${seen.row.scenario} ${seen.key}`, seen]))
    const inOrder = messages.toSorted((one, other) => stepSeqOf(one) - stepSeqOf(other))
    this.#messages = Map.groupBy(inOrder, ({ enrolmentId, stepId }) => `${enrolmentId} ${stepId}`)
  }

  rowOf({ contact, scenario, key }: Course): Enrolment | null {
    return this.#courses.get(`${contact} ${scenario} ${key}`)?.row ?? null
  }

  messageOf(course: Course, mail: PlannedMail): SeenMessage | null {
    const index = course.mails.filter(({ step }) => step === mail.step).indexOf(mail)
    return this.#messages.get(`${this.rowOf(course)?.id} ${mail.step}`)?.[index] ?? null
  }

  courseOf(courses: readonly Course[], { enrolmentId }: SeenMessage): Course | null {
    return courses.find((course) => this.rowOf(course)?.id === enrolmentId) ?? null
  }

  mailOf(courses: readonly Course[], message: SeenMessage): PlannedMail | null {
    const course = this.courseOf(courses, message)
    return course?.mails.find((mail) => this.messageOf(course, mail)?.id === message.id) ?? null
  }
}

/** Takes what became of mail from what is seen. Answers whether that moves the course: a cap whose policy is `advance` does. */
const noteEnd = (known: Knowledge, course: Course, mail: PlannedMail, message: SeenMessage, caps: Setup['caps']): boolean => {
  if (mail.dropped !== null && !mail.dropped.isSure && message.reason !== 'paused') mail.dropped = null
  if (mail.end !== null || mail.skipped !== null || message.state === 'queued') return false
  mail.end = message.state
  if (message.reason !== 'capped') return false
  known.sometimes(`capped: ${caps}`)
  if (caps !== 'advance' || course.state !== 'active' || course.lastMail !== mail) return false
  course.lastMail = null
  const step = course.step === null ? undefined : definitionOf(known, course).steps[course.step]
  const isCounting = step?.kind === 'wait-for' || (step?.kind === 'wait' && step.from.kind === 'previous')
  if (!isCounting || course.stop === null) return false
  known.sometimes('went on past a cap')
  course.step = step.kind === 'wait-for' ? step.timeout.next : step.next
  Object.assign(course, { stop: null, at: known.now, reachedAt: known.now, isFresh: false })
  return true
}

/** Where mail that was put off may go: open, and where a cap did it, on a later day. The reference takes any such instant. */
const isPutOff = (
  known: Knowledge,
  course: Course,
  { mail, to }: { readonly mail: PlannedMail; readonly to: number },
  isByCap: boolean,
): boolean => {
  const zone = known.people.get(course.contact)?.zone ?? known.zone
  const { window } = definitionOf(known, { scenario: course.scenario, version: mail.version })
  const isOther = to !== course.anchorAt && to >= mail.dueAt
  return (
    isOther &&
    isOpen(to, { window, quietHours: known.quietHours, zone }) &&
    (!isByCap || dateAt(to, zone) > dateAt(mail.dueAt, zone))
  )
}

/** What counts from a mail moves with it where a cap defers it; at its end an enrolment stays until its last mail has gone out, whatever puts it off. */
const notePutOff = (
  known: Knowledge,
  course: Course,
  { row, mail }: { readonly row: Enrolment; readonly mail: PlannedMail },
  caps: Setup['caps'],
): boolean => {
  const isAtEnd = course.step === null
  if (row.state !== 'active' || course.isPunctual || (caps !== 'defer' && !isAtEnd)) return false
  // It tells of what was before a pause that it has not taken notice of.
  if (row.pausesSeen < (known.scenarios.get(course.scenario)?.pauses ?? 0)) return false
  if (!isPutOff(known, course, { mail, to: row.anchorAt }, caps === 'defer' && !isAtEnd)) return false
  known.sometimes(isAtEnd ? 'last mail put off' : 'deferred by a cap')
  const { stop } = course
  const arrivedAt = Math.max(stop?.arrivedAt ?? row.anchorAt, row.anchorAt)
  const moved = stop && { ...stop, arrivedAt, anchorAt: stop.from === 'previous' ? row.anchorAt : stop.anchorAt }
  Object.assign(course, { state: 'active', endedAt: null, anchorAt: row.anchorAt, stop: moved })
  return true
}

/** At its end: completed, or told once more of an exit that came with a merge when its mail was put off. */
const noteEndOfCourse = (known: Knowledge, course: Course, row: Enrolment): void => {
  if (course.isPunctual || course.state !== 'active' || course.step !== null) return
  if (row.state === 'completed') complete(course, row.endedAt ?? known.now)
  const events = known.events.get(course.contact) ?? []
  const isTold = events.some(({ name, occurredAt }) => row.endReason === `event:${name}` && row.endedAt === occurredAt)
  if (row.state !== 'exited' || !course.isMerged || !isTold) return
  course.anchorAt = row.anchorAt
  leave(course, row.endReason ?? '', row.endedAt ?? known.now)
}

/**
 * Tells the reference what it does not foresee: what became of mail, to when it was put off, and when an enrolment whose last mail
 * something has moved came to its end. All else it must know.
 */
export const reconcile = (known: Knowledge, matching: Matching, caps: Setup['caps']): void => {
  for (let isMoved = true; isMoved; ) {
    isMoved = false
    for (const course of known.courses) {
      const row = matching.rowOf(course)
      if (row === null) continue
      course.seenAs ??= row.contactId
      for (const mail of course.mails) {
        const message = matching.messageOf(course, mail)
        if (message !== null && noteEnd(known, course, mail, message, caps)) isMoved = true
      }
      const { lastMail } = course
      const isQueued = lastMail !== null && matching.messageOf(course, lastMail)?.state === 'queued'
      if (isQueued && course.state !== 'exited') isMoved = notePutOff(known, course, { row, mail: lastMail }, caps) || isMoved
      noteEndOfCourse(known, course, row)
    }
    if (isMoved) workAll(known)
  }
}
