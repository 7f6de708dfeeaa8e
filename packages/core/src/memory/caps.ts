import type { CapUse, QueueReader, QueueWriter } from '../ports/storage/index.ts'
import { keyOf } from './key-of.ts'
import type { CapCounter } from './mail-tables.ts'
import type { Tables } from './tables.ts'

type CapPlace = Omit<CapCounter, 'used'>

const counterOf = (tables: Tables, place: CapPlace): CapCounter | undefined =>
  tables.caps.get(keyOf(place.contactId, place.cap, place.bucket))

export const capsUsed = (tables: Tables, asked: Parameters<QueueReader['capsUsed']>[0]): CapCounter[] =>
  tables.caps.pick(new Set(asked.map((place) => keyOf(place.contactId, place.cap, place.bucket))))

/** Takes one place of each cap for a message, or none where one of them is full. */
export const reserveCaps = (
  tables: Tables,
  { messageId, contactId, caps }: { readonly messageId: string; readonly contactId: string; readonly caps: readonly CapUse[] },
): boolean => {
  if (caps.some((use) => (counterOf(tables, { contactId, ...use })?.used ?? 0) >= use.limit)) return false
  if (caps.length === 0) return true
  for (const { cap, bucket } of caps) addUses(tables, { contactId, cap, bucket }, 1)
  tables.reservations.put({ messageId, caps })
  return true
}

/** The message takes no place after all. */
export const giveBackCaps = (tables: Tables, messageId: string): void => {
  const contactId = tables.messages.get(messageId)?.contactId
  const reserved = tables.reservations.get(messageId)
  if (contactId === undefined || reserved === undefined) return
  for (const { cap, bucket } of reserved.caps) addUses(tables, { contactId, cap, bucket }, -1)
  tables.reservations.delete(messageId)
}

/** The uses of one contact count for another. */
export const moveCaps = (tables: Tables, from: string, into: string): void => {
  for (const row of tables.capsByContact.of(from)) {
    tables.caps.delete(keyOf(row.contactId, row.cap, row.bucket))
    addUses(tables, { contactId: into, cap: row.cap, bucket: row.bucket }, row.used)
  }
}

export const eraseCaps = (tables: Tables, contactId: string): void => {
  for (const row of tables.capsByContact.of(contactId)) tables.caps.delete(keyOf(row.contactId, row.cap, row.bucket))
  for (const message of tables.messagesByContact.of(contactId)) tables.reservations.delete(message.id)
}

export const purgeCaps = (tables: Tables, { before, limit }: Parameters<QueueWriter['purgeCaps']>[0]): number => {
  const over: CapCounter[] = []
  for (const row of tables.caps.values())
    if (over.length < limit && row.bucket.length === before.length && row.bucket < before) over.push(row)
  for (const row of over) tables.caps.delete(keyOf(row.contactId, row.cap, row.bucket))
  return over.length
}

const addUses = (tables: Tables, place: CapPlace, by: number): void => {
  const used = (counterOf(tables, place)?.used ?? 0) + by
  if (used > 0) tables.caps.put({ ...place, used })
  else tables.caps.delete(keyOf(place.contactId, place.cap, place.bucket))
}
