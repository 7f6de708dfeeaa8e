import { type ErrorCode, TobiishiError } from '../errors/index.ts'

/** The error for a wrong definition: where, what, and what to do. `path` is repeated in the details for tools. */
export const invalidDefinition = (path: string, problem: string, code: ErrorCode = 'definition.invalid'): TobiishiError =>
  new TobiishiError(code, `${path}: ${problem}`, { details: { path } })

/** Names are stored, shown and part of paths: letters and digits of any script, and `. _ : -` inside. At most 100. */
export const requireName = (path: string, name: unknown): string => {
  if (typeof name === 'string' && /^[\p{L}\p{N}][\p{L}\p{N}\p{M}._:-]{0,99}$/u.test(name)) return name
  throw invalidDefinition(path, 'a name has 1 to 100 letters, digits or . _ : - and starts with a letter or digit.')
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
