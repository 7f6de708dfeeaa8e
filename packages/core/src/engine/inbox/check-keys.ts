import { TobiishiError } from '../../errors/index.ts'

/**
 * Refuses what is no plain object, and keys that nobody reads: in JavaScript a misspelt one would be lost in silence (`topic`
 * instead of `topics` would mean all of them). Throws `contact.invalid_attributes` with the path, never a value.
 */
export const checkKeys = (value: unknown, known: readonly string[], path: string): void => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TobiishiError('contact.invalid_attributes', `${path} must be an object with ${known.join(', ')}.`)
  const unknown = Object.keys(value).find((key) => !known.includes(key))
  if (unknown !== undefined)
    throw new TobiishiError('contact.invalid_attributes', `${path} has no '${unknown}': it takes ${known.join(', ')}.`)
}
