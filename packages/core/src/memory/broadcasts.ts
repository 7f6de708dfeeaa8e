import type { Broadcast, BroadcastWriter } from '../ports/storage/index.ts'
import { byNumber, byText, inOrder } from './compare.ts'
import { keyOf } from './key-of.ts'
import { membersOf } from './segments.ts'
import type { Tables } from './tables.ts'
import { verb } from './verb.ts'

const byTime = inOrder<Broadcast>(
  byNumber((row) => row.at),
  byText((row) => row.id),
)

export const createBroadcasts = (tables: Tables): BroadcastWriter => ({
  get: (id) => verb(() => tables.broadcasts.get(id) ?? null),
  all: () => verb(() => [...tables.broadcasts.values()].sort(byTime)),
  due: (now) => verb(() => [...tables.broadcasts.values()].filter((row) => broadcastDueAt(row) <= now).sort(byTime)),
  create: (row) =>
    verb(() => {
      if (tables.broadcasts.get(row.id) !== undefined) return false
      tables.broadcasts.put(row)
      return true
    }),
  lock: (id) => verb(() => tables.broadcasts.get(id) ?? null),
  save: (row) =>
    verb(() => {
      tables.broadcasts.put(row)
    }),
  freeze: (id, query) =>
    verb(() => {
      const members = membersOf(tables, query, tables.contacts.values())
      for (const member of members) tables.audienceRows.put({ broadcastId: id, contactId: member.id })
      return members.length
    }),
  takeAudience: (id, limit) =>
    verb(() => {
      const taken = tables.audience.of(id).slice(0, limit)
      for (const row of taken) tables.audienceRows.delete(keyOf(row.broadcastId, row.contactId))
      return taken.map((row) => row.contactId)
    }),
})

/** When a broadcast needs work: at its time, at once while it is expanding, never afterwards. */
export const broadcastDueAt = (row: Broadcast): number => {
  if (row.state === 'scheduled') return row.at
  return row.state === 'expanding' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
}
