import type { EnrolmentWriter, Instant } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { assignments, insertList, selectList } from '../columns.ts'
import { perform, rows } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'
import { type EnrolmentRow, enrolmentFields, fromEnrolment, toEnrolment } from './enrolment-row.ts'
import { isOwnEnrolment, ownVersions } from './own-work.ts'
import { enrolmentReads } from './read-enrolments.ts'

/** A contact has few enrolments that are due at once: this many rows are read for each contact that is asked for. */
const rowsPerContact = 2

export const enrolmentVerbs = (b: SqlBuilder): EnrolmentWriter => {
  const enrolment = b.table('enrolment')
  const columns = selectList(enrolmentFields)
  // Conditions inside `coalesce` are not taken for rare by a planner without statistics: it walks the index to the limit.
  const due = b.statement<{ now: Instant; formats: unknown; foreign: unknown; limit: number; rowLimit: number }>(
    (p) => sql`select contact_id from (
        select e.contact_id, e.wake_at from ${enrolment} e
        where e.wake_at <= ${p.now} and coalesce(e.state = 'active', false)
          and coalesce(e.scenario in (select s.name from ${b.table('scenario')} s where s.state in ('active', 'stopped')), false)
          and ${isOwnEnrolment(b, p)}
        order by e.wake_at, e.id limit ${p.rowLimit}
      ) earliest group by contact_id order by min(wake_at), contact_id limit ${p.limit}`,
  )
  const lockActive = b.statement<{ ids: unknown }>(
    (p) => sql`select ${columns} from ${enrolment} where state = 'active' and ${b.isOneOf('contact_id', p.ids)}
      order by contact_id, entered_at, id ${b.lock('for update')}`,
  )
  const enter = b.statement<{ records: string }>(
    (p) => sql`insert into ${enrolment} ${insertList(enrolmentFields)} select ${selectList(enrolmentFields, { alias: 'r' })}
      from ${b.records(p.records, enrolmentFields)} where true order by r.scenario, r.contact_id, r.entry_key, r.id
      on conflict (scenario, contact_id, entry_key) do nothing returning id`,
  )
  // Columns of an index that never change are left out: SQLite rewrites an index for each column that is named.
  const fixed: readonly string[] = ['id', 'scenario', 'contact_id', 'entry_key']
  const save = b.statement<{ records: string }>(
    (p) => sql`update ${enrolment} as e set ${assignments(Object.keys(enrolmentFields).filter((field) => !fixed.includes(field)))}
      from ${b.records(p.records, enrolmentFields)} where e.id = r.id`,
  )
  const forget = b.statement<{ contactId: string }>(
    (p) => sql`update ${enrolment} set entry_key = id, event = '{}', memory = '{}' where contact_id = ${p.contactId}`,
  )
  const move = b.statement<{ from: string; into: string }>(
    (p) => sql`update ${enrolment} as e set contact_id = ${p.into} where e.contact_id = ${p.from} and not exists (
        select 1 from ${enrolment} o where o.scenario = e.scenario and o.contact_id = ${p.into} and o.entry_key = e.entry_key
      ) returning id`,
  )

  return {
    ...enrolmentReads(b),
    *due({ now, limit, formats, foreign = [] }) {
      const query = due({ now, ...ownVersions(b, { formats, foreign }), limit, rowLimit: limit * rowsPerContact })
      return (yield* rows<{ contact_id: string }>(query)).map((row) => row.contact_id)
    },
    *lockActive(contactIds) {
      if (contactIds.length === 0) return []
      return (yield* rows<EnrolmentRow>(lockActive({ ids: b.list(contactIds) }))).map(toEnrolment)
    },
    *enter(given) {
      if (given.length === 0) return []
      return (yield* rows<{ id: string }>(enter({ records: JSON.stringify(given.map(fromEnrolment)) }))).map((row) => row.id)
    },
    *save(given) {
      if (given.length > 0) yield* perform(save({ records: JSON.stringify(given.map(fromEnrolment)) }))
    },
    *forget(contactId) {
      yield* perform(forget({ contactId }))
    },
    *move(from, into) {
      return (yield* rows<{ id: string }>(move({ from, into }))).map((row) => row.id)
    },
  }
}
