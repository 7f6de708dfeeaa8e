import { isDeepStrictEqual } from 'node:util'
import { isSame } from '../reference/migrating.ts'
import type { SeenCourse, Sighting } from '../world/sighting.ts'
import { type Invariant, type Moment, wrong } from './moment.ts'

const hasWaiting = ({ messages }: Sighting, enrolmentId: string): boolean =>
  messages.some((message) => message.enrolmentId === enrolmentId && message.state === 'queued')

/** A merge changes whose it is, and whose last mail was put off is in its scenario until that goes out. */
export const onlyGrows: Invariant = ({ before, after }) => {
  const earlier = new Map(before.courses.map(({ row }) => [row.id, row]))
  return after.courses.flatMap(({ row }) => {
    const was = earlier.get(row.id)
    const where = `${row.contactId} in ${row.scenario}`
    if (was === undefined) return []
    const isBack = was.state === 'completed' && row.stepId === null && hasWaiting(before, row.id)
    const isKept = was.state === 'active' || isBack || isDeepStrictEqual({ ...was, contactId: row.contactId }, row)
    return wrong(
      [row.stepSeq >= was.stepSeq, () => `${where} went from stepSeq ${was.stepSeq} to ${row.stepSeq}`],
      [row.rev >= was.rev, () => `${where} went from revision ${was.rev} to ${row.rev}`],
      [isKept, () => `${where} was ${was.state} and is ${JSON.stringify(row)}`],
    )
  })
}

export const nobodyFails: Invariant = ({ after, errors }) => [
  ...errors,
  ...after.courses.flatMap(({ row }) =>
    wrong([row.state !== 'failed', () => `${row.contactId} in ${row.scenario} failed: ${row.endReason}`]),
  ),
]

/** For as long as there is this contact. */
export const keepsVariants: Invariant = ({ before, after }) =>
  [...after.variants].flatMap(([key, variant]) => {
    const was = before.variants.get(key)
    const [contact = ''] = key.split(' ').slice(1)
    const isNew = before.contacts.get(contact)?.createdAt !== after.contacts.get(contact)?.createdAt
    return wrong([was === undefined || was === variant || isNew, () => `${key} was ${was} and is ${variant}`])
  })

type Parts = { readonly [part: string]: unknown }

/** By key, what is left of each side. */
const changesOf = (was: ReadonlyMap<string, Parts>, is: ReadonlyMap<string, Parts>): readonly string[] =>
  [...new Set([...was.keys(), ...is.keys()])].flatMap((key) => {
    const [before = {}, after = {}] = [was.get(key), is.get(key)]
    const parts = Object.keys({ ...before, ...after }).filter((part) => !isDeepStrictEqual(before[part], after[part]))
    return parts.map((part) => `${key}: ${part} was ${JSON.stringify(before[part])} and is ${JSON.stringify(after[part])}`)
  })

/** All that differs, but for these parts of enrolments. Who has not taken notice of a pause yet may do so at any touch. */
const differences = ({ before, after, known }: Moment, ignored: readonly string[]): readonly string[] => {
  const isBehind = ({ row }: SeenCourse) => row.pausesSeen < (known.scenarios.get(row.scenario)?.pauses ?? 0)
  const leftOut = new Set(before.courses.filter(isBehind).map(({ row }) => row.id))
  const enrolmentsOf = ({ courses }: Sighting) =>
    new Map(
      courses.flatMap(({ row }): [string, Parts][] => {
        if (leftOut.has(row.id)) return []
        const parts = Object.entries({ ...row, ...row.memory }).filter(([part]) => part !== 'memory' && !ignored.includes(part))
        return [[`${row.contactId} in ${row.scenario} (${row.entryKey})`, Object.fromEntries(parts)]]
      }),
    )
  const mailOf = ({ messages }: Sighting) =>
    new Map(
      messages.map((message): [string, Parts] => [`${message.stepId} of ${message.contactId} ${message.id}`, { ...message }]),
    )
  return [...changesOf(enrolmentsOf(before), enrolmentsOf(after)), ...changesOf(mailOf(before), mailOf(after))]
}

const whereAtRest =
  (deeds: readonly Moment['deed']['do'][], ignored: readonly string[] = []): Invariant =>
  (moment) =>
    moment.wasAtRest && deeds.includes(moment.deed.do) ? differences(moment, ignored) : []

export const pausedAtOnceIsNoOp = whereAtRest(['pause and resume'])
/** Whoever is held in a pause is looked at once more when it is over. */
export const repeatingIsNoOp = whereAtRest(['tell again'], ['wakeAt'])
/** One more worker, or a new one, has been woken for nothing. */
export const wakingIsNoOp = whereAtRest(['restart', 'second worker'])

/** But for the version that they are in, and what is remembered about that. */
export const migratingToTheSameIsNoOp: Invariant = (moment) => {
  const { deed, known, wasAtRest, before } = moment
  if (!wasAtRest || deed.do !== 'publish' || deed.scenario.definition.inFlight !== 'migrate') return []
  const to = deed.scenario.definition
  const versions = known.scenarios.get(to.name)?.versions
  const isOther = before.courses.some(({ row }) => {
    const from = versions?.get(row.version)
    return row.scenario === to.name && row.state === 'active' && (from === undefined || !isSame(from, to))
  })
  if (isOther) return []
  return differences(moment, ['version', 'rev', 'enteredVersion'])
}
