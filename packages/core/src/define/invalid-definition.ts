import { namePattern, nameRule } from '../domain/name.ts'
import { nearestName } from '../domain/nearest-name.ts'
import { tellValue } from '../domain/tell-value.ts'
import { type ErrorCode, TobiishiError } from '../errors/index.ts'

/** The error for a wrong definition: where, what, and what to do. `path` is repeated in the details for tools. */
export const invalidDefinition = (path: string, problem: string, code: ErrorCode = 'definition.invalid'): TobiishiError =>
  new TobiishiError(code, `${path}: ${problem}`, { details: { path } })

/** The error for a value of another kind: `path: must be a whole number, got "2".` `expected` ends without a full stop. */
export const mustBe = (path: string, expected: string, value: unknown, code?: ErrorCode): TobiishiError =>
  invalidDefinition(path, `must be ${expected}, got ${tellValue(value)}.`, code)

/** A name that is not known, with the one that was probably meant: `"oder" (did you mean "order"?)`. */
export const unknownName = (name: unknown, known: object): string => {
  const nearest = typeof name === 'string' ? nearestName(name, Object.keys(known)) : null
  return `${tellValue(name)}${nearest === null ? '' : ` (did you mean ${JSON.stringify(nearest)}?)`}`
}

/** See `namePattern`. */
export const requireName = (path: string, name: unknown): string => {
  if (typeof name === 'string' && namePattern.test(name)) return name
  throw invalidDefinition(path, nameRule)
}

/** JSON's values are all a definition may hold, because it is stored. */
export const isJson = (value: unknown): boolean => {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true
  if (typeof value === 'number') return Number.isFinite(value)
  if (Array.isArray(value)) return value.every(isJson)
  if (typeof value !== 'object') return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return (prototype === Object.prototype || prototype === null) && Object.values(value).every(isJson)
}
