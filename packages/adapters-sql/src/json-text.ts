import type { Json } from '@tobiishi/core/ports'

/** JSON text of a column that is only read whole: everything survives, U+0000 and lone surrogates as their escapes. */
export const jsonText = (value: unknown): string => JSON.stringify(value)

export const parseJson = <T>(text: string): T => JSON.parse(text) as T

export const parseNullableJson = <T>(text: string | null): T | null => (text === null ? null : parseJson<T>(text))

const unstorable = /\\u(?:0000|d[89a-f])/i

/**
 * JSON text of a document that SQL looks into. PostgreSQL has no U+0000 and no lone surrogates in text, so U+FFFD stands in
 * their place, in every dialect alike. Neither can be asked for in a segment.
 */
export const documentText = (value: Json): string => {
  const text = JSON.stringify(value)
  return unstorable.test(text) ? JSON.stringify(storable(value)) : text
}

/** The value as it comes back from a document. */
export const storable = (value: Json): Json => {
  if (typeof value === 'string') return storableText(value)
  if (typeof value !== 'object' || value === null) return value
  if (isList(value)) return value.map(storable)
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [storableText(key), storable(item)]))
}

/** Text as a text column can hold it. */
export const storableText = (text: string): string => text.toWellFormed().replaceAll('\u0000', '\ufffd')

const isList = (value: Json): value is readonly Json[] => Array.isArray(value)

/** Whether two JSON values are the same, the order of keys aside. */
export const isSameJson = (a: Json | undefined, b: Json | undefined): boolean => {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (isList(a) || isList(b)) {
    return isList(a) && isList(b) && a.length === b.length && a.every((item, index) => isSameJson(item, b[index]))
  }
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isSameJson(a[key], b[key]))
}
