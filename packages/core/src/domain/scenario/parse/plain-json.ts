import { type BareProblem, spellPath } from './problem.ts'

/** Deeper or larger JSON is no scenario: reading it would cost more than it can be worth. */
export const jsonLimits = { depth: 64, nodes: 200_000 } as const

/** What a first look at foreign JSON finds. `isReadable`: a schema may look at it without harm. */
export interface JsonReading {
  readonly isReadable: boolean
  readonly problems: readonly BareProblem[]
}

interface Visit {
  readonly value: unknown
  readonly path: readonly PropertyKey[]
}

/**
 * Walks JSON without recursion, so that a hostile depth, a cycle or a flood exhausts nothing. Finds what is not JSON, texts that
 * databases cannot store (NUL, lone surrogates) and the key `__proto__`.
 */
export const readPlainJson = (json: unknown): JsonReading => {
  const problems: BareProblem[] = []
  const waiting: Visit[] = [{ value: json, path: [] }]
  let isReadable = true
  let nodes = 0
  for (let visit = waiting.pop(); visit !== undefined; visit = waiting.pop()) {
    nodes += 1
    if (nodes > jsonLimits.nodes) return tooLarge
    if (visit.path.length > jsonLimits.depth) return tooDeep
    const problem = problemOf(visit.value)
    if (problem === null) {
      if (sizeOf(visit.value) > jsonLimits.nodes) return tooLarge
      for (const child of childrenOf(visit).reverse()) waiting.push(child)
      for (const found of keyProblems(visit)) problems.push(found)
      continue
    }
    if (typeof visit.value !== 'string') isReadable = false
    problems.push({ path: spellPath(visit.path), problem })
  }
  return { isReadable, problems }
}

const refused = (problem: string): JsonReading => ({ isReadable: false, problems: [{ path: '', problem }] })
const tooLarge = refused('is too large.')
const tooDeep = refused('is nested too deep.')

/** Looked at before what is inside: listing a million keys with their paths takes seconds. A list may claim a length that it does not have. */
const sizeOf = (value: unknown): number => {
  if (Array.isArray(value)) return value.length
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 0
}

const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\u0000')

const problemOf = (value: unknown): string | null => {
  if (typeof value === 'string')
    return isStorable(value) ? null : 'holds a NUL or half a surrogate pair, which databases cannot store.'
  if (value === null || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return null
  if (Array.isArray(value)) return null
  const prototype: unknown = typeof value === 'object' ? Object.getPrototypeOf(value) : undefined
  return prototype === Object.prototype || prototype === null
    ? null
    : 'must be JSON: a text, a number, true, false, null, a list or a plain object.'
}

const childrenOf = ({ value, path }: Visit): Visit[] => {
  if (Array.isArray(value)) return Array.from(value, (child: unknown, index) => ({ value: child, path: [...path, index] }))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).map(([key, child]) => ({ value: child, path: [...path, key] }))
}

const keyProblems = ({ value, path }: Visit): readonly BareProblem[] => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  return Object.keys(value)
    .filter((key) => key === '__proto__' || !isStorable(key))
    .map((key) => ({ path: spellPath(path), problem: `has a key that cannot be stored: ${JSON.stringify(key)}.` }))
}
