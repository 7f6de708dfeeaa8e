import type { Json, JsonObject } from '../../domain/json.ts'
import { type ErrorCode, TobiishiError } from '../../errors/index.ts'

const isLoneOrNul = (text: string) => text.includes('\0') || !text.isWellFormed()

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value))

/**
 * The value as the JSON that every storage keeps alike: no NUL, no lone surrogates, finite numbers, plain objects. Fields that
 * are `undefined` are left out. Throws `code` with the path, never with the value.
 */
const plainJson = (value: unknown, path: string, code: ErrorCode): Json => {
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'string') {
    if (isLoneOrNul(value)) throw new TobiishiError(code, `${path} holds a NUL character or half a character: remove it.`)
    return value
  }
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (Array.isArray(value)) return value.map((item, index) => plainJson(item, `${path}.${index}`, code))
  if (isRecord(value)) return plainObject(value, path, code)
  throw new TobiishiError(code, `${path} cannot be written as JSON: use text, finite numbers, booleans, lists and plain objects.`)
}

/** `plainJson` of an object; its keys are held to the same rules. */
export const plainObject = (value: Readonly<Record<string, unknown>>, path: string, code: ErrorCode): JsonObject => {
  const pairs = Object.entries(value).filter(([, one]) => one !== undefined)
  return Object.fromEntries(
    pairs.map(([key, one]) => {
      if (isLoneOrNul(key)) throw new TobiishiError(code, `A field name in ${path} holds a NUL character or half a character.`)
      return [key, plainJson(one, path === '' ? key : `${path}.${key}`, code)]
    }),
  )
}
