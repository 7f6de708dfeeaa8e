import { bucketOf } from '../domain/time/instant.ts'
import type { EventWriter } from '../ports/storage/index.ts'
import { sameJson } from './same-json.ts'
import { keyOf, type Tables } from './tables.ts'
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
  record: (events) =>
    verb(() => {
      const inserted: number[] = []
      const duplicate: number[] = []
      const conflicting: number[] = []
      events.forEach((event, index) => {
        const first = tables.events.get(keyOf(event.name, event.id, bucketOf(event.occurredAt)))
        if (first === undefined) {
          tables.events.put(event)
          inserted.push(index)
        } else if (first.contactId === event.contactId && sameJson(first.payload, event.payload)) duplicate.push(index)
        else conflicting.push(index)
      })
      return { inserted, duplicate, conflicting }
    }),
})
