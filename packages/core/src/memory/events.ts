import { bucketOf } from '../domain/time/instant.ts'
import type { EventRow, EventWriter } from '../ports/storage/index.ts'
import { byPlace } from './contact-tables.ts'
import { keyOf } from './key-of.ts'
import { sameJson } from './same-json.ts'
import type { Tables } from './tables.ts'
import { verb } from './verb.ts'

export const createEvents = (tables: Tables): EventWriter => ({
  ofContact: (contactId, { names, limit }) =>
    verb(() =>
      tables.eventsByContact
        .of(contactId)
        .filter((event) => names === undefined || names.includes(event.name))
        .slice(0, limit),
    ),
  count: () => verb(() => tables.events.size),
  ofContacts: (contactIds, { names, since }) =>
    verb(() =>
      [...new Set(contactIds)].flatMap((contactId) =>
        tables.eventsByContact.of(contactId).filter((event) => event.occurredAt >= since && names.includes(event.name)),
      ),
    ),
  earliestAfter: (contactIds, event, after) =>
    verb(() =>
      [...new Set(contactIds)].flatMap((contactId) => {
        const isLater = (row: EventRow): boolean => row.name === event && row.occurredAt > after
        // Newest first, so the last that is later is the earliest.
        const found = tables.eventsByContact.of(contactId).findLast(isLater)
        return found === undefined ? [] : [{ contactId, occurredAt: found.occurredAt }]
      }),
    ),
  page: ({ name, since, after, limit }) =>
    verb(() => {
      const found: EventRow[] = []
      for (const row of tables.eventsByName.list(name).from((event) => after === null || byPlace(event, after) > 0)) {
        if (found.length >= limit) break
        if (row.occurredAt >= since) found.push(row)
      }
      return found
    }),
  record: (events) =>
    verb(() => {
      const inserted: number[] = []
      const duplicate: number[] = []
      const conflicting: number[] = []
      events.forEach((event, index) => {
        const first = tables.events.get(idOf(event))
        if (first === undefined) {
          tables.events.put(event)
          inserted.push(index)
        } else if (first.contactId === event.contactId && sameJson(first.payload, event.payload)) duplicate.push(index)
        else conflicting.push(index)
      })
      return { inserted, duplicate, conflicting }
    }),
  move: (from, into) =>
    verb(() => {
      for (const event of tables.eventsByContact.of(from)) tables.events.put({ ...event, contactId: into })
    }),
  erase: (contactId) =>
    verb(() => {
      for (const event of tables.eventsByContact.of(contactId)) tables.events.delete(idOf(event))
    }),
})

const idOf = (event: EventRow): string => keyOf(event.name, event.id, bucketOf(event.occurredAt))
