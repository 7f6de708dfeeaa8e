const stored = new WeakSet<object>()

/**
 * The form in which a row is kept: a frozen copy of plain JSON-like data, without properties that are undefined, as a
 * database would give it back. What is kept already is shared, so that replacing one field of a row copies one level.
 */
export const storedCopy = <T>(value: T): T => {
  if (typeof value !== 'object' || value === null || stored.has(value)) return value
  const copy = Array.isArray(value) ? value.map((item) => storedCopy<unknown>(item)) : copyOfObject(value)
  stored.add(Object.freeze(copy))
  return copy as T
}

const copyOfObject = (value: object): object => {
  const copy: Record<string, unknown> = {}
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue
    // An own property even for `__proto__`, which assignment would swallow.
    if (key === '__proto__') Object.defineProperty(copy, key, { value: storedCopy(item), enumerable: true })
    else copy[key] = storedCopy(item)
  }
  return copy
}
