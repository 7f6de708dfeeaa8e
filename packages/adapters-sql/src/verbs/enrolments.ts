import type { Enrolment, EnrolmentWriter, Instant } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { assignments, insertList, selectList } from '../columns.ts'
import type { FieldType } from '../dialect.ts'
import { jsonText, parseJson, parseNullableJson } from '../json-text.ts'
import { firstRow, perform, rows } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'

interface StoredEnrolment {
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
}

const fields = {
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
} as const satisfies { readonly [field in keyof StoredEnrolment]: FieldType }

/** A contact has few enrolments that are due at once: this many rows are read for each contact that is asked for. */
const rowsPerContact = 2

export const enrolmentVerbs = (b: SqlBuilder): EnrolmentWriter => {
  const enrolment = b.table('enrolment')
  const columns = selectList(fields)
  // Conditions inside `coalesce` are not taken for rare by a planner without statistics: it walks the index to the limit.
  const due = b.statement<{ now: Instant; formats: unknown; limit: number; rowLimit: number }>(
    (p) => sql`select contact_id from (
        select e.contact_id, e.wake_at from ${enrolment} e
        where e.wake_at <= ${p.now} and coalesce(e.state = 'active', false)
          and coalesce(e.scenario in (select s.name from ${b.table('scenario')} s where s.state = 'active'), false)
          and coalesce(exists (select 1 from ${b.table('scenario_version')} v
            where v.scenario = e.scenario and v.version = e.version and ${b.isOneOf('v.format', p.formats, 'instant')}), false)
        order by e.wake_at, e.id limit ${p.rowLimit}
      ) earliest group by contact_id order by min(wake_at), contact_id limit ${p.limit}`,
  )
  const ofContact = b.statement<{ contactId: string }>(
    (p) => sql`select ${columns} from ${enrolment} where contact_id = ${p.contactId} order by entered_at, id`,
  )
  const count = b.statement<{ scenario: string }>(
    (p) => sql`select count(*) as count from ${enrolment} where scenario = ${p.scenario}`,
  )
  const countInState = b.statement<{ scenario: string; state: string }>(
    (p) => sql`select count(*) as count from ${enrolment} where scenario = ${p.scenario} and state = ${p.state}`,
  )
  const lockActive = b.statement<{ ids: unknown }>(
    (p) => sql`select ${columns} from ${enrolment} where state = 'active' and ${b.isOneOf('contact_id', p.ids)}
      order by contact_id, entered_at, id ${b.lock('for update')}`,
  )
  const enter = b.statement<{ records: string }>(
    (p) => sql`insert into ${enrolment} ${insertList(fields)} select ${selectList(fields, { alias: 'r' })}
      from ${b.records(p.records, fields)} where true order by r.scenario, r.contact_id, r.entry_key, r.id
      on conflict (scenario, contact_id, entry_key) do nothing returning id`,
  )
  const save = b.statement<{ records: string }>(
    (p) => sql`update ${enrolment} as e set ${assignments(Object.keys(fields).filter((field) => field !== 'id'))}
      from ${b.records(p.records, fields)} where e.id = r.id`,
  )

  return {
    *due({ now, limit, formats }) {
      const query = due({ now, formats: b.list(formats), limit, rowLimit: limit * rowsPerContact })
      return (yield* rows<{ contact_id: string }>(query)).map((row) => row.contact_id)
    },
    *ofContact(contactId) {
      return (yield* rows<StoredEnrolment>(ofContact({ contactId }))).map(toEnrolment)
    },
    *count({ scenario, state }) {
      const query = state === undefined ? count({ scenario }) : countInState({ scenario, state })
      return (yield* firstRow<{ count: number }>(query))?.count ?? 0
    },
    *lockActive(contactIds) {
      if (contactIds.length === 0) return []
      return (yield* rows<StoredEnrolment>(lockActive({ ids: b.list(contactIds) }))).map(toEnrolment)
    },
    *enter(given) {
      if (given.length === 0) return []
      return (yield* rows<{ id: string }>(enter({ records: JSON.stringify(given.map(fromEnrolment)) }))).map((row) => row.id)
    },
    *save(given) {
      if (given.length > 0) yield* perform(save({ records: JSON.stringify(given.map(fromEnrolment)) }))
    },
  }
}

const toEnrolment = (row: StoredEnrolment): Enrolment => ({
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
  wakeSpec: parseNullableJson(row.wake_spec),
  anchorAt: row.anchor_at,
  lastSendAt: row.last_send_at,
  event: parseJson(row.event),
  enteredAt: row.entered_at,
  endedAt: row.ended_at,
  endReason: row.end_reason,
})

const fromEnrolment = (row: Enrolment): StoredEnrolment => ({
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
})
