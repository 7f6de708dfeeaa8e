import { TobiishiError } from '../../errors/index.ts'
import type { Profile } from '../tobiishi.ts'
import { checkKeys } from './check-keys.ts'

const parts: readonly (keyof Profile<object>)[] = ['email', 'name', 'locale', 'timeZone', 'attributes', 'consent', 'withdraw']

const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value)
const isText = (value: unknown) => value === null || typeof value === 'string'

const shapes: readonly (readonly [keyof Profile<object>, (value: unknown) => boolean, string])[] = [
  ['name', isObject, 'an object such as { family, given }'],
  ['locale', isText, 'text, or null to clear it'],
  ['timeZone', isText, 'text, or null to clear it'],
  ['attributes', isObject, 'an object of attributes of the model'],
  ['consent', Array.isArray, "a list of grants such as [{ basis: 'opt-in', evidence: { source: 'form:/signup' } }]"],
  ['withdraw', Array.isArray, "a list such as [{ evidence: { source: 'phone' } }]"],
]

/** Refuses a profile of another shape (its address is looked at where it is normalised), which only an app in JavaScript can write. Throws `contact.invalid_attributes` with the path. */
export const checkProfile = (profile: Profile<object>): void => {
  checkKeys(profile, parts, 'The profile')
  for (const [part, fits, shape] of shapes)
    if (profile[part] !== undefined && !fits(profile[part]))
      throw new TobiishiError('contact.invalid_attributes', `${part} must be ${shape}.`)
}
