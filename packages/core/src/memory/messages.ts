import { compareCodePoints } from '../domain/segment/code-point-order.ts'
import type { DeliveryEvent } from '../domain/tracking/delivery-event.ts'
import type { Message, MessageFacts, MessageWriter } from '../ports/storage/index.ts'
import { foldFacts, noFacts } from './fold-facts.ts'
import { keyOf } from './key-of.ts'
import type { QueueRow } from './mail-tables.ts'
import { fatesOf, stepsOf } from './message-fates.ts'
import { eraseMessages, moveMessages } from './move-messages.ts'
import { droppable, ofEnrolments, queuedOf, reconsider, shiftQueued, waitingOf } from './queued-messages.ts'
import type { Tables } from './tables.ts'
import { verb } from './verb.ts'

export const createMessages = (tables: Tables): MessageWriter => {
  const withFacts = (message: Message): Message & { readonly facts: MessageFacts } => ({
    ...message,
    facts: tables.facts.get(message.id) ?? noFacts(message.id),
  })
  return {
    get: (ids) => verb(() => tables.messages.pick(new Set(ids)).map(withFacts)),
    ofContact: (contactId, { limit }) => verb(() => tables.messagesByContact.of(contactId).slice(0, limit).map(withFacts)),
    attributable: (asked, by) => verb(() => asked.map((one) => attributable(tables, one, by))),
    fates: (keys) => verb(() => fatesOf(tables, keys)),
    stepsOf: (enrolmentIds) => verb(() => stepsOf(tables, enrolmentIds)),
    ofEnrolments: (enrolmentIds) => verb(() => ofEnrolments(tables, enrolmentIds)),
    waitingOf: (contactIds) => verb(() => waitingOf(tables, contactIds)),
    queuedOf: (scenario, options) => verb(() => queuedOf(tables, scenario, options)),
    recentEvents: (messageId, { since, limit }) =>
      verb(() =>
        tables.deliveriesByMessage
          .of(messageId)
          .filter((event) => isEngagement(event) && event.occurredAt >= since)
          .slice(0, limit),
      ),
    enqueue: (rows) =>
      verb(() => {
        let added = 0
        for (const { message, queue } of rows) {
          if (tables.messagesByIdemKey.get(message.idemKey) !== undefined) continue
          tables.messages.put(message)
          if (queue !== null && message.state === 'queued') tables.queue.put(newQueueRow(queue))
          added += 1
        }
        return added
      }),
    dropQueued: (target, reason, now) =>
      verb(() => {
        const rows = droppable(tables, target)
        for (const { entry } of rows) {
          tables.queue.delete(entry.messageId)
          endMessage(tables, entry.messageId, { state: 'skipped', reason, finishedAt: now })
        }
        return rows.length
      }),
    shiftQueued: (scenario, by) => verb(() => shiftQueued(tables, scenario, by)),
    reconsider: (contactIds, now) => verb(() => reconsider(tables, contactIds, now)),
    move: (from, into) => verb(() => moveMessages(tables, from, into)),
    erase: (contactId, alias, now) => verb(() => eraseMessages(tables, contactId, alias, now)),
    recordDelivery: (events) => verb(() => events.filter((event) => recordDelivery(tables, event)).map((event) => event.key)),
    recordConversions: (rows) =>
      verb(() => {
        let added = 0
        for (const row of rows) {
          if (tables.conversions.get(keyOf(row.event, row.eventId)) !== undefined) continue
          tables.conversions.put(row)
          added += 1
        }
        return added
      }),
  }
}

/** Replaces fields of a message of the ledger. */
export const endMessage = (tables: Tables, id: string, change: Partial<Message>): Message | undefined => {
  const message = tables.messages.get(id)
  return message === undefined ? undefined : tables.messages.put({ ...message, ...change })
}

const newQueueRow = (entry: QueueRow['entry']): QueueRow => ({
  entry,
  leaseUntil: null,
  token: 0,
  phase: 0,
  owner: null,
  attempt: 0,
})

const recordDelivery = (tables: Tables, event: DeliveryEvent): boolean => {
  if (tables.deliveries.get(event.key) !== undefined || tables.messages.get(event.messageId) === undefined) return false
  tables.deliveries.put(event)
  tables.facts.put(foldFacts(tables.facts.get(event.messageId) ?? noFacts(event.messageId), event))
  return true
}

const isEngagement = (event: DeliveryEvent): boolean => event.kind === 'clicked' || event.kind === 'opened'

const attributable = (
  tables: Tables,
  options: Parameters<MessageWriter['attributable']>[0][number],
  by: 'click' | 'open',
): string | null => {
  const kind = by === 'click' ? 'clicked' : 'opened'
  const touches = tables.messagesByContact
    .of(options.contactId)
    .filter((message) => message.state === 'sent')
    .flatMap((message) => tables.deliveriesByMessage.of(message.id))
    .filter((event) => event.kind === kind && event.actor === 'human')
    .filter((event) => event.occurredAt >= options.from && event.occurredAt <= options.to)
    .sort((a, b) => b.occurredAt - a.occurredAt || compareCodePoints(b.messageId, a.messageId))
  return touches[0]?.messageId ?? null
}
