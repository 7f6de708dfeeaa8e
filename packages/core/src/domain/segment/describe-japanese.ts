import type { Milliseconds } from '../time/instant.ts'
import { type DescribeWords, isTime, listOf, quote, spanOf } from './describe-words.ts'
import type { EventNode, FieldNode, MessageNode } from './segment-node.ts'

const fieldOf = (node: FieldNode): string => {
  const value = node.type === 'boolean' ? (node.value === true ? 'はい' : 'いいえ') : quote(node.value, node, '「', '」')
  switch (node.operator) {
    case 'isSet':
      return `${node.field} がある`
    case '=':
      return `${node.field} が${value}`
    case '!=':
      return `${node.field} が${value}以外`
    case 'in':
      return `${node.field} が${manyOf(node)}のいずれか`
    case 'has':
      return `${node.field} に${value}を含む`
    case 'hasAny':
      return `${node.field} に${manyOf(node)}のいずれかを含む`
    case 'hasAll':
      return `${node.field} に${manyOf(node)}をすべて含む`
    case 'isEmpty':
      return `${node.field} が空`
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

const manyOf = (node: FieldNode): string =>
  listOf(node.value)
    .map((one) => quote(one, node, '「', '」'))
    .join('・')

const units = { day: '日間', hour: '時間', minute: '分間' } as const

const sinceOf = (within: Milliseconds | undefined): string => {
  if (within === undefined) return ''
  const { amount, unit } = spanOf(within)
  return `過去${amount}${units[unit]}に`
}

const eventOf = ({ event, within, count: { operator, value } }: EventNode, where: string | null): string => {
  const since = within === undefined ? '' : `${sinceOf(within)} `
  const what = where === null ? `${event} ` : `${event}（${where}）`
  if (value === 0 && operator !== '>=') return `${since}${what}がない`
  if (value === 1 && operator === '>=') return `${since}${what}がある`
  return `${since}${what}が${value}回${{ '>=': '以上', '=': '', '<=': '以下' }[operator]}`
}

const deeds = {
  sent: ['を受け取った', 'を受け取っていない', '受け取った'],
  opened: ['を開封した', 'を開封していない', '開封した'],
  clicked: ['のリンクをクリックした', 'のリンクをクリックしていない', 'リンクをクリックした'],
} as const

const messageOf = ({ did, within, count: { operator, value }, scenario, step }: MessageNode): string => {
  const mail = `${[scenario, step].map((name) => (name === undefined ? '' : `「${name}」の`)).join('')}メール`
  const [has, hasNot, counted] = deeds[did]
  if (value === 0 && operator !== '>=') return `${sinceOf(within)}${mail}${hasNot}`
  if (value === 1 && operator === '>=') return `${sinceOf(within)}${mail}${has}`
  return `${sinceOf(within)}${counted}${mail}が${value}通${{ '>=': '以上', '=': '', '<=': '以下' }[operator]}`
}

/** Between Japanese and Latin letters stands a space, before a bracket none. */
const joined = (parts: readonly string[], word: string): string =>
  parts.reduce((all, part) => `${all}${word}${/^[ -~]/.test(part) ? ' ' : ''}${part}`)

/** How Japanese says a segment. */
export const japanese: DescribeWords = {
  and: (parts) => joined(parts, '、かつ'),
  or: (parts) => joined(parts, '、または'),
  everyone: '全員',
  nobody: '該当なし',
  field: fieldOf,
  event: eventOf,
  message: messageOf,
  not: (inner) => `（${inner}）ではない`,
  group: (inner) => `（${inner}）`,
}
