import type { Contact, ContactWriter, Instant, Step } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { insertList, selectList } from '../columns.ts'
import { firstRow, perform, rows } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'
import { type ContactRow, contactFields, toContact } from './contact-row.ts'
import { saveContactsVerb } from './save-contacts.ts'

export const contactVerbs = (b: SqlBuilder): ContactWriter => {
  const contact = b.table('contact')
  const columns = selectList(contactFields)
  const byIds = (p: { ids: unknown }) => sql`select ${columns} from ${contact} where ${b.isOneOf('id', p.ids)} order by id`
  const get = b.statement<{ ids: unknown }>(byIds)
  const lockWaiting = b.statement<{ ids: unknown }>((p) => sql`${byIds(p)} ${b.lock('for update')}`)
  const lockFree = b.statement<{ ids: unknown }>((p) => sql`${byIds(p)} ${b.lock('for update', { skipLocked: true })}`)
  const byEmailKeys = b.statement<{ keys: unknown }>(
    (p) => sql`select email_key, id from ${contact} where ${b.isOneOf('email_key', p.keys)} order by id`,
  )
  const page = b.statement<{ after: string; limit: number }>(
    (p) => sql`select ${columns} from ${contact} where id > ${p.after} order by id limit ${p.limit}`,
  )
  const count = b.statement(() => sql`select count(*) as count from ${contact}`)
  const ensure = b.statement<{ records: string; now: Instant }>(
    (p) => sql`insert into ${contact} ${insertList(contactFields)}
      select r.id, null, null, '{}', null, null, ${b.dialect.document(sql`'{}'`)}, ${b.dialect.document(sql`'{"all":null,"topics":{}}'`)},
        0, r.hash, r.lane, 0, null, cast(${p.now} as bigint), cast(${p.now} as bigint)
      from ${b.records(p.records, { id: 'text', hash: 'integer', lane: 'integer' })}
      where true order by r.id
      on conflict (id) do nothing`,
  )
  const remove = b.statement<{ id: string }>((p) => sql`delete from ${contact} where id = ${p.id}`)

  return {
    *get(ids) {
      if (ids.length === 0) return []
      return (yield* rows<ContactRow>(get({ ids: b.list(ids) }))).map(toContact)
    },
    *findByEmailKeys(keys) {
      const found = yield* rows<{ email_key: string; id: string }>(byEmailKeys({ keys: b.list(keys) }))
      return found.map(({ email_key, id }) => ({ emailKey: email_key, id }))
    },
    *page({ after, limit }): Step<Contact[]> {
      return (yield* rows<ContactRow>(page({ after: after ?? '', limit }))).map(toContact)
    },
    *count() {
      return (yield* firstRow<{ count: number }>(count({})))?.count ?? 0
    },
    *ensure(contacts, now) {
      if (contacts.length === 0) return
      const records = contacts.map(({ id, hash, lane }) => ({ id, hash, lane }))
      yield* perform(ensure({ records: JSON.stringify(records), now }))
    },
    *lock(ids, { skipLocked }) {
      if (ids.length === 0) return []
      const lock = skipLocked ? lockFree : lockWaiting
      return (yield* rows<ContactRow>(lock({ ids: b.list(ids) }))).map(toContact)
    },
    save: saveContactsVerb(b),
    *remove(id) {
      yield* perform(remove({ id }))
    },
  }
}
