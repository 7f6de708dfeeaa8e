import type { Assignment, AssignmentWriter } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { insertList, selectList } from '../columns.ts'
import type { FieldType } from '../dialect.ts'
import { perform, rows } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'

interface StoredAssignment {
  readonly contact_id: string
  readonly experiment: string
  readonly variant: string
  readonly assigned_at: number
}

const fields = {
  contact_id: 'text',
  experiment: 'text',
  variant: 'text',
  assigned_at: 'instant',
} as const satisfies { readonly [field in keyof StoredAssignment]: FieldType }

export const assignmentVerbs = (b: SqlBuilder): AssignmentWriter => {
  const assignment = b.table('assignment')
  const get = b.statement<{ experiments: unknown; ids: unknown }>(
    (p) => sql`select ${selectList(fields)} from ${assignment}
      where ${b.isOneOf('contact_id', p.ids)} and ${b.isOneOf('experiment', p.experiments)} order by contact_id, experiment`,
  )
  const count = b.statement<{ experiment: string }>(
    (p) => sql`select variant, count(*) as contacts from ${assignment} where experiment = ${p.experiment}
      group by variant order by variant`,
  )
  const put = b.statement<{ records: string }>(
    (p) => sql`insert into ${assignment} ${insertList(fields)} select ${selectList(fields, { alias: 'r' })}
      from ${b.records(p.records, fields)} where true order by r.contact_id, r.experiment
      on conflict (contact_id, experiment) do nothing`,
  )
  const give = b.statement<{ from: string; into: string }>(
    (p) => sql`insert into ${assignment} ${insertList(fields)}
      select cast(${p.into} as text), experiment, variant, assigned_at from ${assignment} where contact_id = ${p.from}
      order by experiment on conflict (contact_id, experiment) do nothing`,
  )
  const erase = b.statement<{ from: string }>((p) => sql`delete from ${assignment} where contact_id = ${p.from}`)

  return {
    *get(experiments, contactIds) {
      if (experiments.length === 0 || contactIds.length === 0) return []
      const query = get({ experiments: b.list(experiments), ids: b.list(contactIds) })
      return (yield* rows<StoredAssignment>(query)).map(toAssignment)
    },
    *count(experiment) {
      return yield* rows<{ variant: string; contacts: number }>(count({ experiment }))
    },
    *put(given) {
      const firsts = new Map(given.toReversed().map((row) => [`${row.contactId}\n${row.experiment}`, row]))
      if (firsts.size > 0) yield* perform(put({ records: JSON.stringify([...firsts.values()].map(fromAssignment)) }))
    },
    *move(from, into) {
      if (into !== null) yield* perform(give({ from, into }))
      yield* perform(erase({ from }))
    },
  }
}

const toAssignment = (row: StoredAssignment): Assignment => ({
  experiment: row.experiment,
  contactId: row.contact_id,
  variant: row.variant,
  assignedAt: row.assigned_at,
})

const fromAssignment = (row: Assignment): StoredAssignment => ({
  contact_id: row.contactId,
  experiment: row.experiment,
  variant: row.variant,
  assigned_at: row.assignedAt,
})
