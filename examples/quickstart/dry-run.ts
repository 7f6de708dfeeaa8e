import { existsSync, readFileSync } from 'node:fs'
import { createTestTobiishi } from '@tobiishi/core/testing'
import { readCustomers } from './files/read-customers.ts'
import { model } from './mail/model.ts'
import { everyone } from './mail/segments.ts'
import { newsletter } from './mail/templates.ts'
import { skipReason } from './report/skip-reason.ts'

/** What would be taken, refused and mailed of a file: everything in memory, nothing written, nobody mailed. */
export const dryRun = async (path: string, say: (line: string) => void): Promise<number> => {
  if (!existsSync(path)) {
    say(`${path} がありません / there is no such file`)
    return 2
  }
  const { table, customers, refused, merged } = readCustomers(readFileSync(path))
  say(`${path}: ${table.encoding}、見出しは ${table.headerLine} 行目、データ ${table.rows.length + table.refused.length} 行`)
  say(`\n取り込めるもの ${customers.length} 名(同じアドレスの統合 ${merged.length})`)
  for (const { line, column, hint } of table.hints.slice(0, 10)) say(`  確認 ${line} 行目「${column}」: ${hint}`)
  say(`\n取り込めないもの ${refused.length} 行`)
  for (const { line, column, reason } of refused.slice(0, 20)) say(`  ${line} 行目「${column}」: ${reason}`)
  if (refused.length > 20) say(`  ほか ${refused.length - 20} 行`)

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
