import type { ScenarioDefinition } from '../../domain/scenario/scenario-definition.ts'
import type { InboxRow } from '../../ports/storage/index.ts'
import { partsOf } from './definition-parts.ts'
import type { ScenarioBook } from './scenario-book.ts'

/**
 * The rows that can be worked in together. Whether a contact may enter again after leaving depends on what the rows before have
 * made of the enrolment, so such an entry begins a new round: its row and what follows in that contact's life stay for the next.
 */
export const nextRound = (inbox: readonly InboxRow[], book: ScenarioBook): readonly InboxRow[] => {
  const taken = new Map<string, InboxRow[]>()
  const isCut = new Set<string>()
  for (const row of inbox) {
    if (isCut.has(row.contactId)) continue
    const earlier = taken.get(row.contactId) ?? []
    if (mayStart(row, book).some((definition) => earlier.some((one) => mayEnd(one, definition)))) isCut.add(row.contactId)
    else taken.set(row.contactId, [...earlier, row])
  }
  return isCut.size === 0 ? inbox : [...taken.values()].flat()
}

/** Scenarios that can be entered again after leaving, and that this row may start. */
const mayStart = (row: InboxRow, book: ScenarioBook): readonly ScenarioDefinition[] => {
  const started = row.kind === 'track' ? book.startedBy(row.name) : row.kind === 'enrol' ? book.open : []
  return started.filter(({ name, reentry }) => reentry.kind === 'after-exit' && (row.kind === 'track' || name === row.name))
}

/** Whether working in this row may end an enrolment in the scenario: an earlier one, or by hand one that comes to its end at once. */
const mayEnd = (row: InboxRow, definition: ScenarioDefinition): boolean => {
  const { ending, awaited, endsBySegment } = partsOf(definition)
  if (row.kind === 'enrol') return row.name === definition.name
  if (row.kind === 'step' || endsBySegment) return true
  return row.kind === 'track' && (ending.has(row.name) || awaited.has(row.name))
}
