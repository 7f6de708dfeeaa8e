import type { Assignment, AssignmentWriter } from '../ports/storage/index.ts'
import { byText } from './compare.ts'
import { keyOf } from './key-of.ts'
import type { Tables } from './tables.ts'
import { verb } from './verb.ts'

export const createAssignments = (tables: Tables): AssignmentWriter => ({
  get: (experiments, contactIds) =>
    verb(() =>
      tables.assignments.pick(
        new Set(contactIds.flatMap((contactId) => experiments.map((experiment) => keyOf(experiment, contactId)))),
      ),
    ),
  count: (experiment) =>
    verb(() => {
      const rows = [...tables.assignments.values()].filter((row) => row.experiment === experiment)
      return [...Map.groupBy(rows, (row) => row.variant)]
        .map(([variant, group]) => ({ variant, contacts: group.length }))
        .sort(byText((row) => row.variant))
    }),
  put: (rows) =>
    verb(() => {
      for (const row of rows) if (tables.assignments.get(idOf(row)) === undefined) tables.assignments.put(row)
    }),
  move: (from, into) =>
    verb(() => {
      for (const row of tables.assignmentsByContact.of(from)) {
        tables.assignments.delete(idOf(row))
        if (into === null) continue
        const moved = { ...row, contactId: into }
        if (tables.assignments.get(idOf(moved)) === undefined) tables.assignments.put(moved)
      }
    }),
})

const idOf = (row: Assignment): string => keyOf(row.experiment, row.contactId)
