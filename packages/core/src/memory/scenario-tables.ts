import type { Enrolment } from '../domain/scenario/enrolment.ts'
import type { Instant } from '../domain/time/instant.ts'
import type { Assignment, Call, Job, ScenarioRow, ScenarioVersionRow, TemplateVersionRow } from '../ports/storage/index.ts'
import { byNumber, byText, inOrder } from './compare.ts'
import type { Journal } from './journal.ts'
import { keyOf } from './key-of.ts'
import { GroupedIndex, OrderedIndex, Table, UniqueIndex } from './table.ts'

/** `leaseUntil` is null where nobody holds the call. */
export interface CallRow {
  readonly call: Call
  readonly leaseUntil: Instant | null
  readonly token: number
}

/** When a waiting call can be claimed. */
export const callDueAt = (row: CallRow): Instant => Math.max(row.call.runAt, row.leaseUntil ?? Number.NEGATIVE_INFINITY)

/** Scenarios, who is in them, and what they do besides mail. */
export const createScenarioTables = (journal: Journal) => {
  const assignmentsByContact = new GroupedIndex<Assignment>(
    (row) => row.contactId,
    byText((row) => row.experiment),
  )
  return {
    scenarios: new Table<ScenarioRow>(journal, (row) => row.name),
    versions: new Table<ScenarioVersionRow>(journal, (row) => keyOf(row.scenario, row.version)),
    templates: new Table<TemplateVersionRow>(journal, (row) => row.hash),
    jobs: new Table<Job>(journal, (row) => row.id),
    assignments: new Table<Assignment>(journal, (row) => keyOf(row.experiment, row.contactId), [assignmentsByContact]),
    assignmentsByContact,
    ...createEnrolmentTable(journal),
    ...createCallTable(journal),
  }
}

const createEnrolmentTable = (journal: Journal) => {
  const isActive = (row: Enrolment): boolean => row.state === 'active'
  const enrolmentsByEntry = new UniqueIndex<Enrolment>((row) => keyOf(row.scenario, row.contactId, row.entryKey))
  const enrolmentsByContact = new GroupedIndex<Enrolment>(
    (row) => row.contactId,
    inOrder(
      byNumber((row) => row.enteredAt),
      byText((row) => row.id),
    ),
  )
  const activeByScenario = new GroupedIndex<Enrolment>(
    (row) => (isActive(row) ? row.scenario : null),
    byText((row) => row.id),
  )
  /** Active ones by version, because a paused scenario or an unreadable format leaves all of a version alone. */
  const enrolmentsDue = new GroupedIndex<Enrolment>(
    (row) => (isActive(row) && row.wakeAt !== null ? keyOf(row.scenario, row.version) : null),
    inOrder(
      byNumber((row) => row.wakeAt ?? 0),
      byText((row) => row.id),
    ),
  )
  return {
    enrolments: new Table<Enrolment>(journal, (row) => row.id, [
      enrolmentsByEntry,
      enrolmentsByContact,
      activeByScenario,
      enrolmentsDue,
    ]),
    enrolmentsByEntry,
    enrolmentsByContact,
    activeByScenario,
    enrolmentsDue,
  }
}

const createCallTable = (journal: Journal) => {
  const byKey = byText((row: CallRow) => row.call.idemKey)
  const callsDue = new OrderedIndex<CallRow>(
    inOrder(
      byNumber((row) => row.call.runAt),
      byKey,
    ),
    (row) => row.call.state === 'waiting',
  )
  const callsByContact = new GroupedIndex<CallRow>((row) => row.call.contactId, byKey)
  const callsByEnrolment = new GroupedIndex<CallRow>((row) => row.call.enrolmentId, byKey)
  return {
    calls: new Table<CallRow>(journal, (row) => row.call.idemKey, [callsDue, callsByContact, callsByEnrolment]),
    callsDue,
    callsByContact,
    callsByEnrolment,
  }
}
