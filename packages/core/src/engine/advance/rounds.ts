import type { Enrolment } from '../../domain/scenario/enrolment.ts'
import type { ScenarioDefinition } from '../../domain/scenario/scenario-definition.ts'
import type { InboxRow } from '../../ports/storage/index.ts'
import { partsOf } from './definition-parts.ts'
import type { ScenarioBook } from './scenario-book.ts'

/**
 * The rows that can be worked in together. Whether a contact may enter again after leaving depends on what the rows before have
 * made of the enrolment, so such an entry begins a new round: its row and what follows in that contact's life stay for the next.
 */
export const nextRound = (inbox: readonly InboxRow[], running: readonly Enrolment[], book: ScenarioBook): readonly InboxRow[] => {
  const byContact = Map.groupBy(running, ({ contactId }) => contactId)
  const taken = new Map<string, InboxRow[]>()
  const isCut = new Set<string>()
  for (const row of inbox) {
    if (isCut.has(row.contactId)) continue
    const earlier = taken.get(row.contactId) ?? []
    if (earlier.length > 0 && comesBack(row, earlier, byContact.get(row.contactId) ?? [], book)) isCut.add(row.contactId)
    else taken.set(row.contactId, [...earlier, row])
  }
  return isCut.size === 0 ? inbox : [...taken.values()].flat()
}

const comesBack = (row: InboxRow, earlier: readonly InboxRow[], own: readonly Enrolment[], book: ScenarioBook): boolean =>
  mayStart(row, book).some((definition) => earlier.some((one) => mayEnd(one, definition))) ||
  mayFlip(row, own, book).some((definition) => earlier.some((one) => endsByEvent(one, definition)))

/** Scenarios that the contact is in and may enter again after leaving, by a segment to which this row may bring it back. */
const mayFlip = (
  { kind, startScenarios }: InboxRow,
  own: readonly Enrolment[],
  { open }: ScenarioBook,
): readonly ScenarioDefinition[] => {
  if (!startScenarios || kind === 'enrol' || kind === 'step' || own.length === 0) return []
  const isIn = new Set(own.map(({ scenario }) => scenario))
  return open.filter(
    ({ name, trigger, reentry }) => isIn.has(name) && trigger?.kind === 'segment' && reentry.kind === 'after-exit',
  )
}

const endsByEvent = (row: InboxRow, definition: ScenarioDefinition): boolean => {
  const { ending, awaited } = partsOf(definition)
  return row.kind === 'track' && (ending.has(row.name) || awaited.has(row.name))
}

/** Scenarios that can be entered again after leaving, and that this row may start. */
const mayStart = (row: InboxRow, book: ScenarioBook): readonly ScenarioDefinition[] => {
  const started = row.kind === 'track' ? book.startedBy(row.name) : row.kind === 'enrol' ? book.open : []
  return started.filter(({ name, reentry }) => reentry.kind === 'after-exit' && (row.kind === 'track' || name === row.name))
}

/** Whether working in this row may end an enrolment in the scenario: an earlier one, or by hand one that comes to its end at once. */
const mayEnd = (row: InboxRow, definition: ScenarioDefinition): boolean => {
  if (row.kind === 'enrol') return row.name === definition.name
  return row.kind === 'step' || partsOf(definition).endsBySegment || endsByEvent(row, definition)
}
