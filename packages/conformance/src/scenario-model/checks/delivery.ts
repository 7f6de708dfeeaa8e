import { isOpen, longestGap, nextOpen, type OpenHours } from '../reference/calendar.ts'
import { refusalOf } from '../reference/consent.ts'
import { definitionOf, type Knowledge } from '../reference/standing.ts'
import type { Course, PlannedMail } from '../reference/state.ts'
import type { SeenMessage } from '../world/sighting.ts'
import type { HandOver } from './hand-overs.ts'
import { type Invariant, iso, type Moment, wrong } from './moment.ts'

const hoursFor = (known: Knowledge, course: Course, mail: PlannedMail): OpenHours => ({
  window: definitionOf(known, { scenario: course.scenario, version: mail.version }).window,
  quietHours: known.isMarketing(mail.template) ? known.quietHours : null,
  zone: known.people.get(course.contact)?.zone ?? known.zone,
})

interface Sent extends HandOver {
  readonly course: Course
  readonly mail: PlannedMail
  readonly what: string
}

/** What has just gone out, with what the reference calls it. */
const sentOf = ({ known, matching, handedOver }: Moment): readonly Sent[] =>
  handedOver.flatMap((handOver) => {
    const course = matching.courseOf(known.courses, handOver.message)
    const mail = matching.mailOf(known.courses, handOver.message)
    const what = `${mail?.step} of ${course?.contact} in ${course?.scenario} went out at ${iso(known.now)}`
    return course === null || mail === null ? [] : [{ ...handOver, course, mail, what }]
  })

export const atMostOnce: Invariant = ({ handOvers, handedOver, known, after }) => {
  const byKey = Map.groupBy(handOvers.all, ({ message }) => message.idemKey)
  const accepted = new Set(handOvers.all.map(({ message }) => message.id))
  const unheard = after.messages.filter(
    ({ id, state, finishedAt }) => state === 'sent' && finishedAt === known.now && !accepted.has(id),
  )
  return [
    ...[...byKey.values()].flatMap((all) =>
      wrong([all.length === 1, () => `${all[0]?.message.stepId} went out ${all.length} times`]),
    ),
    ...handOvers.strays.map((subject) => `${subject} is of no message`),
    ...handedOver.flatMap(({ message }) =>
      wrong([message.state === 'sent', () => `${message.stepId} went out and is ${message.state}`]),
    ),
    ...unheard.map(({ stepId }) => `${stepId} is sent and was never handed over`),
  ]
}

export const nothingAfterLeaving: Invariant = ({ handedOver, known }) =>
  handedOver.flatMap(({ message: { contactId, purpose, topic, stepId }, to }) => {
    const person = known.people.get(contactId)
    const refusal = person === undefined || purpose === 'transactional' ? null : refusalOf(person, topic)
    return wrong(
      [person?.address === to, () => `${stepId} went to ${to}, and ${contactId} has ${person?.address}`],
      [!known.suppressed.has(to), () => `${stepId} went to ${to}, which was erased`],
      [refusal === null, () => `${stepId} went to ${contactId} despite ${refusal}`],
    )
  })

/** One marketing mail a contact and local day. */
export const capsHold: Invariant = ({ caps, handedOver, handOvers }) =>
  handedOver.flatMap(({ message, date }) => {
    if (caps === null || message.purpose === 'transactional') return []
    const all = handOvers.of(message.contactId).filter((one) => one.date === date && one.message.purpose === 'marketing')
    return wrong([all.length <= 1, () => `${message.contactId} got ${all.length} on ${date}`])
  })

export const nothingOutsideItsWindow: Invariant = (moment) =>
  sentOf(moment).flatMap(({ course, mail, what }) =>
    wrong([isOpen(moment.known.now, hoursFor(moment.known, course, mail)), () => what]),
  )

/** Where nothing has disturbed the enrolment, not a minute later either. */
export const onTime: Invariant = (moment) =>
  sentOf(moment).flatMap(({ course, mail, what }) => {
    const { now } = moment.known
    const expected = Math.max(mail.plannedAt, mail.madeAt)
    return wrong(
      // Who has moved since may be in another window.
      [now >= mail.dueAt, () => `${what}, due at ${iso(mail.dueAt)}`],
      [!course.isPunctual || now === expected, () => `${what} and not at ${iso(expected)}`],
    )
  })

export const nothingHeldGoesOut: Invariant = (moment) =>
  sentOf(moment).flatMap(({ course, what }) =>
    wrong(
      [moment.known.scenarios.get(course.scenario)?.state !== 'paused', () => `${what}, in a pause`],
      [course.state === 'active' || course.state === 'completed', () => `${what}, after leaving: ${course.reason}`],
    ),
  )

type Cause = (known: Knowledge, message: SeenMessage, mail: PlannedMail | null, course: Course | null) => boolean

const refuses =
  (reason: string): Cause =>
  ({ people }, { contactId, topic }) =>
    refusalOf(people.get(contactId) ?? { said: [] }, topic) === reason

/** Whether the reasons of delivery can be true. Those of the plan, and why mail is dropped, the reference knows itself. */
const causes: { readonly [reason: string]: Cause } = {
  'no-consent': refuses('no-consent'),
  'consent-withdrawn': refuses('consent-withdrawn'),
  'no-address': ({ people }, { contactId }) => people.get(contactId)?.address === null,
  suppressed: ({ people, suppressed }, { contactId }) => suppressed.has(people.get(contactId)?.address ?? ''),
  capped: ({ hasCaps }) => hasCaps,
  /** Its last mail was put off, and then it was told of an exit that came with a merge. */
  exited: (_known, _message, _mail, course) => course?.state === 'exited' && course.isMerged,
  /** Planned for later, but who has moved since may have come into a window in the pause. */
  paused: ({ now }, _message, mail, course) => mail !== null && mail.dueAt < now && course?.isPunctual === false,
  /** Or it would be before it could go out; after a disturbance it keeps away from the mail before as well. */
  expired: (known, _message, mail, course) => {
    if (mail === null || course === null) return false
    const gap = course.isPunctual ? 0 : longestGap
    return nextOpen(known.now + gap, hoursFor(known, course, mail)) >= mail.plannedAt + mail.sendWithin
  },
}

/** What was sent stays sent, and what was left out was left out for a reason that is true. */
export const endsOnceAndForAReason: Invariant = ({ known, matching, before, after }) => {
  const earlier = new Map(before.messages.map((message) => [message.id, message]))
  return after.messages.flatMap((message) => {
    const { id, stepId, contactId, state, reason } = message
    const was = earlier.get(id)
    const told = `${stepId} of ${contactId} is ${state} ${reason}`
    if (was !== undefined && was.state !== 'queued')
      return wrong([was.state === state && was.reason === reason, () => `${told} and was ${was.state} ${was.reason}`])
    if (state !== 'skipped') return []
    const course = matching.courseOf(known.courses, message)
    const mail = matching.mailOf(known.courses, message)
    const isPlanned = mail === null || mail.skipped !== null || mail.dropped !== null
    known.sometimes(`${mail?.dropped ? 'dropped' : 'skipped'}: ${reason}`)
    return wrong([isPlanned || (causes[reason ?? '']?.(known, message, mail, course) ?? false), () => told])
  })
}

/** What waits still has its time to come, is held, or was moved by an outage or a cap. */
export const drains: Invariant = ({ known, matching, dueAt }) => [
  ...wrong([dueAt === null || dueAt > known.now, () => `work is due since ${iso(dueAt)}`]),
  ...known.courses
    .filter(({ scenario, isPunctual }) => isPunctual && !known.hasCaps && known.scenarios.get(scenario)?.state !== 'paused')
    .flatMap((course) =>
      course.mails
        .filter((mail) => matching.messageOf(course, mail)?.state === 'queued')
        .filter((mail) => mail.plannedAt <= known.now && isOpen(known.now, hoursFor(known, course, mail)))
        .map(({ step, plannedAt }) => `${step} of ${course.contact} in ${course.scenario} waits since ${iso(plannedAt)}`),
    ),
]
