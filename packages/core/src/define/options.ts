import { nearestName } from '../domain/nearest-name.ts'
import { tellValue } from '../domain/tell-value.ts'
import { invalidDefinition, mustBe } from './invalid-definition.ts'

/** Whether a value can hold options: an object that is no list and no function. */
export const isOptions = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * An object of options as callers without types may give it: what is not known is refused with its path, since a misspelt
 * option would be an option that is silently left out. Absent options are none.
 */
export const readOptions = <K extends string>(
  path: string,
  options: unknown,
  known: readonly K[],
  hint = `known are ${known.join(', ')}.`,
): { readonly [key in K]?: unknown } => {
  if (options === undefined) return {}
  if (!isOptions(options)) throw invalidDefinition(path, `must be an object, got ${tellValue(options)}: ${hint}`)
  if (hasOnly(options, known)) return options
  const unknown = Object.keys(options).find((key) => !hasOnly({ [key]: null }, known)) ?? ''
  const nearest = nearestName(unknown, known)
  throw invalidDefinition(
    `${path}.${unknown}`,
    `is not known here${nearest === null ? '' : ` (did you mean ${nearest}?)`}: ${hint}`,
  )
}

const hasOnly = <K extends string>(options: object, known: readonly K[]): options is { readonly [key in K]?: unknown } =>
  Object.keys(options).every((key) => known.some((one) => one === key))

/** One of some words, or the default where nothing was said. */
export const readChoice = <const W extends string>(path: string, value: unknown, words: readonly W[], fallback: W): W => {
  const found = value === undefined ? fallback : words.find((word) => word === value)
  if (found !== undefined) return found
  throw mustBe(path, words.map((word) => `'${word}'`).join(' or '), value)
}

/** A yes or no, or the default where nothing was said. */
export const readFlag = (path: string, value: unknown, fallback: boolean): boolean => {
  if (value === undefined) return fallback
  if (typeof value === 'boolean') return value
  throw mustBe(path, 'true or false', value)
}
