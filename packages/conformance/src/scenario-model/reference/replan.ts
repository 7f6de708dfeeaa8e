import { nextOpen } from './calendar.ts'
import { coursesOf, definitionOf, type Knowledge } from './standing.ts'
import { type Course, type Person, type PlannedMail, waits } from './state.ts'

/** Mail that may go out at any time keeps its own. */
const openingOf = (known: Knowledge, person: Person, course: Course, mail: PlannedMail): number => {
  const { window } = definitionOf(known, { scenario: course.scenario, version: mail.version })
  const quietHours = known.isMarketing(mail.template) ? known.quietHours : null
  if (window === null && quietHours === null) return Math.max(mail.plannedAt, known.now)
  return nextOpen(known.now, { window, quietHours, zone: person.zone ?? known.zone })
}

/** Mail that is planned for later goes out when its window opens where the person is now, and what follows it counts from there. */
export const replan = (known: Knowledge, person: Person): void => {
  for (const course of coursesOf(known, person.id)) {
    const { lastMail, stop, anchorAt: before } = course
    if (course.state !== 'active' || lastMail === null || !waits(lastMail) || before <= known.now) continue
    const to = openingOf(known, person, course, lastMail)
    const arrivedAt = stop?.arrivedAt === before ? to : Math.max(stop?.arrivedAt ?? to, to)
    course.anchorAt = to
    course.stop = stop && { ...stop, arrivedAt, anchorAt: stop.from === 'previous' ? to : stop.anchorAt }
  }
}
