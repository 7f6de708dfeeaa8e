import type { ClaimedMail, Instant, QueueWriter } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { selectList } from '../columns.ts'
import { rows } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'
import { type ContactRow, contactFields, toContact } from './contact-row.ts'
import { type MessageRow, messageFields, toMessage } from './message-row.ts'
import { dueRow } from './queue-conditions.ts'
import { type QueueRow, queueFields, toQueueEntry } from './queue-row.ts'

type ClaimRow = QueueRow & {
  readonly token: number
  readonly attempt: number
  readonly has_siblings: boolean | number
  readonly late_sent_at: number | null
} & {
  readonly [K in keyof MessageRow as `m_${K}`]: MessageRow[K]
} & { readonly [K in keyof ContactRow as `c_${K}`]: ContactRow[K] }

const minute = 60_000

/**
 * Two statements: the first takes the rows, walking the claim's index in order up to the limit and stepping over what others
 * hold; the second reads them with their message and contact.
 */
export const claimVerb = (b: SqlBuilder): QueueWriter['claim'] => {
  const queue = b.table('send_queue')
  const take = b.statement<{ now: Instant; limit: number; leaseUntil: Instant; owner: string }>(
    (p) => sql`with picked (message_id) as materialized (
        select w.message_id from ${queue} w where ${dueRow(b, 'w', p.now)}
        order by w.class, w.route, w.lane, w.run_at, w.message_id
        limit ${p.limit} ${b.lock('for update', { of: 'w', skipLocked: true })}
      )
      update ${queue} as q set lease_until = ${p.leaseUntil}, token = q.token + 1, owner = ${p.owner}
      where q.message_id in (select picked.message_id from picked) returning message_id`,
  )
  const read = b.statement<{ ids: unknown }>(
    (p) => sql`select ${selectList(queueFields, { alias: 'q' })}, q.token, q.attempt,
        ${selectList(messageFields, { alias: 'm', prefix: 'm_' })}, ${selectList(contactFields, { alias: 'c', prefix: 'c_' })},
        (q.enrolment_id is not null and exists (select 1 from ${b.table('message')} o
          where o.enrolment_id = q.enrolment_id and o.state = 'queued' and o.id <> q.message_id)) as has_siblings,
        case when q.enrolment_id is not null then (select max(o.finished_at) from ${b.table('message')} o
          where o.enrolment_id = q.enrolment_id and o.state in ('sent', 'unknown')
            and o.finished_at - o.planned_at > ${sql.lit(minute)}) end as late_sent_at
      from ${queue} q
      join ${b.table('message')} m on m.id = q.message_id and m.bucket = q.bucket
      join ${b.table('contact')} c on c.id = q.contact_id
      where ${b.isOneOf('q.message_id', p.ids)}
      order by q.class, q.route, q.lane, q.run_at, q.message_id`,
  )
  return function* claim(options) {
    const taken = yield* rows<{ message_id: string }>(take(options))
    if (taken.length === 0) return []
    return (yield* rows<ClaimRow>(read({ ids: b.list(taken.map((row) => row.message_id)) }))).map(toClaimedMail)
  }
}

const toClaimedMail = (row: ClaimRow): ClaimedMail => ({
  queue: toQueueEntry(row),
  token: row.token,
  attempt: row.attempt,
  hasSiblings: Boolean(row.has_siblings),
  lateSentAt: row.late_sent_at,
  message: toMessage({
    id: row.m_id,
    bucket: row.m_bucket,
    idem_key: row.m_idem_key,
    contact_id: row.m_contact_id,
    template: row.m_template,
    purpose: row.m_purpose,
    topic: row.m_topic,
    is_html: row.m_is_html,
    props: row.m_props,
    scenario: row.m_scenario,
    scenario_version: row.m_scenario_version,
    step_id: row.m_step_id,
    enrolment_id: row.m_enrolment_id,
    broadcast_id: row.m_broadcast_id,
    state: row.m_state,
    reason: row.m_reason,
    planned_at: row.m_planned_at,
    created_at: row.m_created_at,
    finished_at: row.m_finished_at,
    template_hash: row.m_template_hash,
    provider_id: row.m_provider_id,
    answer: row.m_answer,
    unknown_token: row.m_unknown_token,
    urgent: row.m_urgent,
  }),
  contact: toContact({
    id: row.c_id,
    email: row.c_email,
    email_key: row.c_email_key,
    name: row.c_name,
    locale: row.c_locale,
    time_zone: row.c_time_zone,
    attributes: row.c_attributes,
    consent: row.c_consent,
    consent_rev: row.c_consent_rev,
    hash: row.c_hash,
    lane: row.c_lane,
    soft_bounces: row.c_soft_bounces,
    soft_since: row.c_soft_since,
    created_at: row.c_created_at,
    updated_at: row.c_updated_at,
  }),
})
