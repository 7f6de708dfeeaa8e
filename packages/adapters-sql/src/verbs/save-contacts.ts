import type { Contact, Step } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { assignments, selectList } from '../columns.ts'
import { perform, rows, run } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'
import { contactFields, fromContact } from './contact-row.ts'

interface AddressRow {
  readonly id: string
  readonly email: string | null
  readonly email_key: string | null
}

const addressFields = { id: 'text', email: 'text', email_key: 'text' } as const

/**
 * Replaces contacts, each address going to the first that may have it: rows are judged in the given order, so that one may
 * take what an earlier one of the same call gave up. Two transactions that race for one address meet at the unique key; the
 * driver repeats the later one, which then finds the address taken.
 */
export const saveContactsVerb = (b: SqlBuilder): ((contacts: readonly Contact[]) => Step<{ addressTaken: string[] }>) => {
  const contact = b.table('contact')
  const holders = b.statement<{ ids: unknown; keys: unknown }>(
    (p) => sql`select ${selectList(addressFields)} from ${contact}
      where ${b.isOneOf('id', p.ids)} union
      select ${selectList(addressFields)} from ${contact} where ${b.isOneOf('email_key', p.keys)}`,
  )
  const release = b.statement<{ ids: unknown }>(
    (p) => sql`update ${contact} set email_key = null where ${b.isOneOf('id', p.ids)}`,
  )
  const documents = ['attributes', 'consent'] as const
  const plain = Object.keys(contactFields).filter((field) => field !== 'id' && !documents.some((one) => one === field))
  const save = b.statement<{ records: string }>(
    (p) => sql`update ${contact} as c set ${assignments(plain)},
      attributes = ${b.dialect.document(sql`r.attributes`)}, consent = ${b.dialect.document(sql`r.consent`)}
      from ${b.records(p.records, contactFields)} where c.id = r.id`,
  )

  return function* saveContacts(contacts) {
    if (contacts.length === 0) return { addressTaken: [] }
    const ids = contacts.map(({ id }) => id)
    const keys = contacts.flatMap(({ emailKey }) => (emailKey === null ? [] : [emailKey]))
    const found = yield* rows<AddressRow>(holders({ ids: b.list(ids), keys: b.list(keys) }))
    const { records, addressTaken, moved } = judgeAddresses(contacts, found)
    if (moved.length > 0) yield* run(release({ ids: b.list(moved) }))
    yield* perform(save({ records: JSON.stringify(records.map(fromContact)) }))
    return { addressTaken }
  }
}

/** `moved` are the contacts that give up an address in favour of another of the same call. */
const judgeAddresses = (contacts: readonly Contact[], found: readonly AddressRow[]) => {
  const before = new Map(found.map((row) => [row.id, row]))
  const holderOf = new Map(found.flatMap((row) => (row.email_key === null ? [] : [[row.email_key, row.id] as const])))
  const original = new Map(holderOf)
  const addressTaken: string[] = []
  const moved: string[] = []
  const records = contacts.map((contact) => {
    const old = before.get(contact.id)
    const holder = contact.emailKey === null ? undefined : holderOf.get(contact.emailKey)
    if (holder !== undefined && holder !== contact.id) {
      addressTaken.push(contact.id)
      return { ...contact, email: old?.email ?? null, emailKey: old?.email_key ?? null }
    }
    if (old?.email_key != null && old.email_key !== contact.emailKey) holderOf.delete(old.email_key)
    if (contact.emailKey !== null) {
      holderOf.set(contact.emailKey, contact.id)
      const giver = original.get(contact.emailKey)
      if (giver !== undefined && giver !== contact.id) moved.push(giver)
    }
    return contact
  })
  return { records, addressTaken, moved }
}
