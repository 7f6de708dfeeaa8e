import { readFileSync } from 'node:fs'
import { TobiishiError } from '@tobiishi/core'
import { decodeText } from '@tobiishi/core/import'
import { type CustomerFile, customerColumns, readCustomers } from './read-customers.ts'

/** The customer list at a path that somebody typed; `problem` is what to tell them where it is none, a line an entry. */
export const loadCustomers = (path: string): CustomerFile | { readonly problem: readonly string[] } => {
  const bytes = bytesOf(path)
  if (typeof bytes === 'string') return { problem: [bytes] }
  if (bytes.subarray(0, 4).toString('latin1') === 'PK\u0003\u0004')
    return { problem: [`${path} は Excel のブックです。CSV で保存し直してください / an Excel workbook; save it as CSV`] }
  if (decodeText(bytes).text.trim() === '') return { problem: [`${path} は空です / the file is empty`] }
  try {
    return readCustomers(bytes)
  } catch (error) {
    if (!TobiishiError.is(error) || error.code !== 'import.unreadable') throw error
    return { problem: 'missing' in error.details ? noHeader(path) : [brokenAt(path, error.details.line)] }
  }
}

const bytesOf = (path: string): Buffer | string => {
  try {
    return readFileSync(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'ENOENT') return `${path} がありません / there is no such file`
    if (code === 'EISDIR') return `${path} はフォルダーです。CSV ファイルを指定してください / a folder; name a CSV file`
    if (code === 'EACCES' || code === 'EPERM') return `${path} を読む権限がありません / no permission to read it`
    return `${path} を読めません / cannot be read${code === '' ? '' : ` (${code})`}`
  }
}

const brokenAt = (path: string, line: unknown): string =>
  `${path} は ${line ?? '?'} 行目で読めなくなります。引用符「"」が閉じていません / a quotation mark is not closed there`

const noHeader = (path: string): string[] => [
  `${path} に見出しの行が見つかりません。はじめの 30 行のどこかに、次の見出しの行が必要です`,
  'no header row in the first 30 rows; these headings are known (any order, others are left alone):',
  ...Object.values(customerColumns).map(
    ({ headings, isRequired }) => `  ${headings.join('、')}${isRequired ? ' … 必須 / required' : ''}`,
  ),
]
