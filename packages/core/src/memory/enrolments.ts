import type { Enrolment } from '../domain/scenario/enrolment.ts'
import { compareCodePoints } from '../domain/segment/code-point-order.ts'
import type { EnrolmentWriter, OwnWork, ScenarioRow, ScenarioVersionRow } from '../ports/storage/index.ts'
import { earliestContacts } from './earliest-contacts.ts'
import { keyOf } from './key-of.ts'
import type { Tables } from './tables.ts'
import { verb } from './verb.ts'

export const createEnrolments = (tables: Tables): EnrolmentWriter => ({
  due: ({ now, limit, formats, foreign = [] }) =>
    verb(() => earliestContacts(dueByVersion(tables, { formats, foreign }), (row) => row.wakeAt, { now, limit })),
  ofContact: (contactId) => verb(() => [...tables.enrolmentsByContact.of(contactId)]),
  ofContacts: (contactIds, options) =>
    verb(() =>
      [...new Set(contactIds)]
        .sort(compareCodePoints)
        .flatMap((contactId) => tables.enrolmentsByContact.of(contactId))
        .filter((row) => options?.scenario === undefined || row.scenario === options.scenario),
    ),
  page: ({ scenario, exceptVersion, after, limit }) =>
    verb(() => {
      const found: Enrolment[] = []
      const rows = tables.activeByScenario.list(scenario)
      for (const row of rows.from(({ id }) => after === null || compareCodePoints(id, after) > 0)) {
        if (found.length >= limit) break
        if (row.version !== exceptVersion) found.push(row)
      }
      return found
    }),
  countByStep: (scenario) =>
    verb(() => {
      const rows = [...tables.enrolments.values()].filter((row) => row.scenario === scenario)
      return [...Map.groupBy(rows, stepKey).values()].flatMap((group) => {
        const [first] = group
        if (first === undefined) return []
        const { version, state, stepId, endReason } = first
        return { version, state, stepId, endReason, count: group.length }
      })
    }),
  count: ({ scenario, state }) =>
    verb(() => {
      let count = 0
      for (const row of tables.enrolments.values()) {
        if (row.scenario === scenario && (state === undefined || row.state === state)) count += 1
      }
      return count
    }),
  lockActive: (contactIds) =>
    verb(() =>
      [...new Set(contactIds)]
        .sort(compareCodePoints)
        .flatMap((contactId) => tables.enrolmentsByContact.of(contactId).filter((row) => row.state === 'active')),
    ),
  enter: (rows) =>
    verb(() => {
      const entered: string[] = []
      for (const row of rows) {
        if (tables.enrolmentsByEntry.get(keyOf(row.scenario, row.contactId, row.entryKey)) !== undefined) continue
        tables.enrolments.put(row)
        entered.push(row.id)
      }
      return entered
    }),
  save: (rows) =>
    verb(() => {
      for (const row of rows) {
        const { scenario, contactId, entryKey } = tables.enrolments.get(row.id) ?? row
        tables.enrolments.put({ ...row, scenario, contactId, entryKey })
      }
    }),
  forget: (contactId) =>
    verb(() => {
      for (const row of tables.enrolmentsByContact.of(contactId))
        tables.enrolments.put({ ...row, entryKey: row.id, event: {}, memory: {} })
    }),
  move: (from, into) =>
    verb(() => {
      const moved: string[] = []
      for (const row of tables.enrolmentsByContact.of(from)) {
        if (tables.enrolmentsByEntry.get(keyOf(row.scenario, into, row.entryKey)) !== undefined) continue
        tables.enrolments.put({ ...row, contactId: into })
        moved.push(row.id)
      }
      return moved
    }),
})

const stepKey = (row: Enrolment): string => JSON.stringify([row.version, row.state, row.stepId, row.endReason])

/** Waiting enrolments of each version whose scenario runs; with `own` of those that it can work in. */
export const dueByVersion = (tables: Tables, own?: Pick<OwnWork, 'formats' | 'foreign'>): Iterable<Enrolment>[] => {
  const groups: Iterable<Enrolment>[] = []
  for (const key of tables.enrolmentsDue.keys()) {
    const version = tables.versions.get(key)
    if (version === undefined || !isRunning(tables.scenarios.get(version.scenario)?.state)) continue
    if (own === undefined || isOwn(own, version)) groups.push(tables.enrolmentsDue.list(key))
  }
  return groups
}

const isOwn = (
  { formats, foreign }: Pick<OwnWork, 'formats' | 'foreign'>,
  { scenario, version, format }: Pick<ScenarioVersionRow, 'scenario' | 'version' | 'format'>,
): boolean => formats.includes(format) && !foreign.some((one) => one.scenario === scenario && one.version === version)

/** `stopped` lets nobody in, and those who are in finish. */
const isRunning = (state: ScenarioRow['state'] | undefined): boolean => state === 'active' || state === 'stopped'
