import type { DeliveryEvent } from '@tobiishi/core/ports'
import type { FieldType } from '../dialect.ts'
import { jsonText, parseJson } from '../json-text.ts'

export interface DeliveryRow {
  readonly event_key: string
  readonly message_id: string
  readonly contact_id: string
  readonly kind: DeliveryEvent['kind']
  readonly occurred_at: number
  readonly received_at: number
  readonly link: number | null
  readonly url: string | null
  readonly actor: DeliveryEvent['actor']
  readonly score: number
  readonly rule_version: number
  readonly bounce_class: DeliveryEvent['bounceClass']
  readonly raw: string
}

export const deliveryFields = {
  event_key: 'text',
  message_id: 'text',
  contact_id: 'text',
  kind: 'text',
  occurred_at: 'instant',
  received_at: 'instant',
  link: 'integer',
  url: 'text',
  actor: 'text',
  score: 'real',
  rule_version: 'integer',
  bounce_class: 'text',
  raw: 'text',
} as const satisfies { readonly [field in keyof DeliveryRow]: FieldType }

export const toDeliveryEvent = (row: DeliveryRow): DeliveryEvent => ({
  key: row.event_key,
  messageId: row.message_id,
  contactId: row.contact_id,
  kind: row.kind,
  occurredAt: row.occurred_at,
  receivedAt: row.received_at,
  link: row.link,
  url: row.url,
  actor: row.actor,
  score: row.score,
  ruleVersion: row.rule_version,
  bounceClass: row.bounce_class,
  raw: parseJson(row.raw),
})

export const fromDeliveryEvent = (event: DeliveryEvent): DeliveryRow => ({
  event_key: event.key,
  message_id: event.messageId,
  contact_id: event.contactId,
  kind: event.kind,
  occurred_at: event.occurredAt,
  received_at: event.receivedAt,
  link: event.link,
  url: event.url,
  actor: event.actor,
  score: event.score,
  rule_version: event.ruleVersion,
  bounce_class: event.bounceClass,
  raw: jsonText(event.raw),
})
