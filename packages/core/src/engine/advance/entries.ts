import type { Enrolment } from '../../domain/scenario/enrolment.ts'
import { matchesPayload } from '../../domain/scenario/match-event.ts'
import type { ScenarioDefinition } from '../../domain/scenario/scenario-definition.ts'
import { day } from '../../domain/time/instant.ts'
import type { InboxRow, Step } from '../../ports/storage/index.ts'
import { admit } from './admit.ts'
import { type Batch, longestChain } from './batch.ts'
import type { ScenarioBook } from './scenario-book.ts'
import type { Start } from './start.ts'

/** Entry by hand into a scenario that another process must start is left to that process for this long. */
const patience = day

/**
 * Starts enrolments for what happened: events that a scenario enters on, unless too old or told to start nothing, entries by
 * hand, and what the watches found (`found`, after the rows). Of several with one key (scenario, contact, entryKey) the first in
 * life wins, also against what is stored.
 */
export function* enterScenarios(
  batch: Batch,
  fresh: readonly InboxRow[],
  found: readonly Start[],
  book: ScenarioBook,
): Step<readonly Start[]> {
  const isFresh = new Set(fresh)
  const fromRows = batch.inbox.flatMap((row) => {
    if (row.kind === 'enrol') return startByHand(batch, row, book)
    return row.kind === 'track' && row.startScenarios && isFresh.has(row) ? startsByEvent(batch, row, book) : []
  })
  const wanted = [...fromRows, ...found]
  if (wanted.length === 0) return []
  const admitted = yield* admit(
    batch,
    wanted.filter((start) => isShortChain(batch, start)),
  )
  if (admitted.length === 0) return []
  const isNew = new Set(yield* batch.tx.enrolments.enter(admitted.map(({ enrolment }) => enrolment)))
  return admitted.filter(({ enrolment }) => isNew.has(enrolment.id))
}

/** Rows that this batch must not remove: entries by hand into a scenario that only another process can start. */
export const rowsForOthers = (batch: Batch, book: ScenarioBook): readonly InboxRow[] =>
  batch.inbox.filter((row) => row.kind === 'enrol' && book.isForOthers(row.name) && batch.now - row.receivedAt < patience)

const startsByEvent = (batch: Batch, row: InboxRow, book: ScenarioBook): readonly Start[] =>
  book.startedBy(row.name).flatMap((definition) => {
    const { trigger, maxEventAge } = definition
    if (trigger?.kind !== 'event' || batch.now - row.occurredAt > maxEventAge) return []
    const timeZone = batch.contacts.get(row.contactId)?.timeZone ?? batch.runtime.settings.timeZone
    if (!matchesPayload(trigger, row, timeZone)) return []
    return [startOf(batch, row, definition, book)]
  })

/** By hand, by another scenario or by a backfill. Into a scenario that takes nobody, or at a step that it lacks, it is dropped with a word. */
const startByHand = (batch: Batch, row: InboxRow, book: ScenarioBook): readonly Start[] => {
  const definition = book.open.find(({ name }) => name === row.name)
  const fields = { contactId: row.contactId, scenario: row.name }
  if (definition === undefined) {
    const state = book.row(row.name)?.state ?? 'unknown'
    if (!book.isForOthers(row.name)) batch.notes.push({ level: 'warn', event: 'enrolment.refused', fields: { ...fields, state } })
    return []
  }
  const { at } = row.meta ?? {}
  if (at !== undefined && definition.steps[at] === undefined) {
    batch.notes.push({ level: 'warn', event: 'enrolment.refused', fields: { ...fields, step: at, version: definition.version } })
    return []
  }
  return [startOf(batch, row, definition, book)]
}

/** For an event and for an entry by hand alike, the row's key tells one entry from another where several are allowed. */
const startOf = (batch: Batch, row: InboxRow, definition: ScenarioDefinition, book: ScenarioBook): Start => {
  const { at, depth = 0 } = row.meta ?? {}
  const { contactId, occurredAt, payload } = row
  const entry = { contactId, entryKey: row.key, enteredAt: occurredAt, event: payload, depth }
  const enrolment = { ...newEnrolment(batch, book, definition, entry), memory: dated(row) }
  return { row, definition, isDate: false, enrolment: at === undefined ? enrolment : { ...enrolment, stepId: at } }
}

/** An entry by hand or by a backfill as of an earlier date is where it would be since then: its first mail is of then too, not of now. */
const dated = ({ kind, occurredAt, receivedAt }: InboxRow): Enrolment['memory'] =>
  kind === 'enrol' && occurredAt < receivedAt ? { due: { at: occurredAt, reachedAt: occurredAt, isFresh: false, taken: 0 } } : {}

/** An enrolment that has not taken its first step. */
export const newEnrolment = (
  batch: Batch,
  book: ScenarioBook,
  definition: ScenarioDefinition,
  entry: Pick<Enrolment, 'contactId' | 'entryKey' | 'enteredAt' | 'event' | 'depth'>,
): Enrolment => ({
  id: batch.runtime.randomId(),
  scenario: definition.name,
  version: definition.version,
  ...entry,
  state: 'active',
  stepId: definition.first,
  stepSeq: 0,
  rev: 0,
  wakeAt: entry.enteredAt,
  wakeSpec: null,
  anchorAt: entry.enteredAt,
  lastSendAt: null,
  endedAt: null,
  endReason: null,
  memory: {},
  pausesSeen: book.row(definition.name)?.pauses.length ?? 0,
})

/** Entered, but its first step has not been looked at: the scenario was paused, or left to a newer process. */
export const isUnstarted = ({ stepSeq, wakeSpec }: Enrolment): boolean => stepSeq === 0 && wakeSpec === null

const isShortChain = ({ notes }: Batch, { enrolment: { contactId, scenario, depth } }: Start): boolean => {
  if (depth <= longestChain) return true
  notes.push({ level: 'error', event: 'scenario.chainTooDeep', fields: { contactId, scenario, depth } })
  return false
}
