import type { DeclaredModel } from '../../define/declared.ts'
import type { Contact, ContactName } from '../../domain/contact/contact.ts'
import { addressProblems, normaliseAddress } from '../../domain/contact/normalise-address.ts'
import type { JsonObject } from '../../domain/json.ts'
import type { Instant } from '../../domain/time/instant.ts'
import { isTimeZone } from '../../domain/time/time-zone.ts'
import { TobiishiError } from '../../errors/index.ts'
import type { InboxEntry } from '../../ports/storage/index.ts'
import type { Settings } from '../runtime.ts'
import type { InstantInput, Profile } from '../tobiishi.ts'
import { checkId } from './check-id.ts'
import { checkAttributes } from './check-payload.ts'
import { checkProfile } from './check-profile.ts'
import { consentLines } from './consent-lines.ts'
import type { IdentifyPayload } from './identify-payload.ts'
import { parsePast } from './parse-past.ts'
import { plainObject } from './plain-json.ts'

export interface IdentifyRequest {
  readonly id: string
  readonly profile: Profile<object>
  readonly occurredAt?: InstantInput | undefined
  readonly startScenarios: boolean
}

export interface IdentifyEntry {
  readonly entry: InboxEntry
  /** The address that the contact is to have, for asking whether it is free; null if none is set. */
  readonly emailKey: string | null
}

/** What checking needs: the model, the law, and a name for the ledger lines. */
export interface IdentifyContext {
  readonly model: DeclaredModel
  readonly settings: Pick<Settings, 'jurisdiction' | 'audience'>
  readonly now: Instant
  readonly randomId: () => string
}

/**
 * Checks a profile and writes it as an inbox entry. Throws `contact.invalid_address`, `contact.invalid_attributes`,
 * `topic.unknown`, `consent.basis_refused`, `event.in_future`, each with its path and without values.
 */
export const identifyEntry = (context: IdentifyContext, request: IdentifyRequest): IdentifyEntry => {
  const { profile } = request
  const contactId = checkId(request.id, 'id', 'contact.invalid_attributes')
  checkProfile(profile)
  const occurredAt = parsePast(request.occurredAt, context.now)
  const key = context.randomId()
  const lines = consentLines({ ...context, occurredAt }, profile.consent ?? [], profile.withdraw ?? [], key)
  const payload: IdentifyPayload = {
    ...(profile.email === undefined ? {} : { address: addressOf(profile.email) }),
    ...(profile.name === undefined ? {} : { name: nameOf(profile.name) }),
    ...(profile.locale === undefined ? {} : { locale: localeOf(profile.locale) }),
    ...(profile.timeZone === undefined ? {} : { timeZone: zoneOf(profile.timeZone) }),
    ...(profile.attributes === undefined ? {} : { attributes: checkAttributes(context.model, { ...profile.attributes }) }),
    ...(lines.length === 0 ? {} : { consent: lines }),
  }
  return {
    entry: {
      contactId,
      kind: 'identify',
      name: 'identify',
      key,
      payload: payload as unknown as JsonObject,
      occurredAt,
      receivedAt: context.now,
      startScenarios: request.startScenarios,
    },
    emailKey: payload.address?.emailKey ?? null,
  }
}

const addressOf = (email: string | null): Pick<Contact, 'email' | 'emailKey'> => {
  if (email === null) return { email: null, emailKey: null }
  const address = normaliseAddress(email)
  if (address.kind === 'refused')
    throw new TobiishiError('contact.invalid_address', `email: ${addressProblems[address.problem]}`, {
      details: { problem: address.problem },
    })
  return { email: address.email, emailKey: address.emailKey }
}

const nameParts = ['family', 'given', 'organisation', 'department', 'title']
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const control = /[\u0000-\u001f\u007f]/

const nameOf = (name: ContactName): ContactName => {
  for (const [part, value] of Object.entries(name)) {
    if (!nameParts.includes(part))
      throw new TobiishiError('contact.invalid_attributes', `name.${part}: a name has only ${nameParts.join(', ')}.`)
    if (value !== undefined && (typeof value !== 'string' || control.test(value)))
      throw new TobiishiError('contact.invalid_attributes', `name.${part} must be text without control characters.`)
  }
  return plainObject({ ...name }, 'name', 'contact.invalid_attributes') as ContactName
}

const localeOf = (locale: string | null): string | null => {
  try {
    return locale === null ? null : (Intl.getCanonicalLocales(locale)[0] ?? null)
  } catch {
    throw new TobiishiError('contact.invalid_attributes', 'locale must be a language tag such as ja or en-GB (BCP 47).')
  }
}

const zoneOf = (timeZone: string | null): string | null => {
  if (timeZone === null || isTimeZone(timeZone)) return timeZone
  throw new TobiishiError('contact.invalid_attributes', 'timeZone must be an IANA zone such as Asia/Tokyo.')
}
