import type { Enrolment } from '@tobiishi/core/ports'
import type { FieldType } from '../dialect.ts'
import { jsonText, parseJson } from '../json-text.ts'

export interface EnrolmentRow {
  readonly id: string
  readonly scenario: string
  readonly version: number
  readonly contact_id: string
  readonly entry_key: string
  readonly state: Enrolment['state']
  readonly step_id: string | null
  readonly step_seq: number
  readonly rev: number
  readonly wake_at: number | null
  readonly wake_spec: string | null
  readonly anchor_at: number
  readonly last_send_at: number | null
  readonly event: string
  readonly entered_at: number
  readonly ended_at: number | null
  readonly end_reason: string | null
  readonly memory: string
  readonly pauses_seen: number
  readonly depth: number
}

export const enrolmentFields = {
  id: 'text',
  scenario: 'text',
  version: 'integer',
  contact_id: 'text',
  entry_key: 'text',
  state: 'text',
  step_id: 'text',
  step_seq: 'integer',
  rev: 'integer',
  wake_at: 'instant',
  wake_spec: 'text',
  anchor_at: 'instant',
  last_send_at: 'instant',
  event: 'text',
  entered_at: 'instant',
  ended_at: 'instant',
  end_reason: 'text',
  memory: 'text',
  pauses_seen: 'integer',
  depth: 'integer',
} as const satisfies { readonly [field in keyof EnrolmentRow]: FieldType }

export const toEnrolment = (row: EnrolmentRow): Enrolment => ({
  id: row.id,
  scenario: row.scenario,
  version: row.version,
  contactId: row.contact_id,
  entryKey: row.entry_key,
  state: row.state,
  stepId: row.step_id,
  stepSeq: row.step_seq,
  rev: row.rev,
  wakeAt: row.wake_at,
  wakeSpec: row.wake_spec === null ? null : wakeSpecOf(row.wake_spec, row.wake_at),
  anchorAt: row.anchor_at,
  lastSendAt: row.last_send_at,
  event: parseJson(row.event),
  enteredAt: row.entered_at,
  endedAt: row.ended_at,
  endReason: row.end_reason,
  memory: parseJson(row.memory),
  pausesSeen: row.pauses_seen,
  depth: row.depth,
})

export const fromEnrolment = (row: Enrolment): EnrolmentRow => ({
  id: row.id,
  scenario: row.scenario,
  version: row.version,
  contact_id: row.contactId,
  entry_key: row.entryKey,
  state: row.state,
  step_id: row.stepId,
  step_seq: row.stepSeq,
  rev: row.rev,
  wake_at: row.wakeAt,
  wake_spec: row.wakeSpec === null ? null : jsonText(row.wakeSpec),
  anchor_at: row.anchorAt,
  last_send_at: row.lastSendAt,
  event: jsonText(row.event),
  entered_at: row.enteredAt,
  ended_at: row.endedAt,
  end_reason: row.endReason,
  memory: jsonText(row.memory),
  pauses_seen: row.pausesSeen,
  depth: row.depth,
})

type WakeSpec = NonNullable<Enrolment['wakeSpec']>

/** As code of schema version 1 stored it: every wait counted from the previous send, and its end was when to wake. */
type WakeSpec1 = Pick<WakeSpec, 'wait'> & { readonly anchorAt: number; readonly from?: never }

const wakeSpecOf = (text: string, wakeAt: number | null): WakeSpec => {
  const stored = parseJson<WakeSpec | WakeSpec1>(text)
  if (stored.from !== undefined) return stored
  const { wait, anchorAt } = stored
  return { wait, anchorAt, from: { kind: 'previous' }, arrivedAt: anchorAt, endsAt: wakeAt }
}
