import type { Tried } from '../world/app.ts'
import type { SeenCourse } from '../world/sighting.ts'
import { workAll } from './rounds.ts'
import { definitionOf, type Knowledge } from './standing.ts'
import type { Course } from './state.ts'

const lastAttempt = 1

const courseOf = (known: Knowledge, seen: SeenCourse | null): Course | undefined =>
  known.courses.find(
    ({ scenario, key, contact }) => scenario === seen?.row.scenario && key === seen.key && contact === seen.row.contactId,
  )

/** What became of calls: whoever waits for one goes on as of now, its way or the way of those that were given up. */
export const noteCalls = (known: Knowledge, tried: readonly Tried[], find: (enrolmentId: string) => SeenCourse | null): void => {
  for (const { idemKey, attempt, isDone } of tried) {
    if (attempt > 0) known.sometimes('call retried')
    if (!isDone && attempt < lastAttempt) continue
    known.sometimes(isDone ? 'call done' : 'call given up')
    const course = courseOf(known, find(idemKey.replace(/:\d+$/, '')))
    if (course?.state !== 'active' || course.stop?.from !== 'call' || course.step === null) continue
    const step = definitionOf(known, course).steps[course.step]
    if (step?.kind !== 'call') continue
    const at = Math.max(known.now, course.stop.arrivedAt)
    course.step = isDone ? step.next : step.failed
    Object.assign(course, { stop: null, at, reachedAt: at, isFresh: false })
  }
  if (tried.length > 0) workAll(known)
}
