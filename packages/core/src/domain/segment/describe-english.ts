import type { Milliseconds } from '../time/instant.ts'
import { type DescribeWords, isTime, listOf, quote, spanOf } from './describe-words.ts'
import type { EventNode, FieldNode, MessageNode } from './segment-node.ts'

const orders = {
  '<': ['less than', 'before'],
  '<=': ['at most', 'on or before'],
  '>': ['more than', 'after'],
  '>=': ['at least', 'on or after'],
} as const

const fieldOf = (node: FieldNode): string => {
  const value = quote(node.value, node, '“', '”')
  switch (node.operator) {
    case 'isSet':
      return `${node.field} is set`
    case '=':
      return `${node.field} is ${value}`
    case '!=':
      return `${node.field} is set and not ${value}`
    case 'in':
      return `${node.field} is one of ${manyOf(node)}`
    case 'has':
      return `${node.field} has ${value}`
    case 'hasAny':
      return `${node.field} has any of ${manyOf(node)}`
    case 'hasAll':
      return `${node.field} has all of ${manyOf(node)}`
    case 'isEmpty':
      return `${node.field} is empty`
    default:
      return `${node.field} is ${orders[node.operator][isTime(node) ? 1 : 0]} ${value}`
  }
}

const manyOf = (node: FieldNode): string =>
  listOf(node.value)
    .map((one) => quote(one, node, '“', '”'))
    .join(', ')

const sinceOf = (within: Milliseconds | undefined): string => {
  if (within === undefined) return ''
  const { amount, unit } = spanOf(within)
  return ` in the last ${amount} ${unit}${amount === 1 ? '' : 's'}`
}

const counts = { '>=': 'at least', '=': 'exactly', '<=': 'at most' } as const

const eventOf = ({ event, within, count: { operator, value } }: EventNode, where: string | null): string => {
  const since = sinceOf(within)
  const what = where === null ? event : `${event} (${where})`
  if (value === 0 && operator !== '>=') return `did not do ${what}${since}`
  if (value === 1 && operator === '>=') return `did ${what}${since}`
  return `did ${what} ${counts[operator]} ${value} times${since}`
}

const deeds = {
  sent: ['got', 'did not get'],
  opened: ['opened', 'did not open'],
  clicked: ['clicked in', 'did not click in'],
} as const

const messageOf = ({ did, within, count: { operator, value }, scenario, step }: MessageNode): string => {
  const [has, hasNot] = deeds[did]
  const of = `${step === undefined ? '' : ` “${step}”`}${scenario === undefined ? '' : ` of “${scenario}”`}`
  if (value === 0 && operator !== '>=') return `${hasNot} any mail${of}${sinceOf(within)}`
  if (value === 1 && operator === '>=') return `${has} a mail${of}${sinceOf(within)}`
  return `${has} ${counts[operator]} ${value} mail${value === 1 ? '' : 's'}${of}${sinceOf(within)}`
}

/** How English says a segment. */
export const english: DescribeWords = {
  and: (parts) => parts.join(' and '),
  or: (parts) => parts.join(' or '),
  everyone: 'everyone',
  nobody: 'nobody',
  field: fieldOf,
  event: eventOf,
  message: messageOf,
  not: (inner) => `not (${inner})`,
  group: (inner) => `(${inner})`,
}
