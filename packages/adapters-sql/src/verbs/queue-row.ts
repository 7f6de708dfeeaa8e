import type { QueueEntry } from '@tobiishi/core/ports'
import type { FieldType } from '../dialect.ts'

export interface QueueRow {
  readonly message_id: string
  readonly contact_id: string
  readonly enrolment_id: string | null
  readonly enrolment_rev: number
  readonly scenario: string | null
  readonly broadcast_id: string | null
  readonly class: QueueEntry['class']
  readonly route: QueueEntry['route']
  readonly lane: number
  readonly run_at: number
  readonly expires_at: number
}

export const queueFields = {
  message_id: 'text',
  contact_id: 'text',
  enrolment_id: 'text',
  enrolment_rev: 'integer',
  scenario: 'text',
  broadcast_id: 'text',
  class: 'integer',
  route: 'text',
  lane: 'integer',
  run_at: 'instant',
  expires_at: 'instant',
} as const satisfies { readonly [field in keyof QueueRow]: FieldType }

export const fromQueueEntry = (entry: QueueEntry): QueueRow => ({
  message_id: entry.messageId,
  contact_id: entry.contactId,
  enrolment_id: entry.enrolmentId,
  enrolment_rev: entry.enrolmentRev,
  scenario: entry.scenario,
  broadcast_id: entry.broadcastId,
  class: entry.class,
  route: entry.route,
  lane: entry.lane,
  run_at: entry.runAt,
  expires_at: entry.expiresAt,
})

export const toQueueEntry = (row: QueueRow): QueueEntry => ({
  messageId: row.message_id,
  contactId: row.contact_id,
  enrolmentId: row.enrolment_id,
  enrolmentRev: row.enrolment_rev,
  scenario: row.scenario,
  broadcastId: row.broadcast_id,
  class: row.class,
  route: row.route,
  lane: row.lane,
  runAt: row.run_at,
  expiresAt: row.expires_at,
})
