import type { Suppression } from '../domain/consent/consent.ts'
import type { ConsentWriter, SuppressionWriter } from '../ports/storage/index.ts'
import type { Tables } from './tables.ts'
import { verb } from './verb.ts'

export const createConsents = (tables: Tables): ConsentWriter => ({
  ledger: (contactId) => verb(() => [...tables.ledgers.of(contactId)]),
  append: (entries) =>
    verb(() => {
      for (const entry of entries) if (tables.consents.get(entry.id) === undefined) tables.consents.put(entry)
    }),
  move: (from, into) =>
    verb(() => {
      for (const entry of tables.ledgers.of(from)) tables.consents.put({ ...entry, contactId: into })
    }),
})

export const createSuppressions = (tables: Tables): SuppressionWriter => ({
  find: (keys) => verb(() => tables.suppressions.pick(new Set(keys))),
  put: (rows) =>
    verb(() => {
      for (const row of rows) tables.suppressions.put(merged(tables.suppressions.get(row.key), row))
    }),
  remove: (keys) =>
    verb(() => {
      for (const key of keys) tables.suppressions.delete(key)
    }),
})

/** The row of the wider scope stays, of equals the one that was there; never a later `since`. */
const merged = (before: Suppression | undefined, next: Suppression): Suppression => {
  if (before === undefined) return next
  const widens = before.scope === 'marketing' && next.scope === 'all'
  return { ...(widens ? next : before), since: Math.min(before.since, next.since) }
}
