/** Words and numbers as a definition holds them; never an address or a long text, since messages go to logs. */
const plainWord = /^[\p{L}\p{N} ._:/+-]{0,40}$/u

/** What was given instead, for messages: `"weekly"`, `1.5`, `a list`. */
export const tellValue = (value: unknown): string => {
  if (value === undefined) return 'nothing'
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return plainWord.test(value) ? JSON.stringify(value) : 'a text'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'an object'
  return typeof value === 'function' ? 'a function' : `a ${typeof value}`
}
