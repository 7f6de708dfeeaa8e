import type { DeliveryEvent } from '../../domain/tracking/delivery-event.ts'
import type { Step, StorageTransaction } from '../../ports/storage/index.ts'
import type { AddressWatch } from './address-watch.ts'
import type { KnownMessage } from './ingest-batch.ts'
import type { Incoming } from './read-incoming.ts'

export function* scoreIncoming(
  _tx: StorageTransaction,
  incoming: readonly Incoming[],
  messages: ReadonlyMap<string, KnownMessage>,
  _watch: AddressWatch,
): Step<DeliveryEvent[]> {
  return incoming.map(({ method: _m, userAgent: _u, ip: _i, ...event }) => ({
    ...event,
    contactId: messages.get(event.messageId)?.contactId ?? '',
    actor: event.kind === 'opened' || event.kind === 'clicked' ? 'human' : null,
    score: 0,
    ruleVersion: 0,
  }))
}
