import type { Suppression } from '../../domain/consent/consent.ts'
import { addressProblems, normaliseAddress } from '../../domain/contact/normalise-address.ts'
import { TobiishiError } from '../../errors/index.ts'
import type { Step, StorageTransaction } from '../../ports/storage/index.ts'
import type { Runtime } from '../runtime.ts'
import type { Tobiishi } from '../tobiishi.ts'

type Target = { readonly email: string } | { readonly domain: string }

/** A target as it is stored: the keyed hash, and the address to find its contact by. */
interface Key {
  readonly key: string
  readonly domainKey: string
  readonly emailKey: string | null
}

/**
 * Addresses and domains that must not be mailed, kept as keyed hashes. Adding an address raises the revision of its contact,
 * so that mail that is decided but not marked goes round again; for a domain that holds from the next decision on.
 */
export const createSuppressions = (runtime: Runtime): Tobiishi['suppressions'] => {
  const { storage, clock, suppressionKeys } = runtime

  const keyOf = (target: Target): Key => {
    const { domain, emailKey } = parseTarget(target)
    const domainKey = suppressionKeys.domain(domain)
    return { key: emailKey === null ? domainKey : suppressionKeys.address(emailKey), domainKey, emailKey }
  }

  return {
    add: async (target, options = {}) => {
      const { key, emailKey } = keyOf(target)
      if (options.scope !== undefined && options.scope !== 'all' && options.scope !== 'marketing')
        throw new TobiishiError('config.invalid', "The scope of a suppression must be 'all' or 'marketing'.")
      const now = clock.now()
      const details = options.note === undefined ? {} : { note: options.note }
      const row: Suppression = { key, scope: options.scope ?? 'all', reason: 'manual', since: now, details }
      await storage.transaction(function* (tx) {
        yield* raiseRevision(tx, emailKey)
        yield* tx.suppressions.put([row])
      })
    },
    remove: async (target) => {
      const { key, emailKey } = keyOf(target)
      await storage.transaction(function* (tx) {
        yield* raiseRevision(tx, emailKey)
        yield* tx.suppressions.remove([key])
      })
    },
    has: async (target) => {
      const { key, domainKey } = keyOf(target)
      const found = await storage.read((reader) => reader.suppressions.find([key, domainKey]))
      return found.length > 0
    },
  }
}

const parseTarget = (target: Target): { readonly domain: string; readonly emailKey: string | null } => {
  if (typeof target !== 'object' || target === null || ('email' in target && 'domain' in target))
    throw new TobiishiError('contact.invalid_address', 'Give either { email } or { domain }, one a call.')
  const isDomain = 'domain' in target
  const answer = normaliseAddress(isDomain ? `any@${target.domain}` : target.email)
  if (answer.kind === 'refused')
    throw new TobiishiError('contact.invalid_address', addressProblems[answer.problem], { details: { problem: answer.problem } })
  return { domain: answer.domain, emailKey: isDomain ? null : answer.emailKey }
}

function* raiseRevision(tx: StorageTransaction, emailKey: string | null): Step<void> {
  if (emailKey === null) return
  const [owner] = yield* tx.contacts.findByEmailKeys([emailKey])
  if (owner === undefined) return
  const contacts = yield* tx.contacts.lock([owner.id], { skipLocked: false })
  yield* tx.contacts.save(contacts.map((contact) => ({ ...contact, consentRev: contact.consentRev + 1 })))
}
