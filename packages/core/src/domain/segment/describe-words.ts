import type { Json } from '../json.ts'
import { day, hour, type Milliseconds, minute } from '../time/instant.ts'
import type { EventNode, FieldNode, MessageNode } from './segment-node.ts'

/** How one language says the parts of a tree. */
export interface DescribeWords {
  readonly and: (parts: readonly string[]) => string
  readonly or: (parts: readonly string[]) => string
  readonly everyone: string
  readonly nobody: string
  readonly field: (node: FieldNode) => string
  readonly event: (node: EventNode, where: string | null) => string
  readonly message: (node: MessageNode) => string
  readonly not: (inner: string) => string
  readonly group: (inner: string) => string
}

/** A value between quotation marks where it is text; an instant to the minute in UTC. */
export const quote = (value: Json | undefined, node: FieldNode, open: string, close: string): string => {
  if (node.type === 'instant' && typeof value === 'number')
    return `${new Date(value).toISOString().slice(0, 16).replace('T', ' ')} UTC`
  const isText = node.type === 'string' || (node.type === 'list' && typeof value === 'string')
  return isText ? `${open}${String(value)}${close}` : String(value)
}

/** The values of `in`, `hasAny` and `hasAll`. */
export const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : [])

/** A span in the largest unit that it is a whole number of. */
export const spanOf = (ms: Milliseconds): { readonly amount: number; readonly unit: 'day' | 'hour' | 'minute' } => {
  if (ms % day === 0) return { amount: ms / day, unit: 'day' }
  if (ms % hour === 0) return { amount: ms / hour, unit: 'hour' }
  return { amount: ms / minute, unit: 'minute' }
}

export const isTime = (node: FieldNode): boolean => node.type === 'date' || node.type === 'instant'
