import type { Message } from '../ports/storage/index.ts'
import { eraseCaps, moveCaps } from './caps.ts'
import { giveBack } from './give-back.ts'
import type { QueueRow } from './mail-tables.ts'
import type { Tables } from './tables.ts'

/** All mail of one contact becomes another's. What was claimed is decided again, with the other's consent. */
export const moveMessages = (tables: Tables, from: string, into: { readonly id: string; readonly lane: number }): void => {
  moveCaps(tables, from, into.id)
  for (const row of tables.queueByContact.of(from)) {
    const moved = { ...row, entry: { ...row.entry, contactId: into.id, lane: into.lane } }
    if (row.phase === 0) giveBack(tables, moved)
    else tables.queue.put(moved)
  }
  for (const message of tables.messagesByContact.of(from)) {
    tables.messages.put({ ...message, contactId: into.id })
    for (const event of tables.deliveriesByMessage.of(message.id)) tables.deliveries.put({ ...event, contactId: into.id })
    for (const row of tables.conversionsByMessage.of(message.id)) tables.conversions.put({ ...row, contactId: into.id })
  }
}

/** What counts in reports stays; who it was goes. */
export const eraseMessages = (tables: Tables, contactId: string, alias: string, now: number): void => {
  eraseCaps(tables, contactId)
  for (const row of tables.queueByContact.of(contactId)) eraseQueued(tables, row, alias)
  for (const message of tables.messagesByContact.of(contactId)) {
    const wasDropped = message.state === 'queued' && tables.queue.get(message.id) === undefined
    tables.messages.put({ ...withoutPerson(message, alias), ...(wasDropped ? dropped(now) : {}) })
    for (const event of tables.deliveriesByMessage.of(message.id)) {
      tables.deliveries.put({ ...event, contactId: alias, url: null, raw: {} })
    }
    for (const row of tables.conversionsByMessage.of(message.id)) tables.conversions.put({ ...row, contactId: alias })
  }
}

const eraseQueued = (tables: Tables, row: QueueRow, alias: string): void => {
  if (row.phase === 0) tables.queue.delete(row.entry.messageId)
  else tables.queue.put({ ...row, entry: { ...row.entry, contactId: alias } })
}

/** The key of a broadcast's message holds the contact's id. */
const withoutPerson = (message: Message, alias: string): Message => ({
  ...message,
  contactId: alias,
  idemKey: `erased:${message.id}`,
  props: {},
  answer: null,
})

const dropped = (now: number) => ({ state: 'skipped', reason: 'contact-erased', finishedAt: now }) as const
