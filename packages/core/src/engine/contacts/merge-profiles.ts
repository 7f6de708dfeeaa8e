import type { Contact } from '../../domain/contact/contact.ts'
import type { Instant } from '../../domain/time/instant.ts'

/**
 * The profile of two contacts as one: `into` keeps what it has, `from` fills the gaps. Bounces belong to the address that stays.
 * The revision lies above both, so that mail of either that is decided but not marked goes round again. Consent is not looked at.
 */
export const mergeProfiles = (from: Contact, into: Contact, now: Instant): Contact => {
  const addressOf = into.emailKey === null ? from : into
  return {
    ...into,
    email: addressOf.email,
    emailKey: addressOf.emailKey,
    softBounces: addressOf.softBounces,
    softSince: addressOf.softSince,
    name: { ...from.name, ...into.name },
    locale: into.locale ?? from.locale,
    timeZone: into.timeZone ?? from.timeZone,
    attributes: { ...from.attributes, ...into.attributes },
    consentRev: Math.max(from.consentRev, into.consentRev) + 1,
    createdAt: Math.min(from.createdAt, into.createdAt),
    updatedAt: now,
  }
}
