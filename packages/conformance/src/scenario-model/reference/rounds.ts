import { bucketOf } from '@tobiishi/core'
import { enter, type Occasion } from './entering.ts'
import { isMember } from './membership.ts'
import { append, coursesOf, definitionOf, isOpen, type Knowledge, type Standing } from './standing.ts'
import { type Course, dropMail, type Happened, leave, type Person, type Waiting } from './state.ts'
import { fits } from './surroundings.ts'
import type { Consequence } from './take-step.ts'
import { walk } from './walk.ts'
import { fillWatches, lookAgain, watchDueAt } from './watching.ts'

const isPaused = (known: Knowledge, { scenario }: Course): boolean => known.scenarios.get(scenario)?.state === 'paused'

/** What a course wants done once the round is over. */
interface Wanted {
  readonly course: Course
  readonly consequence: Consequence
}

/** What is told at once is known at once, but nothing from what ends the course on: it has left by then. */
const goOn = (known: Knowledge, course: Course, wanted: Wanted[], ahead: readonly Happened[] = []): void => {
  const person = known.people.get(course.contact)
  if (course.state !== 'active' || isPaused(known, course) || person === undefined) return
  if (wanted.some((one) => one.course === course && one.consequence.kind === 'update')) return
  const ends = ahead.filter((event) => endingOf(known, course, event) !== null).map(({ occurredAt }) => occurredAt)
  const events = (known.events.get(person.id) ?? []).filter(({ occurredAt }) => ends.every((at) => occurredAt < at))
  const around = {
    now: known.now,
    definition: definitionOf(known, course),
    person,
    zone: person.zone ?? known.zone,
    quietHours: known.quietHours,
    isMarketing: known.isMarketing,
    isMember: (segment: string) => isMember(segment, person, events, known.now),
    events,
    openedAt: (step: string) => course.mails.findLast((mail) => mail.step === step)?.openedAt ?? null,
    variantOf: (experiment: string) => known.variantOf(experiment, person.id),
    seenEndedAt: known.seenEndedAt(course),
  }
  wanted.push(...walk(course, around).map((consequence) => ({ course, consequence })))
}

/** Why an event ends a course; null: it does not. */
const endingOf = (known: Knowledge, course: Course, event: Happened): string | null => {
  const { goal, exitOn } = definitionOf(known, course)
  if (event.occurredAt < course.enteredAt) return null
  if (goal?.kind === 'event' && fits(goal, event)) return 'goal'
  return exitOn.includes(event.name) ? `event:${event.name}` : null
}

const awaits = (known: Knowledge, course: Course, { name }: Happened): boolean => {
  const step = course.step === null ? undefined : definitionOf(known, course).steps[course.step]
  return step?.kind === 'wait-for' && step.arms.some(({ on }) => on.kind === 'event' && on.event === name)
}

/** Entering comes before everything else, also where a pause put it off. */
const tell = (known: Knowledge, course: Course, event: Happened, wanted: Wanted[], ahead: readonly Happened[]): void => {
  if (!course.hasStarted) goOn(known, course, wanted, [event, ...ahead])
  if (course.state !== 'active') return
  const reason = endingOf(known, course, event)
  if (reason !== null) leave(course, reason, Math.min(known.now, event.occurredAt), ['exited'], known.now)
  else if (awaits(known, course, event)) goOn(known, course, wanted, ahead)
}

/** An entry that is told late is told at once of what ended it since. */
const start = (known: Knowledge, course: Course, wanted: Wanted[]): void => {
  const since = (known.events.get(course.contact) ?? []).filter(({ occurredAt }) => occurredAt > course.enteredAt)
  goOn(known, course, wanted, since)
  for (const event of since.toSorted((a, b) => a.occurredAt - b.occurredAt)) {
    if (course.state === 'active' && endingOf(known, course, event) !== null) {
      known.sometimes('ended by what was told before')
      tell(known, course, event, wanted, [])
    }
  }
}

const bring = (
  known: Knowledge,
  standing: Standing | undefined,
  contact: string,
  occasion: Occasion,
  wanted: Wanted[],
): boolean => {
  const course = standing === undefined || !isOpen(standing) ? null : enter(known, standing, contact, occasion)
  if (course === null) return false
  start(known, course, wanted)
  return true
}

/** Ids count once a month (the ports say so); the same id with something else in it has no effect. */
const take = (known: Knowledge, contact: string, event: Happened): boolean => {
  const key = `${event.name} ${event.id} ${bucketOf(event.occurredAt)}`
  const payload = JSON.stringify(event.payload)
  const before = known.taken.get(key)
  if (before !== undefined) {
    known.sometimes(before.contact === contact && before.payload === payload ? 'duplicate ignored' : 'conflict ignored')
    return false
  }
  known.taken.set(key, { contact, payload })
  const earlier = known.events.get(contact) ?? []
  if (earlier.some(({ occurredAt }) => occurredAt > event.occurredAt)) known.sometimes('told out of order')
  known.events.set(contact, [...earlier, event])
  return true
}

const takeEvent = (known: Knowledge, contact: string, event: Happened, wanted: Wanted[], ahead: readonly Happened[]): void => {
  for (const course of coursesOf(known, contact)) {
    if (course.state === 'active') tell(known, course, event, wanted, ahead)
    if (course.state === 'completed' && event.occurredAt >= course.enteredAt) dropLeftover(known, course, event)
  }
  for (const standing of known.scenarios.values()) {
    const definition = standing.versions.get(standing.version)
    if (!isOpen(standing) || definition?.trigger?.kind !== 'event' || !fits(definition.trigger, event)) continue
    if (known.now - event.occurredAt > definition.maxEventAge) known.sometimes('too old to enter')
    else bring(known, standing, contact, { key: event.id, ...event }, wanted)
  }
}

/** Nobody is written to after the event that would have ended it, although it came to its end before. */
const dropLeftover = (known: Knowledge, course: Course, { name }: Happened): void => {
  const standing = known.scenarios.get(course.scenario)
  if (standing === undefined || !isOpen(standing)) return
  if (standing.versions.get(standing.version)?.exitOn.includes(name)) dropMail(course, ['exited'], known.now)
}

const takeRow = (known: Knowledge, contact: string, row: Exclude<Waiting, { kind: 'event' }>, wanted: Wanted[]): void => {
  if (row.kind === 'look') return
  const isIn = bring(known, known.scenarios.get(row.scenario), contact, row, wanted)
  if (isIn) known.sometimes(row.key.startsWith('by ') ? 'chain entered' : 'entered by hand')
}

/** Who entered first goes first. */
const carryOut = (known: Knowledge, person: Person, wanted: readonly Wanted[]): void => {
  const told = { occurredAt: known.now }
  for (const { course, consequence } of wanted.toSorted((one, other) => one.course.enteredAt - other.course.enteredAt)) {
    if (consequence.kind === 'enter') {
      const { scenario, payload } = consequence
      append(known, person.id, {
        ...told,
        kind: 'enrol',
        scenario,
        key: `by ${course.scenario} ${course.key} of ${course.seenAs ?? course.contact}`,
        payload,
        at: null,
      })
      continue
    }
    const { set, add } = consequence
    const lists = Object.entries(add).map(([name, items]) => {
      const list = person.attributes[name]
      return [name, [...new Set([...(Array.isArray(list) ? list : []), ...items])]]
    })
    person.attributes = { ...person.attributes, ...set, ...Object.fromEntries(lists) }
    append(known, person.id, { ...told, kind: 'look', starts: true })
  }
}

/** Works in what waits for a contact, in the order of its life; then looks at everything that it is in. */
const round = (known: Knowledge, contact: string): void => {
  const rows = (known.waiting.get(contact) ?? []).toSorted((a, b) => a.occurredAt - b.occurredAt || a.order - b.order)
  known.waiting.delete(contact)
  const person = known.people.get(contact) ?? { id: contact, address: null, zone: null, attributes: {}, said: [] }
  known.people.set(contact, person)
  const wanted: Wanted[] = []
  const fresh = rows.filter((row) => row.kind === 'event').filter((row) => take(known, contact, row))
  for (const row of rows) {
    if (row.kind !== 'event') takeRow(known, contact, row, wanted)
    else if (fresh.includes(row)) takeEvent(known, contact, row, wanted, fresh.slice(fresh.indexOf(row) + 1))
  }
  const mayStart = rows.some((row) => row.kind !== 'look' || row.starts)
  for (const { standing, occasion } of lookAgain(known, person, mayStart)) {
    const isIn = bring(known, standing, contact, occasion, wanted)
    if (isIn)
      known.sometimes(occasion.isDate === true ? 'entered by a date' : `entered by a segment, ${occasion.key.split(':')[0]}`)
  }
  for (const course of coursesOf(known, contact)) goOn(known, course, wanted)
  carryOut(known, person, wanted)
}

/** Works in all that waits for a contact, if anything does. */
export const drain = (known: Knowledge, contact: string): void => {
  while ((known.waiting.get(contact) ?? []).length > 0) round(known, contact)
}

/** Everything that is due now, for everybody. */
export const workAll = (known: Knowledge): void => {
  fillWatches(known)
  const contacts = new Set([...known.people.keys(), ...known.waiting.keys()])
  for (const contact of contacts) {
    round(known, contact)
    drain(known, contact)
  }
}

/** When the reference expects something to happen next; null: never by itself. */
export const nextDueAt = (known: Knowledge): number | null => {
  const due = known.courses.flatMap((course) => {
    if (course.state !== 'active' || isPaused(known, course) || !known.people.has(course.contact)) return []
    const lastMail = course.step === null ? course.mails.map(({ plannedAt }) => plannedAt) : []
    return [...lastMail, ...(course.stop === null || course.stop.endsAt === null ? [] : [course.stop.endsAt])]
  })
  const watches = [...known.people.keys()].flatMap((contact) => watchDueAt(known, contact) ?? [])
  const future = [...due, ...watches].filter((at) => at > known.now)
  return future.length === 0 ? null : Math.min(...future)
}
