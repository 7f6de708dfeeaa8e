/**
 * The form in which a row is kept: a frozen copy of plain JSON-like data, without properties that are undefined, as a
 * database would give it back. What is frozen through and through already is shared, so that replacing one field of a row
 * copies one level.
 */
export const storedCopy = <T>(value: T): T => {
  if (!isObject(value) || isFrozenThrough(value)) return value
  const copy = Array.isArray(value) ? value.map((item) => storedCopy<unknown>(item)) : copyOfRecord(value)
  return Object.freeze(copy) as T
}

const copyOfRecord = (value: Readonly<Record<string, unknown>>): Record<string, unknown> => {
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(value)) {
    const item = value[key]
    if (item === undefined) continue
    // An own property even for `__proto__`, which assignment would swallow.
    if (key === '__proto__') Object.defineProperty(copy, key, { value: storedCopy(item), enumerable: true })
    else copy[key] = isObject(item) ? storedCopy(item) : item
  }
  return copy
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null

const isFrozenThrough = (value: Readonly<Record<string, unknown>>): boolean => {
  if (!Object.isFrozen(value)) return false
  for (const key of Object.keys(value)) {
    const item = value[key]
    if (item === undefined || (isObject(item) && !isFrozenThrough(item))) return false
  }
  return true
}
