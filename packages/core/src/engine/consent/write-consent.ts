import type { ConsentEntry } from '../../domain/consent/consent.ts'
import { foldConsent } from '../../domain/consent/fold-consent.ts'
import type { Contact } from '../../domain/contact/contact.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Step, StorageTransaction } from '../../ports/storage/index.ts'

/** The contact after these lines of its ledger; the raised revision sends mail that is decided but not marked round again. */
export const withConsent = (contact: Contact, entries: readonly ConsentEntry[], now: Instant): Contact => ({
  ...contact,
  consent: entries.reduce(foldConsent, contact.consent),
  consentRev: contact.consentRev + 1,
  updatedAt: now,
})

/** Appends lines to the ledger of a contact whose lock is held, and folds them into its row. */
export function* writeConsent(
  tx: StorageTransaction,
  contact: Contact,
  entries: readonly ConsentEntry[],
  now: Instant,
): Step<void> {
  yield* tx.consents.append(entries)
  yield* tx.contacts.save([withConsent(contact, entries, now)])
}
