import type { MessageWriter, Step } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { perform, rows } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'
import { capVerbs } from './caps.ts'
import { dropQueuedVerb } from './drop-queued.ts'

interface Giving {
  /** Ids of the messages. */
  readonly ids: unknown
  readonly into: string
}

/** What merging and erasing contacts does to their mail, in the order of locks: queue, messages and what hangs on them, caps. */
export const moveMessagesVerbs = (b: SqlBuilder): Pick<MessageWriter, 'move' | 'erase'> => {
  const message = b.table('message')
  const queue = b.table('send_queue')
  const caps = capVerbs(b)
  const dropQueued = dropQueuedVerb(b)
  const mail = (p: { readonly ids: unknown }) => b.isOneOf('message_id', p.ids)
  const idsOf = b.statement<{ from: string }>((p) => sql`select id from ${message} where contact_id = ${p.from} order by id`)
  const moveQueue = b.statement<Giving & { lane: number }>(
    (p) => sql`update ${queue} set contact_id = ${p.into}, lane = ${p.lane}, owner = case when phase = 1 then owner end,
        lease_until = case when phase = 1 then lease_until else 0 end
      where ${mail(p)}`,
  )
  const aliasQueue = b.statement<Giving>(
    (p) => sql`update ${queue} set contact_id = ${p.into}, cap = null
      where ${mail(p)}`,
  )
  const moveEvents = b.statement<Giving>(
    (p) => sql`update ${b.table('delivery_event')} set contact_id = ${p.into} where ${mail(p)}`,
  )
  const aliasEvents = b.statement<Giving>(
    (p) => sql`update ${b.table('delivery_event')} set contact_id = ${p.into}, url = null, raw = '{}' where ${mail(p)}`,
  )
  const moveConversions = b.statement<Giving>(
    (p) => sql`update ${b.table('conversion')} set contact_id = ${p.into} where ${mail(p)}`,
  )
  const moveMessages = b.statement<Giving>(
    (p) => sql`update ${message} set contact_id = ${p.into} where ${b.isOneOf('id', p.ids)}`,
  )
  const aliasMessages = b.statement<Giving>(
    (p) => sql`update ${message} set contact_id = ${p.into}, idem_key = 'erased:' || id, props = '{}', answer = null, cap = null
      where ${b.isOneOf('id', p.ids)}`,
  )

  function* messagesOf(from: string): Step<unknown> {
    return b.list((yield* rows<{ id: string }>(idsOf({ from }))).map((row) => row.id))
  }

  return {
    *move(from, { id: into, lane }) {
      const ids = yield* messagesOf(from)
      yield* perform(moveQueue({ ids, into, lane }))
      yield* perform(moveEvents({ ids, into }))
      yield* perform(moveConversions({ ids, into }))
      yield* perform(moveMessages({ ids, into }))
      yield* caps.move(from, into)
    },
    *erase(from, into, now) {
      yield* dropQueued({ contactId: from }, 'contact-erased', now)
      const ids = yield* messagesOf(from)
      yield* perform(aliasQueue({ ids, into }))
      yield* perform(aliasEvents({ ids, into }))
      yield* perform(moveConversions({ ids, into }))
      yield* perform(aliasMessages({ ids, into }))
      yield* caps.erase(from)
    },
  }
}
