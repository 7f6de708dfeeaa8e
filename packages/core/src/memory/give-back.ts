import type { QueueRow } from './mail-tables.ts'
import type { Tables } from './tables.ts'

/** A row goes back to waiting, as if it had not been claimed. */
export const giveBack = (tables: Tables, row: QueueRow): void => {
  tables.queue.put({ ...row, phase: 0, leaseUntil: null, owner: null })
}
