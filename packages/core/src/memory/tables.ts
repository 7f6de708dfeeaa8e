import type { Instant } from '../domain/time/instant.ts'
import type { InstallationStamp } from '../ports/storage/index.ts'
import { createContactTables } from './contact-tables.ts'
import type { Journal } from './journal.ts'
import { createMailTables } from './mail-tables.ts'
import { createScenarioTables } from './scenario-tables.ts'
import { Table } from './table.ts'

/** The rows of which there is one. */
export interface SingleRow {
  readonly key: 'stamp' | 'worker' | 'inboxId'
  readonly stamp?: InstallationStamp
  readonly worker?: { readonly owner: string; readonly until: Instant }
  readonly inboxId?: number
}

export type Tables = ReturnType<typeof createTables>

/** Every table with the indexes that its verbs read. */
export const createTables = (journal: Journal) => ({
  ...createContactTables(journal),
  ...createScenarioTables(journal),
  ...createMailTables(journal),
  singles: new Table<SingleRow>(journal, (row) => row.key),
})
