import { compareCodePoints } from '../domain/segment/code-point-order.ts'
import type { InboxEntry, InboxRow, InboxWriter } from '../ports/storage/index.ts'
import type { StoredInboxRow } from './contact-tables.ts'
import type { Tables } from './tables.ts'
import { verb } from './verb.ts'

export const createInbox = (tables: Tables): InboxWriter => ({
  append: (entries) => verb(() => appendToInbox(tables, entries)),
  waiting: ({ limit, contactIds }) =>
    verb(() => {
      const wanted = contactIds === undefined ? null : new Set(contactIds)
      const found = new Set<string>()
      const rows = wanted === null ? tables.inboxWaiting.rows : waitingOf(tables, wanted)
      for (const row of rows) {
        if (found.size >= limit) break
        found.add(row.contactId)
      }
      return [...found]
    }),
  failed: ({ limit }) =>
    verb(() => [...tables.inboxFailed.rows].slice(0, limit).map((row) => ({ ...rowOf(row), error: row.error ?? '' }))),
  load: (contactIds, limit) =>
    verb(() =>
      [...new Set(contactIds)]
        .sort(compareCodePoints)
        .flatMap((contactId) => tables.inboxByContact.of(contactId).slice(0, limit))
        .map(rowOf),
    ),
  remove: (ids) =>
    verb(() => {
      for (const id of ids) tables.inbox.delete(String(id))
    }),
  move: (from, into) =>
    verb(() => {
      for (const row of allOf(tables, from)) tables.inbox.put({ ...row, contactId: into })
    }),
  erase: (contactId) =>
    verb(() => {
      for (const row of allOf(tables, contactId)) tables.inbox.delete(String(row.id))
    }),
  fail: (ids, error) =>
    verb(() => {
      for (const row of tables.inbox.pick(ids.map(String))) tables.inbox.put({ ...row, error })
    }),
})

export const appendToInbox = (tables: Tables, entries: readonly InboxEntry[]): void => {
  let id = tables.singles.get('inboxId')?.inboxId ?? 0
  for (const entry of entries) tables.inbox.put({ ...entry, id: ++id, error: null })
  tables.singles.put({ key: 'inboxId', inboxId: id })
}

/** Waiting and failed. */
const allOf = (tables: Tables, contactId: string): StoredInboxRow[] => [
  ...tables.inboxByContact.of(contactId),
  ...[...tables.inboxFailed.rows].filter((row) => row.contactId === contactId),
]

const waitingOf = (tables: Tables, contactIds: ReadonlySet<string>): StoredInboxRow[] =>
  [...contactIds]
    .flatMap((contactId) => tables.inboxByContact.of(contactId))
    .sort((a, b) => a.receivedAt - b.receivedAt || a.id - b.id)

const rowOf = ({ error: _, ...row }: StoredInboxRow): InboxRow => row
