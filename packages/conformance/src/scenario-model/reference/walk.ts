import { type Course, leave } from './state.ts'
import type { Surroundings } from './surroundings.ts'
import { type Consequence, takeStep } from './take-step.ts'

/**
 * Takes an active course as far as it goes now: goal and exit first, then step by step. It completes once its last mail may go out;
 * where an outage or a cap has moved that mail, nobody foresees when, and completing is left to be seen.
 */
export const walk = (course: Course, around: Surroundings): readonly Consequence[] => {
  const { definition, now } = around
  const consequences: Consequence[] = []
  course.hasStarted = true
  const reason = reasonToLeave(around)
  if (reason !== null) {
    leave(course, reason, now)
    return consequences
  }
  while (course.state === 'active' && course.step !== null) {
    if (course.holdout?.until === course.step) course.holdout = null
    const step = definition.steps[course.step]
    if (step === undefined) throw new Error(`Version ${definition.version} of ${definition.name} lacks the step ${course.step}.`)
    const { goes, consequence } = takeStep(step, course, around)
    if (consequence !== undefined) consequences.push(consequence)
    if (goes === 'stay') break
  }
  const endsAt = course.step === null && course.state === 'active' ? endOf(course, around) : null
  if (endsAt !== null) complete(course, endsAt)
  return consequences
}

const reasonToLeave = ({ definition: { goal, exitWhen }, isMember }: Surroundings): string | null => {
  if (goal?.kind === 'segment' && isMember(goal.segment)) return 'goal'
  return exitWhen !== null && isMember(exitWhen) ? `segment:${exitWhen}` : null
}

/** When a course at its end completes; null: not yet. */
const endOf = ({ mails, isPunctual }: Course, { now, seenEndedAt }: Surroundings): number | null => {
  const queued = mails.filter(({ skipped }) => skipped === null)
  if (queued.length === 0) return now
  if (!isPunctual) return seenEndedAt
  return queued.every(({ plannedAt }) => plannedAt <= now) ? now : null
}

export const complete = (course: Course, at: number): void => {
  course.state = 'completed'
  course.endedAt = at
  course.step = null
  course.stop = null
}
