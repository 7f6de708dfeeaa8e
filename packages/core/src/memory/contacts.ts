import type { Contact } from '../domain/contact/contact.ts'
import { compareCodePoints } from '../domain/segment/code-point-order.ts'
import type { ContactWriter } from '../ports/storage/index.ts'
import type { Tables } from './tables.ts'
import { verb } from './verb.ts'

export const createContacts = (tables: Tables): ContactWriter => ({
  get: (ids) => verb(() => tables.contacts.pick(new Set(ids))),
  findByEmailKeys: (keys) =>
    verb(() =>
      [...new Set(keys)].flatMap((emailKey) => {
        const found = tables.contactsByEmailKey.get(emailKey)
        return found === undefined ? [] : [{ emailKey, id: found.id }]
      }),
    ),
  page: ({ after, limit }) =>
    verb(() => tables.contactsById.rows.take(limit, (row) => after === null || compareCodePoints(row.id, after) > 0)),
  count: () => verb(() => tables.contacts.size),
  ensure: (contacts, now) =>
    verb(() => {
      for (const contact of contacts) {
        if (tables.contacts.get(contact.id) === undefined) tables.contacts.put(emptyContact(contact, now))
      }
    }),
  // Transactions run one after the other here, so nobody else can hold a contact.
  lock: (ids) => verb(() => tables.contacts.pick([...new Set(ids)].sort(compareCodePoints))),
  save: (contacts) =>
    verb(() => {
      const addressTaken: string[] = []
      for (const contact of contacts) {
        const holder = contact.emailKey === null ? undefined : tables.contactsByEmailKey.get(contact.emailKey)
        if (holder === undefined || holder.id === contact.id) {
          tables.contacts.put(contact)
          continue
        }
        const before = tables.contacts.get(contact.id)
        tables.contacts.put({ ...contact, email: before?.email ?? null, emailKey: before?.emailKey ?? null })
        addressTaken.push(contact.id)
      }
      return { addressTaken }
    }),
  remove: (id) => verb(() => tables.contacts.delete(id)),
})

const emptyContact = (row: { readonly id: string; readonly hash: number; readonly lane: number }, now: number): Contact => ({
  ...{ id: row.id, hash: row.hash, lane: row.lane },
  email: null,
  emailKey: null,
  name: {},
  locale: null,
  timeZone: null,
  attributes: {},
  consent: { all: null, topics: {} },
  consentRev: 0,
  softBounces: 0,
  softSince: null,
  createdAt: now,
  updatedAt: now,
})
