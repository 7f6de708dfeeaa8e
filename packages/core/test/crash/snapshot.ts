import { labelsOf, relabelled } from './labels.ts'
import type { Rows } from './rows.ts'
import type { Witness } from './witness.ts'

/** How a world stands, ids and times apart: line by line, each with what it is about. */
export type Snapshot = ReadonlyMap<string, string>

/** Lines by their subject, in order. */
export const snapshotOf = (rows: Rows, witness: Witness): Snapshot => {
  const labels = labelsOf(rows, witness)
  const line = (subject: string, value: unknown): [string, string] => {
    const [name, text] = [relabelled(subject, labels), relabelled(value, labels)]
    return [JSON.parse(name), text]
  }
  const lines = [
    ...rows.enrolments.map((row) => line(`enrolment ${row.id}`, enrolmentOf(row))),
    ...rows.messages.map((row) => line(`message ${row.id}`, messageOf(row))),
    ...rows.contacts.map((row) => line(`contact ${row.id}`, contactOf(row))),
    ...rows.assignments.map((row) => line(`variant of ${row.contactId} in ${row.experiment}`, row.variant)),
    ...rows.events.map((row) => line(`event ${row.name} ${row.id}`, { contactId: row.contactId, payload: row.payload })),
    ...rows.scenarios.map((row) => line(`scenario ${row.name}`, scenarioOf(row))),
    ...rows.versions.map((row) => line(`version ${row.version} of ${row.scenario}`, row.hash)),
    ...rows.watches.map((row) => line(`watch ${row.key}`, row.state)),
    ...rows.members.map((row) => line(`member ${row.contactId} of ${row.key}`, memberOf(row))),
    ...rows.jobs.map((row) => line(`job ${row.id}`, { state: row.state, done: row.done })),
    ...rows.calls.map((row) => line(`call ${row.idemKey}`, { state: row.state, attempt: row.attempt })),
    line('suppression', rows.isSuppressed),
  ]
  return new Map(lines.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** When things happened, by the same subjects. */
export type Times = ReadonlyMap<string, { readonly [what: string]: number | null }>

export const timesOf = (rows: Rows, witness: Witness): Times => {
  const labels = labelsOf(rows, witness)
  const times = new Map<string, { readonly [what: string]: number | null }>()
  for (const { id, enteredAt, endedAt } of rows.enrolments) times.set(`enrolment ${labels.get(id)}`, { enteredAt, endedAt })
  for (const { id, plannedAt, finishedAt } of rows.messages) times.set(`message ${labels.get(id)}`, { plannedAt, finishedAt })
  return times
}

const enrolmentOf = (row: Rows['enrolments'][number]) => {
  const { contactId, version, state, stepId, stepSeq, rev, wakeAt, event, endReason, pausesSeen, depth, memory } = row
  const { holdout, skipping, sentBefore, lastSendSeq } = memory
  const kept = { holdout, skipping, sentBefore, lastSendSeq }
  const waits = wakeAt !== null
  return { contactId, version, state, stepId, stepSeq, rev, waits, event, endReason, pausesSeen, depth, ...kept }
}

const messageOf = ({ contactId, template, props, scenarioVersion, stepId, state, reason }: Rows['messages'][number]) => ({
  contactId,
  template,
  props,
  scenarioVersion,
  stepId,
  state,
  reason,
})

const contactOf = ({ email, timeZone, attributes, consent }: Rows['contacts'][number]) => ({
  email,
  timeZone,
  attributes,
  consent: [consent.all?.status, ...Object.entries(consent.topics).map(([topic, { status }]) => `${topic} ${status}`)],
})

const scenarioOf = ({ version, state, origin, pauses, pausedAt, draftVersion }: Rows['scenarios'][number]) => ({
  version,
  state,
  origin,
  pauses: pauses.map(({ missed }) => missed),
  isPaused: pausedAt !== null,
  draftVersion,
})

const memberOf = ({ isMember, nextAt }: Rows['members'][number]) => ({ isMember, changes: nextAt !== null })

/** What differs, subject by subject. */
export const differences = (found: Snapshot, expected: Snapshot): string[] =>
  [...new Set([...expected.keys(), ...found.keys()])].flatMap((subject) => {
    const [is, should] = [found.get(subject) ?? 'missing', expected.get(subject) ?? 'missing']
    return is === should ? [] : [`${subject}\n  is     ${is}\n  should ${should}`]
  })
