import type { ConsentEntry } from '../../domain/consent/consent.ts'
import type { Contact } from '../../domain/contact/contact.ts'
import type { JsonObject } from '../../domain/json.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { InboxRow, Step } from '../../ports/storage/index.ts'
import { withConsent } from '../consent/write-consent.ts'
import { type IdentifyPayload, readIdentifyPayload } from '../inbox/identify-payload.ts'
import { type Batch, reasonOf } from './batch.ts'

/**
 * Works `identify` entries into the locked contacts and the consent ledger, in order. An address that another contact has
 * stays as it was and is reported; an entry that cannot be read is set aside.
 */
export function* applyProfiles(batch: Batch): Step<void> {
  const entries: ConsentEntry[] = []
  const changed = new Map<string, Contact>()
  const unreadable: { readonly row: InboxRow; readonly reason: string }[] = []
  for (const row of batch.inbox) {
    if (row.kind !== 'identify') continue
    const contact = changed.get(row.contactId) ?? batch.contacts.get(row.contactId)
    if (contact === undefined) continue
    try {
      const profile = readIdentifyPayload(row.payload)
      const said = linesOf(profile, contact.id, batch.now)
      const moved = withProfile(contact, profile, batch.now)
      changed.set(contact.id, said.length === 0 ? moved : withConsent(moved, said, batch.now))
      entries.push(...said)
    } catch (error) {
      unreadable.push({ row, reason: reasonOf(error) })
    }
  }
  for (const { row, reason } of unreadable) {
    yield* batch.tx.inbox.fail([row.id], reason)
    batch.kept.add(row.id)
    batch.notes.push({ level: 'error', event: 'inbox.setAside', fields: { contactId: row.contactId, kind: row.kind, reason } })
  }
  if (changed.size === 0) return
  const { addressTaken } = yield* batch.tx.contacts.save([...changed.values()])
  for (const [id, contact] of changed) {
    const before = batch.contacts.get(id)
    if (before !== undefined) batch.before.set(id, before)
    batch.contacts.set(id, addressTaken.includes(id) ? keepAddress(contact, before) : contact)
  }
  for (const contactId of addressTaken) batch.notes.push({ level: 'warn', event: 'contact.addressTaken', fields: { contactId } })
  if (entries.length > 0) yield* batch.tx.consents.append(entries)
}

const keepAddress = (contact: Contact, before: Contact | undefined): Contact => ({
  ...contact,
  email: before?.email ?? null,
  emailKey: before?.emailKey ?? null,
})

const linesOf = (profile: IdentifyPayload, contactId: string, now: Instant): ConsentEntry[] =>
  (profile.consent ?? []).map((line) => ({ ...line, contactId, recordedAt: now, messageId: null }))

/** The contact after an `identify`. A new address starts without bounces, and sends mail that was decided for the old one round again. */
export const withProfile = (contact: Contact, profile: IdentifyPayload, now: Instant): Contact => {
  const isMoved = profile.address !== undefined && profile.address.emailKey !== contact.emailKey
  return {
    ...contact,
    ...profile.address,
    name: profile.name ?? contact.name,
    locale: profile.locale === undefined ? contact.locale : profile.locale,
    timeZone: profile.timeZone === undefined ? contact.timeZone : profile.timeZone,
    attributes: withAttributes(contact.attributes, profile.attributes ?? {}),
    ...(isMoved ? { softBounces: 0, softSince: null, consentRev: contact.consentRev + 1 } : {}),
    updatedAt: now,
  }
}

const withAttributes = (before: JsonObject, changed: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries({ ...before, ...changed }).filter(([, value]) => value !== null))
