import type { Message, MessageReader, MessageState, StepMail } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { rows } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'

interface StepRow {
  readonly enrolment_id: string
  readonly step_id: string
  readonly state: MessageState
  /** Null: not in the queue. */
  readonly phase: 0 | 1 | null
}
interface StepMailRow {
  readonly id: string
  readonly enrolment_id: string
  readonly idem_key: string
  readonly purpose: Message['purpose']
  readonly planned_at: number
  /** Null: not in the queue. */
  readonly run_at: number | null
  readonly lease_until: number | null
  readonly finished_at: number | null
}
interface WaitingRow {
  readonly message_id: string
  readonly contact_id: string
  readonly purpose: Message['purpose']
  readonly topic: string | null
  readonly scenario: string | null
  readonly scenario_version: number | null
  readonly planned_at: number
  readonly run_at: number
  readonly expires_at: number
  readonly attempt: number
}
interface QueuedRow {
  readonly message_id: string
  readonly step_id: string | null
  readonly run_at: number
}

/** What is read of mail that may be waiting; found through the message's indexes, because the queue has none but the claim's. */
export const queuedReads = (b: SqlBuilder): Pick<MessageReader, 'stepsOf' | 'ofEnrolments' | 'waitingOf' | 'queuedOf'> => {
  const message = b.table('message')
  const queue = b.table('send_queue')
  const stepsOf = b.statement<{ ids: unknown }>(
    (p) => sql`select m.enrolment_id, m.step_id, m.state,
        case when m.state = 'queued' then (select q.phase from ${queue} q where q.message_id = m.id) end as phase
      from ${message} m where ${b.isOneOf('m.enrolment_id', p.ids)} and m.step_id is not null
      order by m.enrolment_id, m.created_at, m.id`,
  )
  const ofEnrolments = b.statement<{ ids: unknown }>(
    (p) => sql`select m.id, m.enrolment_id, m.idem_key, m.purpose, m.planned_at, m.finished_at,
        case when m.state = 'queued' then (select q.run_at from ${queue} q where q.message_id = m.id) end as run_at,
        case when m.state = 'queued' then (select nullif(q.lease_until, 0) from ${queue} q where q.message_id = m.id) end as lease_until
      from ${message} m where ${b.isOneOf('m.enrolment_id', p.ids)} and m.state in ('queued', 'sent', 'unknown')`,
  )
  const waitingOf = b.statement<{ ids: unknown }>(
    (p) => sql`select q.message_id, q.contact_id, m.purpose, m.topic, m.scenario, m.scenario_version, m.planned_at, q.run_at,
        q.expires_at, q.attempt
      from ${message} m join ${queue} q on q.message_id = m.id
      where ${b.isOneOf('m.contact_id', p.ids)} and m.state = 'queued' and q.phase = 0
      order by q.contact_id, q.message_id`,
  )
  const queuedOf = b.statement<{ scenario: string; after: string; limit: number }>(
    (p) => sql`select q.message_id, m.step_id, q.run_at
      from ${queue} q left join ${message} m on m.id = q.message_id and m.bucket = q.bucket
      where q.message_id > ${p.after} and coalesce(q.scenario = ${p.scenario}, false)
      order by q.message_id limit ${p.limit}`,
  )
  return {
    *stepsOf(enrolmentIds) {
      if (enrolmentIds.length === 0) return []
      const steps = new Map<string, { enrolmentId: string; stepId: string; state: MessageState; isWaiting: boolean }>()
      for (const row of yield* rows<StepRow>(stepsOf({ ids: b.list(enrolmentIds) }))) {
        const key = `${row.enrolment_id}\n${row.step_id}`
        // Oldest first: the last one tells the state.
        const isWaiting = row.phase === 0 || steps.get(key)?.isWaiting === true
        steps.set(key, { enrolmentId: row.enrolment_id, stepId: row.step_id, state: row.state, isWaiting })
      }
      return [...steps.values()]
    },
    *ofEnrolments(enrolmentIds) {
      if (enrolmentIds.length === 0) return []
      return (yield* rows<StepMailRow>(ofEnrolments({ ids: b.list(enrolmentIds) }))).map(toStepMail)
    },
    *waitingOf(contactIds) {
      if (contactIds.length === 0) return []
      return (yield* rows<WaitingRow>(waitingOf({ ids: b.list(contactIds) }))).map(toWaiting)
    },
    *queuedOf(scenario, { after, limit }) {
      const found = yield* rows<QueuedRow>(queuedOf({ scenario, after: after ?? '', limit }))
      return found.map((row) => ({ messageId: row.message_id, stepId: row.step_id, runAt: row.run_at }))
    },
  }
}

const toStepMail = (row: StepMailRow): StepMail => ({
  messageId: row.id,
  enrolmentId: row.enrolment_id,
  idemKey: row.idem_key,
  purpose: row.purpose,
  plannedAt: row.planned_at,
  runAt: row.run_at,
  leaseUntil: row.lease_until,
  finishedAt: row.finished_at,
})

const toWaiting = (row: WaitingRow) => ({
  messageId: row.message_id,
  contactId: row.contact_id,
  purpose: row.purpose,
  topic: row.topic,
  scenario: row.scenario,
  scenarioVersion: row.scenario_version,
  plannedAt: row.planned_at,
  runAt: row.run_at,
  expiresAt: row.expires_at,
  attempt: row.attempt,
})
