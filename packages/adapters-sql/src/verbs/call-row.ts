import type { Call, ClaimedCall } from '@tobiishi/core/ports'
import type { FieldType } from '../dialect.ts'
import { jsonText, parseJson } from '../json-text.ts'

export interface CallRow {
  readonly idem_key: string
  readonly enrolment_id: string
  readonly contact_id: string
  readonly scenario: string
  readonly step_id: string
  readonly step_seq: number
  readonly handler: string
  readonly payload: string
  readonly timeout: number
  readonly attempts: number
  readonly waits: boolean | number
  readonly run_at: number
  readonly attempt: number
  readonly dead: boolean | number
  readonly error: string | null
  readonly created_at: number
}

export const callFields = {
  idem_key: 'text',
  enrolment_id: 'text',
  contact_id: 'text',
  scenario: 'text',
  step_id: 'text',
  step_seq: 'integer',
  handler: 'text',
  payload: 'text',
  timeout: 'instant',
  attempts: 'integer',
  waits: 'boolean',
  run_at: 'instant',
  attempt: 'integer',
  dead: 'boolean',
  error: 'text',
  created_at: 'instant',
} as const satisfies { readonly [field in keyof CallRow]: FieldType }

export const toCall = (row: CallRow): Call => ({
  idemKey: row.idem_key,
  enrolmentId: row.enrolment_id,
  contactId: row.contact_id,
  scenario: row.scenario,
  stepId: row.step_id,
  stepSeq: row.step_seq,
  handler: row.handler,
  payload: parseJson(row.payload),
  timeout: row.timeout,
  attempts: row.attempts,
  waits: Boolean(row.waits),
  runAt: row.run_at,
  attempt: row.attempt,
  state: row.dead ? 'dead' : 'waiting',
  error: row.error,
  createdAt: row.created_at,
})

export const toClaimedCall = (row: CallRow & { readonly token: number }): ClaimedCall => ({ ...toCall(row), token: row.token })

export const fromCall = (call: Call): CallRow => ({
  idem_key: call.idemKey,
  enrolment_id: call.enrolmentId,
  contact_id: call.contactId,
  scenario: call.scenario,
  step_id: call.stepId,
  step_seq: call.stepSeq,
  handler: call.handler,
  payload: jsonText(call.payload),
  timeout: call.timeout,
  attempts: call.attempts,
  waits: call.waits,
  run_at: call.runAt,
  attempt: call.attempt,
  dead: call.state === 'dead',
  error: call.error,
  created_at: call.createdAt,
})
