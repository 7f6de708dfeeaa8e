import { halfWidth } from './plain-cell.ts'

/** What a consent column says: しない is a withdrawal, blank says nothing and is no grant. */
export type ConsentAnswer = 'granted' | 'withdrawn' | 'none'

const yes = new Set([
  '1',
  'true',
  'yes',
  'y',
  'on',
  'ok',
  '可',
  '○',
  '◯',
  '〇',
  '●',
  '希望する',
  '希望',
  'はい',
  '有',
  'あり',
  '許可',
  '許可する',
  '受け取る',
  '受信する',
  '同意する',
  '同意',
])
const no = new Set([
  '0',
  'false',
  'no',
  'n',
  'off',
  'ng',
  '不可',
  '×',
  '✕',
  'x',
  '希望しない',
  '不要',
  'いいえ',
  '無',
  'なし',
  '拒否',
  '受け取らない',
  '受信しない',
  '同意しない',
  'しない',
  '停止',
  '配信停止',
])

/** Null where the word is neither yes nor no: then nobody may guess. */
export const parseConsent = (cell: string): ConsentAnswer | null => {
  const word = halfWidth(cell).toLowerCase()
  if (word === '' || word === '-' || word === '未回答') return 'none'
  return yes.has(word) ? 'granted' : no.has(word) ? 'withdrawn' : null
}
