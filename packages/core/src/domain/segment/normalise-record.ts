import type { JsonObject } from '../json.ts'
import type { FieldType } from './segment-node.ts'

/**
 * Brings the instants of attributes or of a payload into the one form that trees compare: UTC with milliseconds, `…Z`. To be
 * called on what the model's schema has accepted, before it is stored; other fields pass unchanged.
 */
export const normaliseRecord = (types: { readonly [field: string]: FieldType }, record: JsonObject): JsonObject => {
  const changed = Object.entries(record).flatMap(([field, value]) => {
    if (!Object.hasOwn(types, field) || types[field] !== 'instant' || typeof value !== 'string') return []
    const at = Date.parse(value)
    return Number.isNaN(at) ? [] : [[field, new Date(at).toISOString()]]
  })
  return changed.length === 0 ? record : { ...record, ...Object.fromEntries(changed) }
}
