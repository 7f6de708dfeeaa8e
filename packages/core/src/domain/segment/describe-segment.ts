import type { Json } from '../json.ts'
import { day, hour, type Milliseconds, minute } from '../time/instant.ts'
import type { EventNode, FieldNode, SegmentNode } from './segment-node.ts'

export type SegmentLanguage = 'ja' | 'en'

/** A tree read aloud, for reports and for people who check what they are about to send to. Names are the model's. */
export const describeSegment = (tree: SegmentNode, language: SegmentLanguage): string => describe(tree, words[language])

interface Words {
  readonly and: string
  readonly or: string
  readonly everyone: string
  readonly nobody: string
  readonly field: (node: FieldNode) => string
  readonly event: (node: EventNode, where: string | null) => string
  readonly not: (inner: string) => string
  readonly group: (inner: string) => string
}

const describe = (node: SegmentNode, use: Words): string => {
  switch (node.kind) {
    case 'everyone':
      return use.everyone
    case 'attribute':
      return use.field(node)
    case 'event':
      return use.event(node, node.where === undefined ? null : describe(node.where, use))
    case 'not':
      return use.not(describe(node.of, use))
    case 'all':
      return node.of.length === 0 ? use.everyone : join(node.of, use.and, use)
    case 'any':
      return node.of.length === 0 ? use.nobody : join(node.of, use.or, use)
  }
}

const join = (nodes: readonly SegmentNode[], word: string, use: Words): string =>
  nodes
    .map((node) => {
      const isGroup = (node.kind === 'all' || node.kind === 'any') && node.of.length > 1
      return isGroup && nodes.length > 1 ? use.group(describe(node, use)) : describe(node, use)
    })
    .join(word)

const quote = (value: Json | undefined, node: FieldNode, open: string, close: string): string => {
  if (node.type === 'instant' && typeof value === 'number')
    return `${new Date(value).toISOString().slice(0, 16).replace('T', ' ')} UTC`
  return node.type === 'string' ? `${open}${String(value)}${close}` : String(value)
}

const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : [])

const spanOf = (ms: Milliseconds): { readonly amount: number; readonly unit: 'day' | 'hour' | 'minute' } => {
  if (ms % day === 0) return { amount: ms / day, unit: 'day' }
  if (ms % hour === 0) return { amount: ms / hour, unit: 'hour' }
  return { amount: ms / minute, unit: 'minute' }
}

const isTime = (node: FieldNode): boolean => node.type === 'date' || node.type === 'instant'

const japaneseField = (node: FieldNode): string => {
  const value = node.type === 'boolean' ? (node.value === true ? 'はい' : 'いいえ') : quote(node.value, node, '「', '」')
  switch (node.operator) {
    case 'isSet':
      return `${node.field} がある`
    case '=':
      return `${node.field} が${value}`
    case '!=':
      return `${node.field} が${value}以外`
    case 'in':
      return `${node.field} が${list(node.value)
        .map((one) => quote(one, node, '「', '」'))
        .join('・')}のいずれか`
    case '<':
      return `${node.field} が${value}${isTime(node) ? 'より前' : '未満'}`
    case '<=':
      return `${node.field} が${value}${isTime(node) ? '以前' : '以下'}`
    case '>':
      return `${node.field} が${value}${isTime(node) ? 'より後' : '超'}`
    case '>=':
      return `${node.field} が${value}${isTime(node) ? '以降' : '以上'}`
  }
}

const japaneseUnits = { day: '日間', hour: '時間', minute: '分間' } as const

const japaneseEvent = ({ event, within, count: { operator, value } }: EventNode, where: string | null): string => {
  const span = within === undefined ? null : spanOf(within)
  const since = span === null ? '' : `過去${span.amount}${japaneseUnits[span.unit]}に `
  const what = where === null ? event : `${event}（${where}）`
  if (value === 0 && operator !== '>=') return `${since}${what} がない`
  if (value === 1 && operator === '>=') return `${since}${what} がある`
  return `${since}${what} が${value}回${{ '>=': '以上', '=': '', '<=': '以下' }[operator]}`
}

const englishOrders = {
  '<': ['less than', 'before'],
  '<=': ['at most', 'on or before'],
  '>': ['more than', 'after'],
  '>=': ['at least', 'on or after'],
} as const

const englishField = (node: FieldNode): string => {
  const value = quote(node.value, node, '“', '”')
  switch (node.operator) {
    case 'isSet':
      return `${node.field} is set`
    case '=':
      return `${node.field} is ${value}`
    case '!=':
      return `${node.field} is set and not ${value}`
    case 'in':
      return `${node.field} is one of ${list(node.value)
        .map((one) => quote(one, node, '“', '”'))
        .join(', ')}`
    default:
      return `${node.field} is ${englishOrders[node.operator][isTime(node) ? 1 : 0]} ${value}`
  }
}

const englishEvent = ({ event, within, count: { operator, value } }: EventNode, where: string | null): string => {
  const span = within === undefined ? null : spanOf(within)
  const since = span === null ? '' : ` in the last ${span.amount} ${span.unit}${span.amount === 1 ? '' : 's'}`
  const what = where === null ? event : `${event} (${where})`
  if (value === 0 && operator !== '>=') return `did not do ${what}${since}`
  if (value === 1 && operator === '>=') return `did ${what}${since}`
  return `did ${what} ${{ '>=': 'at least', '=': 'exactly', '<=': 'at most' }[operator]} ${value} times${since}`
}

const words: { readonly [L in SegmentLanguage]: Words } = {
  ja: {
    and: '、かつ ',
    or: '、または ',
    everyone: '全員',
    nobody: '該当なし',
    field: japaneseField,
    event: japaneseEvent,
    not: (inner) => `（${inner}）ではない`,
    group: (inner) => `（${inner}）`,
  },
  en: {
    and: ' and ',
    or: ' or ',
    everyone: 'everyone',
    nobody: 'nobody',
    field: englishField,
    event: englishEvent,
    not: (inner) => `not (${inner})`,
    group: (inner) => `(${inner})`,
  },
}
