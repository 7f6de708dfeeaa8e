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
  (mayFlip(row) && own.some((enrolment) => isLeft(enrolment, earlier, book)))

/** Whether it may bring the contact into a segment. */
const mayFlip = ({ kind, startScenarios }: InboxRow): boolean => startScenarios && kind !== 'enrol' && kind !== 'step'

/** Whether a segment may bring the contact back into a scenario that it leaves by one of these rows. */
const isLeft = ({ scenario, enteredAt }: Enrolment, rows: readonly InboxRow[], { open }: ScenarioBook): boolean => {
  const definition = open.find(({ name }) => name === scenario)
  if (definition?.trigger?.kind !== 'segment' || definition.reentry.kind !== 'after-exit') return false
  return rows.some((row) => row.occurredAt >= enteredAt && endsByEvent(row, definition))
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
