import type { MessageWriter } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { perform } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'
import { capVerbs } from './caps.ts'
import { dropQueuedVerb } from './drop-queued.ts'

interface Contacts {
  readonly from: string
  readonly into: string
}

/** What merging and erasing contacts does to their mail, in the order of locks: queue, messages and what hangs on them, caps. */
export const moveMessagesVerbs = (b: SqlBuilder): Pick<MessageWriter, 'move' | 'erase'> => {
  const message = b.table('message')
  const queue = b.table('send_queue')
  const caps = capVerbs(b)
  const dropQueued = dropQueuedVerb(b)
  const moveQueue = b.statement<Contacts & { lane: number }>(
    (p) => sql`update ${queue} set contact_id = ${p.into}, lane = ${p.lane}, owner = case when phase = 1 then owner end,
        lease_until = case when phase = 1 then lease_until else 0 end
      where message_id in (select m.id from ${message} m where m.state = 'queued' and m.contact_id = ${p.from})`,
  )
  const aliasQueue = b.statement<Contacts>(
    (p) => sql`update ${queue} set contact_id = ${p.into}, cap = null
      where message_id in (select m.id from ${message} m where m.state = 'queued' and m.contact_id = ${p.from})`,
  )
  const mailOf = (from: unknown) => sql`message_id in (select m.id from ${message} m where m.contact_id = ${from})`
  const moveEvents = b.statement<Contacts>(
    (p) => sql`update ${b.table('delivery_event')} set contact_id = ${p.into} where ${mailOf(p.from)}`,
  )
  const aliasEvents = b.statement<Contacts>(
    (p) => sql`update ${b.table('delivery_event')} set contact_id = ${p.into}, url = null, raw = '{}' where ${mailOf(p.from)}`,
  )
  const moveConversions = b.statement<Contacts>(
    (p) => sql`update ${b.table('conversion')} set contact_id = ${p.into} where ${mailOf(p.from)}`,
  )
  const moveMessages = b.statement<Contacts>(
    (p) => sql`update ${message} set contact_id = ${p.into} where contact_id = ${p.from}`,
  )
  const aliasMessages = b.statement<Contacts>(
    (p) => sql`update ${message} set contact_id = ${p.into}, idem_key = 'erased:' || id, props = '{}', answer = null, cap = null
      where contact_id = ${p.from}`,
  )

  return {
    *move(from, { id: into, lane }) {
      yield* perform(moveQueue({ from, into, lane }))
      yield* perform(moveEvents({ from, into }))
      yield* perform(moveConversions({ from, into }))
      yield* perform(moveMessages({ from, into }))
      yield* caps.move(from, into)
    },
    *erase(from, into, now) {
      yield* dropQueued({ contactId: from }, 'contact-erased', now)
      yield* perform(aliasQueue({ from, into }))
      yield* perform(aliasEvents({ from, into }))
      yield* perform(moveConversions({ from, into }))
      yield* perform(aliasMessages({ from, into }))
      yield* caps.erase(from)
    },
  }
}
