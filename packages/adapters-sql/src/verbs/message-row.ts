import type { Message, MessageFacts } from '@tobiishi/core/ports'
import type { FieldType } from '../dialect.ts'
import { jsonText, parseJson, parseNullableJson } from '../json-text.ts'

export interface MessageRow {
  readonly id: string
  readonly bucket: number
  readonly idem_key: string
  readonly contact_id: string
  readonly template: string
  readonly purpose: Message['purpose']
  readonly topic: string | null
  readonly is_html: boolean | number
  readonly props: string
  readonly scenario: string | null
  readonly scenario_version: number | null
  readonly step_id: string | null
  readonly enrolment_id: string | null
  readonly broadcast_id: string | null
  readonly state: Message['state']
  readonly reason: string | null
  readonly planned_at: number
  readonly created_at: number
  readonly finished_at: number | null
  readonly template_hash: string | null
  readonly provider_id: string | null
  readonly answer: string | null
  readonly unknown_token: number | null
  readonly urgent: string | null
}

export interface FactsRow {
  readonly delivered_at: number | null
  readonly bounced_at: number | null
  readonly bounce_class: MessageFacts['bounceClass']
  readonly opened_at: number | null
  readonly human_opened_at: number | null
  readonly clicked_at: number | null
  readonly human_clicked_at: number | null
  readonly last_human_click_at: number | null
  readonly clicks: number
  readonly human_clicks: number
  readonly complained_at: number | null
  readonly unsubscribed_at: number | null
}

export const messageFields = {
  id: 'text',
  bucket: 'integer',
  idem_key: 'text',
  contact_id: 'text',
  template: 'text',
  purpose: 'text',
  topic: 'text',
  is_html: 'boolean',
  props: 'text',
  scenario: 'text',
  scenario_version: 'integer',
  step_id: 'text',
  enrolment_id: 'text',
  broadcast_id: 'text',
  state: 'text',
  reason: 'text',
  planned_at: 'instant',
  created_at: 'instant',
  finished_at: 'instant',
  template_hash: 'text',
  provider_id: 'text',
  answer: 'text',
  unknown_token: 'integer',
  urgent: 'text',
} as const satisfies { readonly [field in keyof MessageRow]: FieldType }

export const factsFields = {
  delivered_at: 'instant',
  bounced_at: 'instant',
  bounce_class: 'text',
  opened_at: 'instant',
  human_opened_at: 'instant',
  clicked_at: 'instant',
  human_clicked_at: 'instant',
  last_human_click_at: 'instant',
  clicks: 'integer',
  human_clicks: 'integer',
  complained_at: 'instant',
  unsubscribed_at: 'instant',
} as const satisfies { readonly [field in keyof FactsRow]: FieldType }

export const toMessage = (row: MessageRow): Message => ({
  id: row.id,
  bucket: row.bucket,
  idemKey: row.idem_key,
  contactId: row.contact_id,
  template: row.template,
  purpose: row.purpose,
  topic: row.topic,
  isHtml: Boolean(row.is_html),
  props: parseJson(row.props),
  scenario: row.scenario,
  scenarioVersion: row.scenario_version,
  stepId: row.step_id,
  enrolmentId: row.enrolment_id,
  broadcastId: row.broadcast_id,
  state: row.state,
  reason: row.reason,
  plannedAt: row.planned_at,
  createdAt: row.created_at,
  finishedAt: row.finished_at,
  templateHash: row.template_hash,
  providerId: row.provider_id,
  answer: parseNullableJson(row.answer),
  unknownToken: row.unknown_token,
  urgent: row.urgent,
})

export const fromMessage = (message: Message): MessageRow => ({
  id: message.id,
  bucket: message.bucket,
  idem_key: message.idemKey,
  contact_id: message.contactId,
  template: message.template,
  purpose: message.purpose,
  topic: message.topic,
  is_html: message.isHtml,
  props: jsonText(message.props),
  scenario: message.scenario,
  scenario_version: message.scenarioVersion,
  step_id: message.stepId,
  enrolment_id: message.enrolmentId,
  broadcast_id: message.broadcastId,
  state: message.state,
  reason: message.reason,
  planned_at: message.plannedAt,
  created_at: message.createdAt,
  finished_at: message.finishedAt,
  template_hash: message.templateHash,
  provider_id: message.providerId,
  answer: message.answer === null ? null : jsonText(message.answer),
  unknown_token: message.unknownToken,
  urgent: message.urgent,
})

export const toFacts = (messageId: string, row: FactsRow): MessageFacts => ({
  messageId,
  deliveredAt: row.delivered_at,
  bouncedAt: row.bounced_at,
  bounceClass: row.bounce_class,
  openedAt: row.opened_at,
  humanOpenedAt: row.human_opened_at,
  clickedAt: row.clicked_at,
  humanClickedAt: row.human_clicked_at,
  lastHumanClickAt: row.last_human_click_at,
  clicks: row.clicks,
  humanClicks: row.human_clicks,
  complainedAt: row.complained_at,
  unsubscribedAt: row.unsubscribed_at,
})
