import { isDeepStrictEqual } from 'node:util'
import type { Enrolment } from '@tobiishi/core'
import { refusalOf } from '../reference/consent.ts'
import type { Knowledge } from '../reference/standing.ts'
import type { Course, PlannedMail } from '../reference/state.ts'
import type { SeenMessage, Sighting } from '../world/sighting.ts'
import { type Invariant, iso, wrong } from './moment.ts'

const named = ({ contact, scenario, key }: Course): string => `${contact} in ${scenario} (${key})`

const comparePeople = (known: Knowledge, { contacts }: Sighting): readonly string[] => {
  const there = [...contacts.keys()].toSorted()
  const expected = [...known.people.keys()].toSorted()
  const profiles = [...known.people].flatMap(([id, person]) => {
    const { address, zone, attributes } = person
    const contact = contacts.get(id)
    const seen = { address: contact?.email, zone: contact?.timeZone, attributes: contact?.attributes }
    const isSilent = (topic: string) => (contact?.consent.all ?? contact?.consent.topics[topic] ?? null) === null
    const isTrue = (topic: string) => isSilent(topic) === (refusalOf(person, topic) === 'no-consent')
    return wrong(
      [
        isDeepStrictEqual(seen, { address, zone, attributes }),
        () => `${id} is ${JSON.stringify(seen)}, not ${JSON.stringify(person)}`,
      ],
      [isTrue('news') && isTrue('tips'), () => `what ${id} said is ${JSON.stringify(contact?.consent)}`],
    )
  })
  return [...wrong([isDeepStrictEqual(there, expected), () => `contacts ${there} and not ${expected}`]), ...profiles]
}

/** A pause that the enrolment has not taken notice of yet leaves its times as they were. */
const compareCourse = (known: Knowledge, course: Course, row: Enrolment | null): readonly string[] => {
  if (row === null) return [`${named(course)} is not there`]
  const hasNoticed = row.pausesSeen === (known.scenarios.get(course.scenario)?.pauses ?? 0)
  const parts: readonly (readonly [string, unknown, unknown])[] = [
    ['version', row.version, course.version],
    ['state', row.state, course.state],
    ['reason', row.endReason, course.reason],
    ['step', row.stepId, course.step],
    ['enteredAt', iso(row.enteredAt), iso(course.enteredAt)],
    ['endedAt', iso(row.endedAt), iso(course.endedAt)],
    ['anchorAt', iso(hasNoticed ? row.anchorAt : course.anchorAt), iso(course.anchorAt)],
    ['endsAt', iso((hasNoticed ? row.wakeSpec : course.stop)?.endsAt ?? null), iso(course.stop?.endsAt ?? null)],
  ]
  const differences = parts.flatMap(([part, seen, expected]) =>
    seen === expected ? [] : [`${part} is ${seen}, not ${expected}`],
  )
  return wrong([differences.length === 0, () => `${named(course)}: ${differences.join(', ')}`])
}

const compareMail = (course: Course, mail: PlannedMail, message: SeenMessage | null): readonly string[] => {
  const where = `mail ${mail.step} of ${named(course)}`
  if (message === null) return [`${where} is not there`]
  const { template, plannedAt, state, reason } = message
  const reasons = mail.skipped === null ? mail.dropped?.reasons : [mail.skipped]
  return wrong(
    [template === mail.template, () => `${where} has the template ${template}`],
    [plannedAt === mail.plannedAt, () => `${where} is planned for ${iso(plannedAt)}, not ${iso(mail.plannedAt)}`],
    [
      reasons === undefined || (state === 'skipped' && reasons.includes(reason ?? '')),
      () => `${where} is ${state} ${reason}, not skipped: ${reasons}`,
    ],
  )
}

const nothingTooMuch: Invariant = ({ known, after, matching }) => {
  const expected = new Set(known.courses.map(({ contact, scenario, key }) => `${contact} ${scenario} ${key}`))
  const enrolmentIds = new Set(after.courses.map(({ row }) => row.id))
  return [
    ...after.courses
      .filter(({ key, row }) => !expected.has(`${row.contactId} ${row.scenario} ${key}`))
      .map(({ key, row }) => `${row.contactId} in ${row.scenario} (${key}) is ${row.state} and should not be there`),
    ...after.messages
      .filter((message) => enrolmentIds.has(message.enrolmentId ?? '') && matching.mailOf(known.courses, message) === null)
      .map(({ contactId, stepId, scenario }) => `${contactId} has a mail ${stepId} of ${scenario} too many`),
  ]
}

/** People, enrolments and planned mail, none missing and none too many. */
export const agrees: Invariant = (moment) => {
  const { known, after, matching } = moment
  const courses = known.courses.flatMap((course) => [
    ...compareCourse(known, course, matching.rowOf(course)),
    ...course.mails.flatMap((mail) => compareMail(course, mail, matching.messageOf(course, mail))),
  ])
  return [...comparePeople(known, after), ...courses, ...nothingTooMuch(moment)]
}
