import type { DeliveryEvent } from '../../domain/tracking/delivery-event.ts'
import type { Step, StorageTransaction } from '../../ports/storage/index.ts'
import type { Runtime } from '../runtime.ts'
import type { AddressWatch } from './address-watch.ts'
import { applyConsequences, type Happening } from './consequences.ts'
import type { IngestOutcome } from './ingester.ts'
import type { Incoming } from './read-incoming.ts'
import { type KnownMessage, scoreIncoming } from './score-incoming.ts'
import { settleUnknown } from './settle-unknown.ts'
import { tellEnrolments } from './tell-enrolments.ts'

/** Whether an event can change its contact, so that the contact must be locked first (contact → message). */
const touchesContact = ({ kind }: Incoming, hasSoftBounces: boolean): boolean => {
  if (kind === 'bounced' || kind === 'complained' || kind === 'unsubscribed') return true
  return hasSoftBounces && (kind === 'delivered' || kind === 'clicked')
}

/** Records a batch of events and applies what follows from the new ones. Answers what became of each, in order. */
export function* ingestBatch(
  runtime: Runtime,
  tx: StorageTransaction,
  incoming: readonly Incoming[],
  watch: AddressWatch,
): Step<readonly IngestOutcome[]> {
  const ids = [...new Set(incoming.map(({ messageId }) => messageId))]
  const before = byId(yield* tx.messages.get(ids))
  const known = [...new Map(incoming.map((one) => [one.key, one])).values()].filter(({ messageId }) => before.has(messageId))
  if (known.length === 0) return incoming.map(() => 'unknown-message')

  const locked = yield* lockTouched(tx, known, before)
  /** Read again, because facts may have changed while the locks were waited for. */
  const messages = locked.length === 0 ? before : byId(yield* tx.messages.get(ids))
  const events = yield* scoreIncoming(tx, known, messages, watch)
  const recorded = new Set(yield* tx.messages.recordDelivery(events))
  yield* settleUnknown(runtime, tx, messages.values())
  yield* applyConsequences(runtime, tx, locked, happeningsOf(events, recorded, messages))
  yield* tellEnrolments(
    runtime,
    tx,
    events.filter(({ key }) => recorded.has(key)),
  )

  return incoming.map(({ messageId, key }) => {
    if (!before.has(messageId)) return 'unknown-message'
    return recorded.delete(key) ? 'recorded' : 'duplicate'
  })
}

const byId = (messages: readonly KnownMessage[]): ReadonlyMap<string, KnownMessage> =>
  new Map(messages.map((message) => [message.id, message]))

function* lockTouched(tx: StorageTransaction, known: readonly Incoming[], messages: ReadonlyMap<string, KnownMessage>) {
  const contactOf = ({ messageId }: Incoming) => messages.get(messageId)?.contactId ?? ''
  const contacts = yield* tx.contacts.get([...new Set(known.map(contactOf))])
  const soft = new Set(contacts.filter(({ softBounces }) => softBounces > 0).map(({ id }) => id))
  const touched = new Set(known.filter((one) => touchesContact(one, soft.has(contactOf(one)))).map(contactOf))
  return touched.size === 0 ? [] : yield* tx.contacts.lock([...touched], { skipLocked: false })
}

/** New events, and leaving in any case: whoever was told twice that they left has still left. */
const happeningsOf = (
  events: readonly DeliveryEvent[],
  recorded: ReadonlySet<string>,
  messages: ReadonlyMap<string, KnownMessage>,
): Happening[] =>
  events.flatMap((event) => {
    const message = messages.get(event.messageId)
    const counts = recorded.has(event.key) || event.kind === 'unsubscribed'
    return message !== undefined && counts ? [{ event, message }] : []
  })
