import type { EventRow, InboxRow, Step } from '../../ports/storage/index.ts'
import type { Batch } from './batch.ts'

/**
 * Records `track` entries, each (name, id) once, and answers those that are new, in the order of life. The same id with
 * another payload is reported and has no effect.
 */
export function* recordTracked(batch: Batch): Step<readonly InboxRow[]> {
  const rows = batch.inbox.filter(({ kind }) => kind === 'track')
  if (rows.length === 0) return []
  const { inserted, conflicting } = yield* batch.tx.events.record(rows.map(eventOf))
  for (const index of conflicting) {
    const row = rows[index]
    if (row === undefined) continue
    const fields = { contactId: row.contactId, name: row.name, eventId: row.key }
    batch.notes.push({ level: 'warn', event: 'event.conflicted', fields })
  }
  const isNew = new Set(inserted)
  return rows.filter((_row, index) => isNew.has(index))
}

/** The row of the event that a `track` entry tells of. */
export const eventOf = (row: InboxRow): EventRow => ({
  name: row.name,
  id: row.key,
  contactId: row.contactId,
  payload: row.payload,
  occurredAt: row.occurredAt,
  receivedAt: row.receivedAt,
})
