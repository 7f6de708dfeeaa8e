import type { Json } from '../json.ts'
import type { FieldNode } from './segment-node.ts'

/** What a list can be asked for. */
export type ListElement = string | number | boolean

export const isElement = (value: Json | undefined): value is ListElement =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'

/** The elements that a list must hold, one or all of which it must hold: those of `has`, `hasAny` and `hasAll`. */
export const elementsOf = ({ operator, value }: FieldNode): readonly ListElement[] => {
  if (operator === 'has') return isElement(value) ? [value] : []
  if ((operator !== 'hasAny' && operator !== 'hasAll') || !Array.isArray(value)) return []
  return (value as readonly Json[]).filter(isElement)
}
