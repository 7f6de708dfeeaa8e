import type { EventNode, FieldNode, MessageNode, SegmentNode } from '../../segment/segment-node.ts'
import { contradictsLists } from './list-contradiction.ts'

/** What reading a tree says about who is in it: nobody, everybody, or it depends. */
export type Reach = 'never' | 'always' | 'depends'

const opposite: { readonly [R in Reach]: Reach } = { never: 'always', always: 'never', depends: 'depends' }

/** Whether a tree can match at all. Finds contradictions of comparisons that must hold together; `depends` is no promise. */
export const reachOf = (node: SegmentNode): Reach => {
  switch (node.kind) {
    case 'everyone':
      return 'always'
    case 'not':
      return opposite[reachOf(node.of)]
    case 'any': {
      const parts = node.of.map(reachOf)
      if (parts.includes('always') || covers(node.of)) return 'always'
      return parts.every((part) => part === 'never') ? 'never' : 'depends'
    }
    case 'all': {
      const parts = node.of.map(reachOf)
      if (parts.includes('never') || contradicts(flatten(node.of))) return 'never'
      return parts.every((part) => part === 'always') ? 'always' : 'depends'
    }
    case 'attribute':
      return 'depends'
    case 'event':
    case 'message':
      return reachOfCount(node)
  }
}

const reachOfCount = (node: EventNode | MessageNode): Reach => {
  const { count } = node
  if (count.operator === '>=' && count.value === 0) return 'always'
  if (node.kind === 'message' || node.where === undefined || reachOf(node.where) !== 'never') return 'depends'
  return count.operator === '<=' || count.value === 0 ? 'always' : 'never'
}

/** What must hold together: nested `all`s are one. */
const flatten = (nodes: readonly SegmentNode[]): readonly SegmentNode[] =>
  nodes.flatMap((node) => (node.kind === 'all' ? flatten(node.of) : [node]))

const textOf = (node: SegmentNode): string => JSON.stringify(node)

/** One of the parts is the negation of another. */
const covers = (nodes: readonly SegmentNode[]): boolean => {
  const said = new Set(nodes.map(textOf))
  return nodes.some((node) => node.kind === 'not' && said.has(textOf(node.of)))
}

const contradicts = (nodes: readonly SegmentNode[]): boolean => {
  if (covers(nodes)) return true
  const fields = Map.groupBy(
    nodes.filter((node): node is FieldNode => node.kind === 'attribute'),
    ({ field, type }) => `${type} ${field}`,
  )
  if ([...fields.values()].some(isEmptyRange)) return true
  const notSet = new Set(
    nodes.flatMap((node) =>
      node.kind === 'not' && node.of.kind === 'attribute' && node.of.operator === 'isSet' ? [node.of.field] : [],
    ),
  )
  const needsValue = (node: SegmentNode) => node.kind === 'attribute' && node.operator !== 'isEmpty' && notSet.has(node.field)
  if (nodes.some(needsValue) || contradictsLists(nodes)) return true
  const events = Map.groupBy(
    nodes.filter((node): node is EventNode => node.kind === 'event'),
    ({ event, within, where }) => JSON.stringify([event, within ?? null, where ?? null]),
  )
  return [...events.values()].some(isEmptyCount)
}

type Comparable = string | number

/** The comparisons of one field leave no value. */
const isEmptyRange = (nodes: readonly FieldNode[]): boolean => {
  const allowed = nodes.flatMap((node) =>
    node.operator === '=' ? [[node.value]] : node.operator === 'in' && Array.isArray(node.value) ? [node.value as unknown[]] : [],
  )
  const [first, ...others] = allowed
  if (first === undefined) return isEmptyInterval(nodes)
  return !first.some((value) => others.every((list) => list.includes(value)) && nodes.every((node) => fits(node, value)))
}

const fits = ({ operator, value: operand }: FieldNode, value: unknown): boolean => {
  if (operator === '!=') return value !== operand
  if (typeof value !== typeof operand || (typeof value !== 'string' && typeof value !== 'number')) return true
  const [a, b] = [value as Comparable, operand as Comparable]
  if (operator === '<') return a < b
  if (operator === '<=') return a <= b
  if (operator === '>') return a > b
  return operator === '>=' ? a >= b : true
}

const isEmptyInterval = (nodes: readonly FieldNode[]): boolean => {
  const of = (...operators: readonly string[]) =>
    nodes.flatMap(({ operator, value }) =>
      operators.includes(operator) && (typeof value === 'string' || typeof value === 'number') ? [{ operator, value }] : [],
    )
  return of('>', '>=').some((low) =>
    of('<', '<=').some(
      (high) =>
        typeof low.value === typeof high.value &&
        (low.value > high.value || (low.value === high.value && (low.operator === '>' || high.operator === '<'))),
    ),
  )
}

/** The counts of one event leave no number. */
const isEmptyCount = (nodes: readonly EventNode[]): boolean => {
  let least = 0
  let most = Number.POSITIVE_INFINITY
  for (const { count } of nodes) {
    if (count.operator !== '<=') least = Math.max(least, count.value)
    if (count.operator !== '>=') most = Math.min(most, count.value)
  }
  return least > most
}
