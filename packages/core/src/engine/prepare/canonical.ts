import { createHash } from 'node:crypto'
import type { Json } from '../../domain/json.ts'

/** JSON with sorted keys and without absent fields: equal values give equal text. */
const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_key, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  )

/** SHA-256 of the canonical JSON, hexadecimal. */
export const canonicalHash = (value: unknown): string => createHash('sha256').update(canonicalJson(value)).digest('hex')

/** The value as it looks after having been stored as JSON. */
export const asStored = (value: unknown): Json => JSON.parse(canonicalJson(value)) as Json
