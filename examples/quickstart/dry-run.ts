import { createTestTobiishi } from '@tobiishi/core/testing'
import { type Headings, headingsOf } from './files/headings.ts'
import { loadCustomers } from './files/load-customers.ts'
import { type CustomerFile, customerColumns } from './files/read-customers.ts'
import { model } from './mail/model.ts'
import { everyone } from './mail/segments.ts'
import { newsletter } from './mail/templates.ts'
import { skipReason } from './report/skip-reason.ts'

/** What would be taken, refused and mailed of a file: everything in memory, nothing written, nobody mailed. */
export const dryRun = async (path: string, say: (line: string) => void): Promise<number> => {
  const file = loadCustomers(path)
  if ('problem' in file) {
    for (const line of file.problem) say(line)
    return 2
  }
  describe(path, file, say)
  const { customers } = file
  const mail = await createTestTobiishi({
    model,
    scenarios: [],
    templates: [newsletter],
    now: '2026-09-01T00:00:00Z',
    autoContacts: false,
    grantConsent: false,
    jurisdiction: 'JP',
    audience: 'consumer',
  })
  const evidence = { source: `csv:${path}` }
  const { refused: refusedByModel } = await mail.contacts.identifyMany(
    customers.map(({ id, email, name, plan, consent }) => ({
      id,
      profile: {
        email,
        name,
        attributes: { plan },
        ...(consent === 'granted' ? { consent: [{ basis: 'opt-in' as const, evidence }] } : {}),
        ...(consent === 'withdrawn' ? { withdraw: [{ evidence }] } : {}),
      },
    })),
  )
  for (const { index, message } of refusedByModel.slice(0, 10)) say(`  ${customers[index]?.line} 行目: ${message}`)
  await mail.settle()
  const audience = await mail.broadcasts.preview({ template: newsletter, to: everyone })
  say(`\nメルマガ「飛石ショップ通信」を送るとしたら ${audience.willReceive} 名`)
  for (const [reason, count] of Object.entries(audience.leftOut)) say(`  送らない ${count} 名: ${skipReason(reason)}`)
  await mail.close()
  return 0
}

const shown = 20

const describe = (path: string, { table, customers, refused, merged }: CustomerFile, say: (line: string) => void): void => {
  say(`${path}: ${table.encoding}、見出しは ${table.headerLine} 行目、データ ${table.rows.length + table.refused.length} 行`)
  for (const line of describeHeadings(headingsOf(table.header, customerColumns))) say(line)
  say(`\n取り込めるもの ${customers.length} 名(同じアドレスの統合 ${merged.length})`)
  for (const { line, column, hint } of table.hints.slice(0, shown)) say(`  確認 ${line} 行目「${column}」: ${hint}`)
  if (table.hints.length > shown) say(`  確認 ほか ${table.hints.length - shown} か所`)
  say(`\n取り込めないもの ${refused.length} 行`)
  for (const { line, column, reason } of refused.slice(0, shown)) say(`  ${line} 行目「${column}」: ${reason}`)
  if (refused.length > shown) say(`  ほか ${refused.length - shown} 行`)
}

const describeHeadings = ({ used, absent, ignored }: Headings): string[] => [
  `  使う列: ${used.map(({ column, heading }) => (column === heading ? column : `${column}(見出しは「${heading}」)`)).join('、')}`,
  ...(absent.length === 0 ? [] : [`  ファイルにない列(空として扱います): ${absent.join('、')}`]),
  ...(ignored.length === 0 ? [] : [`  使わない見出し: ${ignored.join('、')}`]),
]
