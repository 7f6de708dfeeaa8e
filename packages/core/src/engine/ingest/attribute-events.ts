import type { Json, JsonObject } from '../../domain/json.ts'
import type { EventRow, Step, StorageTransaction } from '../../ports/storage/index.ts'
import type { Runtime } from '../runtime.ts'

/**
 * Counts events that mean success for the messages that led to them: the contact's last human click (or open, by setting)
 * within the attribution's span before it. One conversion an event, to one message; an event that no mail led to is none. One
 * request for all of them, one more where there is a conversion, and none where none means success.
 */
export function* attributeEvents(runtime: Runtime, tx: StorageTransaction, rows: readonly EventRow[]): Step<void> {
  const { events, by, within, value = 'total' } = runtime.settings.attribution
  const counted = rows.filter(({ name }) => events.includes(name))
  if (counted.length === 0) return
  const asked = counted.map(({ contactId, occurredAt }) => ({ contactId, from: occurredAt - within, to: occurredAt }))
  const messageIds = yield* tx.messages.attributable(asked, by)
  const conversions = counted.flatMap(({ name, id, contactId, occurredAt, payload }, index) => {
    const messageId = messageIds[index] ?? null
    if (messageId === null) return []
    return [{ event: name, eventId: id, contactId, messageId, occurredAt, value: numberAt(payload, value) }]
  })
  if (conversions.length > 0) yield* tx.messages.recordConversions(conversions)
}

/** The number at a dotted path of the payload; null where there is none. */
const numberAt = (payload: JsonObject, path: string): number | null => {
  let at: Json | undefined = payload
  for (const field of path.split('.')) at = isObject(at) && Object.hasOwn(at, field) ? at[field] : undefined
  return typeof at === 'number' ? at : null
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
