import type { Enrolment, EnrolmentReader } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { selectList } from '../columns.ts'
import { firstRow, rows } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'
import { type EnrolmentRow, enrolmentFields, toEnrolment } from './enrolment-row.ts'

interface StepCount {
  readonly version: number
  readonly state: Enrolment['state']
  readonly step_id: string | null
  readonly end_reason: string | null
  readonly count: number
}

/** Below every version. */
const noVersion = -1

/** What is read of enrolments without locks. */
export const enrolmentReads = (b: SqlBuilder): Omit<EnrolmentReader, 'due'> => {
  const enrolment = b.table('enrolment')
  const columns = selectList(enrolmentFields)
  const ofContacts = b.statement<{ ids: unknown }>(
    (p) => sql`select ${columns} from ${enrolment} where ${b.isOneOf('contact_id', p.ids)} order by contact_id, entered_at, id`,
  )
  const ofContactsIn = b.statement<{ ids: unknown; scenario: string }>(
    (p) => sql`select ${columns} from ${enrolment} where scenario = ${p.scenario} and ${b.isOneOf('contact_id', p.ids)}
      order by contact_id, entered_at, id`,
  )
  // The conditions inside `coalesce` keep the planner on the primary key: all pages together walk it once.
  const page = b.statement<{ scenario: string; exceptVersion: number; after: string; limit: number }>(
    (p) => sql`select ${columns} from ${enrolment}
      where id > ${p.after} and coalesce(scenario = ${p.scenario} and state = 'active' and version <> ${p.exceptVersion}, false)
      order by id limit ${p.limit}`,
  )
  const countByStep = b.statement<{ scenario: string }>(
    (p) => sql`select version, state, step_id, end_reason, count(*) as count from ${enrolment} where scenario = ${p.scenario}
      group by version, state, step_id, end_reason order by version, state, step_id, end_reason`,
  )
  const count = b.statement<{ scenario: string }>(
    (p) => sql`select count(*) as count from ${enrolment} where scenario = ${p.scenario}`,
  )
  const countInState = b.statement<{ scenario: string; state: string }>(
    (p) => sql`select count(*) as count from ${enrolment} where scenario = ${p.scenario} and state = ${p.state}`,
  )

  return {
    *ofContact(contactId) {
      return (yield* rows<EnrolmentRow>(ofContacts({ ids: b.list([contactId]) }))).map(toEnrolment)
    },
    *ofContacts(contactIds, { scenario } = {}) {
      if (contactIds.length === 0) return []
      const ids = b.list(contactIds)
      const query = scenario === undefined ? ofContacts({ ids }) : ofContactsIn({ ids, scenario })
      return (yield* rows<EnrolmentRow>(query)).map(toEnrolment)
    },
    *page({ scenario, exceptVersion = noVersion, after, limit }) {
      return (yield* rows<EnrolmentRow>(page({ scenario, exceptVersion, after: after ?? '', limit }))).map(toEnrolment)
    },
    *countByStep(scenario) {
      const found = yield* rows<StepCount>(countByStep({ scenario }))
      return found.map(({ step_id, end_reason, ...row }) => ({ ...row, stepId: step_id, endReason: end_reason }))
    },
    *count({ scenario, state }) {
      const query = state === undefined ? count({ scenario }) : countInState({ scenario, state })
      return (yield* firstRow<{ count: number }>(query))?.count ?? 0
    },
  }
}
