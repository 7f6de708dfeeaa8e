import { mergedConsent } from './consent.ts'
import { replan } from './replan.ts'
import { drain } from './rounds.ts'
import { append, coursesOf, definitionOf, type Knowledge } from './standing.ts'
import { type Course, leave, type Person, waits } from './state.ts'

const isInTheWay = (known: Knowledge, course: Course, other: Course): boolean => {
  if (course.scenario !== other.scenario) return false
  if (course.key === other.key) return true
  return other.state === 'active' && definitionOf(known, course).reentry.kind !== 'every-event'
}

/** One person goes through a scenario once at a time; of two entries under one key that of `into` stays in sight. */
const mergeCourses = (known: Knowledge, from: string, into: string): void => {
  const kept = coursesOf(known, into)
  for (const course of kept) course.isMerged = true
  for (const course of coursesOf(known, from)) {
    const isDouble = kept.some((other) => isInTheWay(known, course, other))
    if (course.state === 'active' && isDouble) {
      known.sometimes('merged enrolment')
      leave(course, 'merged', known.now)
    } else if (course.state === 'active') known.sometimes('taken over by a merge')
    course.isPunctual = false
    course.isMerged = true
    if (kept.some((other) => other.scenario === course.scenario && other.key === course.key)) forget(known, course)
    else course.contact = into
  }
}

const forget = (known: Knowledge, course: Course): void => {
  known.courses = known.courses.filter((other) => other !== course)
}

/** Waits and windows follow to another zone. */
export const moveTo = (known: Knowledge, person: Person, zone: string | null): void => {
  if (person.zone === zone) return
  person.zone = zone
  for (const course of coursesOf(known, person.id)) {
    if (course.stop !== null) known.sometimes('zone changed while waiting')
    course.isPunctual = false
  }
  replan(known, person)
}

/** `into` keeps what it has, `from` fills the gaps, and nothing starts. */
export const merge = (known: Knowledge, from: string, into: string): string | null => {
  drain(known, from)
  drain(known, into)
  const gone = known.people.get(from)
  const kept = known.people.get(into)
  if (gone === undefined || kept === undefined) return 'contact.unknown'
  mergeCourses(known, from, into)
  known.events.set(into, [...(known.events.get(into) ?? []), ...(known.events.get(from) ?? [])])
  known.events.delete(from)
  for (const owner of known.taken.values()) if (owner.contact === from) owner.contact = into
  for (const watches of known.watches.values()) watches.delete(from)
  kept.said = mergedConsent(gone, kept, known.now)
  kept.address ??= gone.address
  if (kept.zone === null && gone.zone !== null) moveTo(known, kept, gone.zone)
  else replan(known, kept)
  kept.attributes = { ...gone.attributes, ...kept.attributes }
  known.people.delete(from)
  append(known, into, { kind: 'look', occurredAt: known.now, starts: false })
  drain(known, into)
  return null
}

/** The person is taken out of everything; the address may not be written to any more. */
export const erase = (known: Knowledge, id: string): null => {
  drain(known, id)
  const person = known.people.get(id)
  if (person === undefined) return null
  if (coursesOf(known, id).some(({ mails }) => mails.some(waits))) known.sometimes('erased with queued mail')
  known.courses = known.courses.filter(({ contact }) => contact !== id)
  known.events.delete(id)
  for (const [key, owner] of known.taken) if (owner.contact === id) known.taken.delete(key)
  for (const watches of known.watches.values()) watches.delete(id)
  if (person.address !== null) known.suppressed.add(person.address)
  known.people.delete(id)
  return null
}
