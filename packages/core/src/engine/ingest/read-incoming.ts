import { createHash } from 'node:crypto'
import type { JsonObject } from '../../domain/json.ts'
import type { Instant } from '../../domain/time/instant.ts'
import { parseInstant } from '../../domain/time/parse-instant.ts'
import type { BounceClass, DeliveryEventKind } from '../../domain/tracking/delivery-event.ts'
import { plainObject } from '../inbox/plain-json.ts'
import type { IncomingDeliveryEvent } from '../tobiishi.ts'

/** An incoming event, checked and with its dedupe key. */
export interface Incoming {
  readonly messageId: string
  readonly kind: DeliveryEventKind
  readonly key: string
  readonly occurredAt: Instant
  readonly receivedAt: Instant
  readonly link: number | null
  readonly url: string | null
  readonly bounceClass: BounceClass | null
  readonly method: string | null
  readonly userAgent: string | null
  readonly ip: string | null
  readonly raw: JsonObject
}

/** Kinds that happen once to a message, however often they are told. */
const isOnce = (kind: DeliveryEventKind): boolean => kind === 'unsubscribed' || kind === 'complained'

/**
 * Checks an event from outside. One that came without key and time is taken as seen live, so that two clicks in one
 * millisecond are two; with a time the key is made from message, kind, time and request, so that telling it twice is once.
 * What would lie in the future happened now. Throws `time.invalid`, or `event.invalid_payload` for text that cannot be stored.
 */
export const readIncoming = (event: IncomingDeliveryEvent, now: Instant, randomId: () => string): Incoming => {
  const occurredAt = event.occurredAt === undefined ? now : Math.min(now, parseInstant(event.occurredAt))
  const { messageId, kind, method, userAgent, ip } = event
  const request = { method, userAgent, ip }
  return {
    messageId,
    kind,
    key: event.key ?? madeKey(event, occurredAt, randomId),
    occurredAt,
    receivedAt: now,
    link: event.link ?? null,
    url: event.url ?? null,
    bounceClass: kind === 'bounced' ? (event.bounceClass ?? 'undetermined') : null,
    method: method ?? null,
    userAgent: userAgent ?? null,
    ip: ip ?? null,
    raw: plainObject({ ...event.raw, ...request }, 'raw', 'event.invalid_payload'),
  }
}

const madeKey = (event: IncomingDeliveryEvent, occurredAt: Instant, randomId: () => string): string => {
  const { messageId, kind } = event
  if (isOnce(kind)) return `${messageId}:${kind}`
  const isLive = event.occurredAt === undefined && (kind === 'opened' || kind === 'clicked')
  if (isLive) return `${messageId}:${kind}:${randomId()}`
  if (event.occurredAt === undefined) return `${messageId}:${kind}`
  const rest = JSON.stringify([event.link, event.url, event.bounceClass, event.userAgent, event.method, event.ip])
  return `${messageId}:${kind}:${occurredAt}:${createHash('sha256').update(rest).digest('base64url').slice(0, 12)}`
}
