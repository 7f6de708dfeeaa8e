import type { Json } from '../../domain/json.ts'

const isRecord = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const show = (value: Json | undefined): string => {
  if (value === undefined) return 'nothing'
  const text = JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

/** Where two stored definitions differ, as `path was x, is y`, at the deepest place that both have. */
export const differences = (before: Json | undefined, after: Json | undefined, path = ''): string[] => {
  if (show(before) === show(after) && JSON.stringify(before) === JSON.stringify(after)) return []
  if (isRecord(before) && isRecord(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted()
    return keys.flatMap((key) => differences(before[key], after[key], path === '' ? key : `${path}.${key}`))
  }
  return [`${path} was ${show(before)}, is ${show(after)}`]
}
