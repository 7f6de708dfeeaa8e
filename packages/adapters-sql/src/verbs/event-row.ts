import { bucketOf } from '@tobiishi/core'
import type { EventRow } from '@tobiishi/core/ports'
import type { FieldType } from '../dialect.ts'
import { documentText, parseJson } from '../json-text.ts'

export interface StoredEvent {
  readonly name: string
  readonly event_id: string
  readonly bucket: number
  readonly contact_id: string
  readonly payload: string
  readonly occurred_at: number
  readonly received_at: number
}

export const eventFields = {
  name: 'text',
  event_id: 'text',
  bucket: 'integer',
  contact_id: 'text',
  payload: 'text',
  occurred_at: 'instant',
  received_at: 'instant',
} as const satisfies { readonly [field in keyof StoredEvent]: FieldType }

export const toEvent = (row: StoredEvent): EventRow => ({
  name: row.name,
  id: row.event_id,
  contactId: row.contact_id,
  payload: parseJson(row.payload),
  occurredAt: row.occurred_at,
  receivedAt: row.received_at,
})

export const fromEvent = (event: EventRow): StoredEvent => ({
  name: event.name,
  event_id: event.id,
  bucket: bucketOf(event.occurredAt),
  contact_id: event.contactId,
  payload: documentText(event.payload),
  occurred_at: event.occurredAt,
  received_at: event.receivedAt,
})
