import type { QueueRow, Tables } from './tables.ts'

/** A row goes back to waiting, as if it had not been claimed. */
export const giveBack = (tables: Tables, row: QueueRow): void => {
  tables.queue.put({ ...row, phase: 0, leaseUntil: null, owner: null })
}

/** Whether its scenario is paused. */
export const isHeldByPause = (tables: Tables, row: QueueRow): boolean =>
  row.entry.scenario !== null && tables.scenarios.get(row.entry.scenario)?.state === 'paused'
