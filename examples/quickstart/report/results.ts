import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Report } from '@tobiishi/core'
import type { Mail } from '../mail/index.ts'
import { education, welcomeSeries, winBack } from '../mail/scenarios.ts'
import type { Ledger } from '../world/ledger.ts'
import { reportHtml } from './html.ts'
import { kpiTable } from './kpi-table.ts'
import { reconcile } from './reconcile.ts'

export interface ResultLine {
  readonly title: string
  readonly report: Report
}

const scenarios = [
  { scenario: welcomeSeries, title: 'ようこそシリーズ' },
  { scenario: education, title: '庭づくり講座' },
  { scenario: winBack, title: '休眠顧客の掘り起こし' },
]

/** Prints the KPI, holds them against the world's own book, and writes report.html and a few .eml. */
export const writeResults = async (context: {
  readonly mail: Mail
  readonly ledger: Ledger
  readonly out: string
  readonly say: (line: string) => void
  readonly sent: number
  readonly span: { readonly start: number; readonly end: number }
}): Promise<{ readonly isReconciled: boolean }> => {
  const { mail, ledger, out, say } = context
  const lines: ResultLine[] = []
  for (const { scenario, title } of scenarios) {
    const name = scenario.definition.name
    lines.push({ title, report: await mail.reports.kpi({ scenario: name }) })
    for (const step of Object.values(scenario.definition.steps)) {
      if (step.kind === 'send')
        lines.push({ title: `  ${step.id}`, report: await mail.reports.kpi({ scenario: name, stepId: step.id }) })
    }
  }
  const broadcastId = ledger.marked('newsletter') ?? 'newsletter-autumn'
  lines.push({ title: 'メルマガ 秋号', report: await mail.reports.kpi({ broadcastId }) })
  const total = await mail.reports.kpi({})
  lines.push({ title: '合計', report: total })
  say('')
  for (const line of kpiTable(lines)) say(line)

  const links = await mail.reports.links({ broadcastId })
  say('\nメルマガのリンク(クリックした人)')
  for (const link of links) say(`  ${String(link.clickers).padStart(4)} 名  ${link.label} ${link.url ?? ''}`)

  const pairs = reconcile(ledger, total)
  say('\n照合: 台本が数えた数と、レポートの数 / the script counted, the report says')
  for (const { what, script, report } of pairs) say(`  ${script === report ? '✓' : '✗'} ${what}: ${script} = ${report}`)

  writeFileSync(join(out, 'report.html'), reportHtml({ lines, total, links, span: context.span, byDay: sentByDay(ledger) }))
  mkdirSync(join(out, 'eml'), { recursive: true })
  for (const [index, { raw }] of ledger.mails(6).entries()) writeFileSync(join(out, 'eml', `${index + 1}.eml`), raw)
  say(`\n${join(out, 'report.html')}、errors.csv(取り込めなかった行)、eml/ をご覧ください`)
  return { isReconciled: pairs.every(({ script, report }) => script === report) }
}

const sentByDay = (ledger: Ledger): { readonly day: string; readonly mails: number }[] =>
  ledger.ask(`SELECT date(at / 1000, 'unixepoch', '+9 hours') AS day, count(*) AS mails FROM mail GROUP BY day ORDER BY day`)
