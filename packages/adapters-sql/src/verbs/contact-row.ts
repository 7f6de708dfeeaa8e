import type { Contact } from '@tobiishi/core/ports'
import type { FieldType } from '../dialect.ts'
import { documentText, jsonText, parseJson } from '../json-text.ts'

export interface ContactRow {
  readonly id: string
  readonly email: string | null
  readonly email_key: string | null
  readonly name: string
  readonly locale: string | null
  readonly time_zone: string | null
  readonly attributes: string
  readonly consent: string
  readonly consent_rev: number
  readonly hash: number
  readonly lane: number
  readonly soft_bounces: number
  readonly soft_since: number | null
  readonly created_at: number
  readonly updated_at: number
}

export const contactFields = {
  id: 'text',
  email: 'text',
  email_key: 'text',
  name: 'text',
  locale: 'text',
  time_zone: 'text',
  attributes: 'text',
  consent: 'text',
  consent_rev: 'integer',
  hash: 'integer',
  lane: 'integer',
  soft_bounces: 'integer',
  soft_since: 'instant',
  created_at: 'instant',
  updated_at: 'instant',
} as const satisfies { readonly [field in keyof ContactRow]: FieldType }

export const toContact = (row: ContactRow): Contact => ({
  id: row.id,
  email: row.email,
  emailKey: row.email_key,
  name: parseJson(row.name),
  locale: row.locale,
  timeZone: row.time_zone,
  attributes: parseJson(row.attributes),
  consent: parseJson(row.consent),
  consentRev: row.consent_rev,
  hash: row.hash,
  lane: row.lane,
  softBounces: row.soft_bounces,
  softSince: row.soft_since,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})

export const fromContact = (contact: Contact): ContactRow => ({
  id: contact.id,
  email: contact.email,
  email_key: contact.emailKey,
  name: jsonText(contact.name),
  locale: contact.locale,
  time_zone: contact.timeZone,
  attributes: documentText(contact.attributes),
  consent: jsonText(contact.consent),
  consent_rev: contact.consentRev,
  hash: contact.hash,
  lane: contact.lane,
  soft_bounces: contact.softBounces,
  soft_since: contact.softSince,
  created_at: contact.createdAt,
  updated_at: contact.updatedAt,
})
