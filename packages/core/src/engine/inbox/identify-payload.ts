import * as z from 'zod'
import type { ConsentEntry } from '../../domain/consent/consent.ts'
import type { Contact, ContactName } from '../../domain/contact/contact.ts'
import type { Json, JsonObject } from '../../domain/json.ts'

/** A line of the consent ledger as it travels in the inbox: all but the contact and the time of writing. */
export type ConsentLine = Omit<ConsentEntry, 'contactId' | 'recordedAt' | 'messageId'>

/** The changed parts of a contact as `identify` writes them into the inbox: checked and normalised, absent parts left out. */
export interface IdentifyPayload {
  readonly address?: Pick<Contact, 'email' | 'emailKey'>
  readonly name?: ContactName
  readonly locale?: string | null
  readonly timeZone?: string | null
  /** `null` clears one. */
  readonly attributes?: JsonObject
  readonly consent?: readonly ConsentLine[]
}

const text = z.string()
const line = z.object({
  id: text,
  kind: z.enum(['grant', 'request', 'confirm', 'withdraw', 'expire']),
  topic: text.nullable(),
  basis: z.enum(['opt-in', 'double-opt-in', 'written-address', 'trading-relation', 'published-address']).nullable(),
  evidence: z.object({
    source: text,
    statement: text.exactOptional(),
    url: text.exactOptional(),
    ip: text.exactOptional(),
    userAgent: text.exactOptional(),
    note: text.exactOptional(),
  }),
  occurredAt: z.int(),
})

const payload = z.object({
  address: z.object({ email: text.nullable(), emailKey: text.nullable() }).exactOptional(),
  name: z
    .object({
      family: text.exactOptional(),
      given: text.exactOptional(),
      organisation: text.exactOptional(),
      department: text.exactOptional(),
      title: text.exactOptional(),
    })
    .exactOptional(),
  locale: text.nullable().exactOptional(),
  timeZone: text.nullable().exactOptional(),
  attributes: z.record(text, z.custom<Json>()).exactOptional(),
  consent: z.array(line).exactOptional(),
})

/** Reads a stored payload, which another version of this code may have written. Throws where it cannot be understood. */
export const readIdentifyPayload = (stored: JsonObject): IdentifyPayload => payload.parse(stored)
