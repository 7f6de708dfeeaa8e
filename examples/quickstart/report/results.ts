import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Report } from '@tobiishi/core'
import type { Mail } from '../mail/index.ts'
import { education, welcomeSeries, winBack } from '../mail/scenarios.ts'
import type { Ledger } from '../world/ledger.ts'
import { reportHtml } from './html.ts'
import { kpiTable } from './kpi-table.ts'
import { agrees, reconcile } from './reconcile.ts'
import { skipReason } from './skip-reason.ts'

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
  for (const link of links) {
    const who = await mail.reports.clickers({ broadcastId }, link, { limit: 3 })
    say(`  ${String(link.clickers).padStart(4)} 名  ${link.label} ${link.url ?? ''}(会員番号 ${who.join('、')} ほか)`)
  }
  const reasons = Object.entries(total.skippedByReason)
  say(
    `\n送らなかったもの: ${reasons.map(([reason, count]) => `${skipReason(reason)} ${count} 通`).join('、')}。結果不明 ${total.unknown} 通`,
  )

  const pairs = reconcile(ledger, total)
  say('\n照合: 台本が数えた数と、レポートの数 / the script counted, the report says')
  for (const pair of pairs) {
    const isEqual = pair.script === pair.report
    const reason = isEqual || !agrees(pair) ? '' : `(${pair.why})`
    say(
      `  ${agrees(pair) ? '✓' : '✗'} ${pair.what}: ${pair.script} ${isEqual ? '=' : agrees(pair) ? '≒' : '≠'} ${pair.report}${reason}`,
    )
  }

  writeFileSync(
    join(out, 'report.html'),
    reportHtml({ lines, total, links, span: context.span, byDay: sentByDay(ledger, context.span) }),
  )
  mkdirSync(join(out, 'eml'), { recursive: true })
  for (const [index, { raw }] of ledger.mails(6).entries()) writeFileSync(join(out, 'eml', `${index + 1}.eml`), raw)
  say(`\n${join(out, 'report.html')}、errors.csv(取り込めなかった行)、eml/ をご覧ください`)
  return { isReconciled: pairs.every(agrees) }
}

/** Mails that arrived, a line a day in Japan, days without mail included. */
const sentByDay = (ledger: Ledger, { start, end }: { readonly start: number; readonly end: number }) => {
  const rows = ledger.ask<{ day: string; mails: number }>(
    `SELECT date(at / 1000, 'unixepoch', '+9 hours') AS day, count(*) AS mails FROM mail GROUP BY day`,
  )
  const mails = new Map(rows.map((row) => [row.day, row.mails]))
  return Array.from({ length: Math.ceil((end - start) / 86_400_000) }, (_, index) => {
    const day = new Date(start + index * 86_400_000 + 9 * 3_600_000).toISOString().slice(0, 10)
    return { day, mails: mails.get(day) ?? 0 }
  })
}
