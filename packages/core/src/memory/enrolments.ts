import type { Enrolment } from '../domain/scenario/enrolment.ts'
import { compareCodePoints } from '../domain/segment/code-point-order.ts'
import type { EnrolmentWriter } from '../ports/storage/index.ts'
import { keyOf, type Tables } from './tables.ts'
import { verb } from './verb.ts'

export const createEnrolments = (tables: Tables): EnrolmentWriter => ({
  due: ({ now, limit, formats }) =>
    verb(() => {
      const earliest = new Map<string, number>()
      for (const rows of dueByVersion(tables, formats)) {
        for (const row of firstContacts(rows, now, limit)) {
          const wakeAt = row.wakeAt ?? 0
          earliest.set(row.contactId, Math.min(wakeAt, earliest.get(row.contactId) ?? wakeAt))
        }
      }
      return [...earliest]
        .sort(([aId, aAt], [bId, bAt]) => aAt - bAt || compareCodePoints(aId, bId))
        .slice(0, limit)
        .map(([id]) => id)
    }),
  ofContact: (contactId) => verb(() => [...tables.enrolmentsByContact.of(contactId)]),
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
      for (const row of rows) tables.enrolments.put(row)
    }),
})

/** Waiting enrolments of each version whose scenario is active and whose format is one of `formats` (any, without). */
export const dueByVersion = (tables: Tables, formats?: readonly number[]): Iterable<Enrolment>[] => {
  const groups: Iterable<Enrolment>[] = []
  for (const key of tables.enrolmentsDue.keys()) {
    const version = tables.versions.get(key)
    if (version === undefined || tables.scenarios.get(version.scenario)?.state !== 'active') continue
    if (formats === undefined || formats.includes(version.format)) groups.push(tables.enrolmentsDue.list(key))
  }
  return groups
}

/** The first due row of each of the first `limit` contacts. */
const firstContacts = (rows: Iterable<Enrolment>, now: number, limit: number): Iterable<Enrolment> => {
  const firsts = new Map<string, Enrolment>()
  for (const row of rows) {
    if (row.wakeAt === null || row.wakeAt > now || firsts.size >= limit) break
    if (!firsts.has(row.contactId)) firsts.set(row.contactId, row)
  }
  return firsts.values()
}
