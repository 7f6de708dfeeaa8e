import type { WatchMember, WatchWriter } from '../ports/storage/index.ts'
import { byText } from './compare.ts'
import { earliestContacts } from './earliest-contacts.ts'
import { keyOf } from './key-of.ts'
import type { Tables } from './tables.ts'
import { verb } from './verb.ts'

export const createWatches = (tables: Tables): WatchWriter => ({
  all: () => verb(() => [...tables.watches.values()].sort(byText((row) => row.key))),
  members: (keys, contactIds) =>
    verb(() => tables.watchMembers.pick(new Set(keys.flatMap((key) => contactIds.map((contactId) => keyOf(key, contactId)))))),
  due: ({ now, limit, keys }) =>
    verb(() => {
      const groups = [...new Set(keys)].map((key) => tables.watchMembersDue.list(key))
      return earliestContacts(groups, (row) => row.nextAt, { now, limit })
    }),
  add: (rows) =>
    verb(() => {
      for (const row of rows) if (tables.watches.get(row.key) === undefined) tables.watches.put(row)
    }),
  lock: (key) => verb(() => tables.watches.get(key) ?? null),
  save: (row) =>
    verb(() => {
      tables.watches.put(row)
    }),
  put: (rows) =>
    verb(() => {
      for (const row of rows) tables.watchMembers.put(row)
    }),
  erase: (contactId) => verb(() => removeAll(tables, tables.watchMembersByContact.of(contactId))),
  remove: (key) =>
    verb(() => {
      removeAll(tables, tables.watchMembersByKey.of(key))
      tables.watches.delete(key)
    }),
})

const removeAll = (tables: Tables, rows: readonly WatchMember[]): void => {
  for (const row of rows) tables.watchMembers.delete(keyOf(row.key, row.contactId))
}
