import type { Suppression } from '../domain/consent/consent.ts'
import type { Contact } from '../domain/contact/contact.ts'
import type { Step, StorageReader } from '../ports/storage/index.ts'
import type { Runtime } from './runtime.ts'

/** The suppressions that may speak of a contact. */
export type SuppressionsOf = (contact: Pick<Contact, 'emailKey'>) => readonly Suppression[]

const none: readonly Suppression[] = []

const domainOf = (emailKey: string): string => emailKey.slice(emailKey.lastIndexOf('@') + 1)

/**
 * Reads, in one request, the suppressions of many contacts: by address and by domain. Addresses leave this function only as
 * keyed hashes; each domain is hashed once a batch.
 */
export function* lookUpSuppressions(
  runtime: Pick<Runtime, 'suppressionKeys'>,
  reader: Pick<StorageReader, 'suppressions'>,
  contacts: Iterable<Pick<Contact, 'emailKey'>>,
): Step<SuppressionsOf> {
  const addressKeys = new Map<string, string>()
  const domainKeys = new Map<string, string>()
  for (const { emailKey } of contacts) {
    if (emailKey === null || addressKeys.has(emailKey)) continue
    addressKeys.set(emailKey, runtime.suppressionKeys.address(emailKey))
    const domain = domainOf(emailKey)
    if (!domainKeys.has(domain)) domainKeys.set(domain, runtime.suppressionKeys.domain(domain))
  }
  if (addressKeys.size === 0) return () => none
  const found = yield* reader.suppressions.find([...addressKeys.values(), ...domainKeys.values()])
  if (found.length === 0) return () => none
  const byKey = new Map(found.map((row) => [row.key, row]))
  return ({ emailKey }) => {
    if (emailKey === null) return none
    const rows = [byKey.get(addressKeys.get(emailKey) ?? ''), byKey.get(domainKeys.get(domainOf(emailKey)) ?? '')]
    return rows.filter((row) => row !== undefined)
  }
}
