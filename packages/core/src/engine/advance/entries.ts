import type { Enrolment } from '../../domain/scenario/enrolment.ts'
import type { ScenarioDefinition } from '../../domain/scenario/scenario-definition.ts'
import { day, type Instant } from '../../domain/time/instant.ts'
import type { InboxRow, Step } from '../../ports/storage/index.ts'
import type { Batch } from './batch.ts'
import type { ScenarioBook } from './scenario-book.ts'

/** A new enrolment, beside the inbox row that made it. */
export interface Entry {
  readonly row: InboxRow
  readonly definition: ScenarioDefinition
  readonly enrolment: Enrolment
}

/** Entry by hand into a scenario that a newer process published is left to that process for this long. */
const patience = day

/**
 * Starts enrolments for what happened: events that a scenario enters on, unless too old or told to start nothing, and entries
 * by hand. Of several with one key (scenario, contact, entryKey) the first in life wins, also against what is stored.
 */
export function* enterScenarios(
  batch: Batch,
  fresh: readonly InboxRow[],
  declared: Iterable<string>,
  book: ScenarioBook,
): Step<readonly Entry[]> {
  const started = new Set(fresh)
  const current = [...declared].flatMap((name) => book.current(name) ?? [])
  const wanted = batch.inbox.flatMap((row): Entry[] => {
    if (row.kind === 'enrol')
      return current.filter(({ name }) => name === row.name).map((definition) => entryOf(batch, row, definition))
    if (row.kind !== 'track' || !row.startScenarios || !started.has(row)) return []
    const isOpen = ({ enterOn, maxEventAge }: ScenarioDefinition) =>
      enterOn === row.name && batch.now - row.occurredAt <= maxEventAge
    return current.filter(isOpen).map((definition) => entryOf(batch, row, definition))
  })
  const first = new Map<string, Entry>()
  for (const entry of wanted) {
    const { scenario, contactId, entryKey } = entry.enrolment
    const key = JSON.stringify([scenario, contactId, entryKey])
    if (!first.has(key)) first.set(key, entry)
  }
  if (first.size === 0) return []
  const isNew = new Set(yield* batch.tx.enrolments.enter([...first.values()].map(({ enrolment }) => enrolment)))
  return [...first.values()].filter(({ enrolment }) => isNew.has(enrolment.id))
}

/** Rows that this batch must not remove: entries by hand into a scenario that only a newer process declares. */
export const rowsForOthers = (batch: Batch, book: ScenarioBook): readonly InboxRow[] =>
  batch.inbox.filter(
    (row) =>
      row.kind === 'enrol' &&
      book.current(row.name) === null &&
      book.isPublished(row.name) &&
      batch.now - row.receivedAt < patience,
  )

/** For an event and for an entry by hand alike, the row's key tells one entry from another where several are allowed. */
const entryOf = (batch: Batch, row: InboxRow, definition: ScenarioDefinition): Entry => ({
  row,
  definition,
  enrolment: newEnrolment(batch, row, definition, definition.reentry === 'once' ? 'once' : row.key),
})

const newEnrolment = (batch: Batch, row: InboxRow, definition: ScenarioDefinition, entryKey: string): Enrolment => ({
  id: batch.runtime.randomId(),
  scenario: definition.name,
  version: definition.version,
  contactId: row.contactId,
  entryKey,
  state: 'active',
  stepId: definition.first,
  stepSeq: 0,
  rev: 0,
  wakeAt: row.occurredAt,
  wakeSpec: null,
  anchorAt: row.occurredAt,
  lastSendAt: null,
  event: row.payload,
  enteredAt: row.occurredAt,
  endedAt: null,
  endReason: null,
})

/** Entered, but its first step has not been looked at: the scenario was paused, or left to a newer process. */
export const isUnstarted = ({ stepSeq, wakeSpec }: Enrolment): boolean => stepSeq === 0 && wakeSpec === null

/** For contacts whose exit event came in before the entry that it should end: the latest such event after the entry. */
export function* laterExit(
  batch: Batch,
  { definition, enrolment }: Entry,
): Step<{ readonly name: string; readonly occurredAt: Instant } | null> {
  if (definition.exitOn.length === 0) return null
  const [latest] = yield* batch.tx.events.ofContact(enrolment.contactId, { names: definition.exitOn, limit: 1 })
  return latest !== undefined && latest.occurredAt > enrolment.enteredAt ? latest : null
}
