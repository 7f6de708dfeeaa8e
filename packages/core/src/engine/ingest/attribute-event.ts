import type { Json, JsonObject } from '../../domain/json.ts'
import type { EventRow, Step, StorageTransaction } from '../../ports/storage/index.ts'
import type { Runtime } from '../runtime.ts'

/**
 * Counts an event that means success for the message that led to it: the contact's last human click (or open, by setting)
 * within the attribution's span before it. One conversion an event, to one message; an event that no mail led to is none.
 */
export function* attributeEvent(runtime: Runtime, tx: StorageTransaction, event: EventRow): Step<void> {
  const { events, by, within, value } = runtime.settings.attribution
  if (!events.includes(event.name)) return
  const { name, id, contactId, occurredAt } = event
  const messageId = yield* tx.messages.attributable({ contactId, by, from: occurredAt - within, to: occurredAt })
  if (messageId === null) return
  yield* tx.messages.recordConversion({
    event: name,
    eventId: id,
    contactId,
    messageId,
    occurredAt,
    value: numberAt(event.payload, value ?? 'total'),
  })
}

/** The number at a dotted path of the payload; null where there is none. */
const numberAt = (payload: JsonObject, path: string): number | null => {
  let at: Json | undefined = payload
  for (const field of path.split('.')) at = isObject(at) && Object.hasOwn(at, field) ? at[field] : undefined
  return typeof at === 'number' ? at : null
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
