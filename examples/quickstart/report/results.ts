import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Report } from '@tobiishi/core'
import type { Mail } from '../mail/index.ts'
import { education, welcomeSeries, winBack } from '../mail/scenarios.ts'
import type { Ledger } from '../world/ledger.ts'
import { reportHtml } from './html.ts'
import { integer, kpiTable } from './kpi-table.ts'
import { agrees, reconcile } from './reconcile.ts'
import { skipReason } from './skip-reason.ts'
import { subjects } from './subjects.ts'

export interface ResultLine {
  readonly kind: 'scenario' | 'step' | 'broadcast' | 'total'
  readonly title: string
  /** null where several mails are summed up. */
  readonly subject: string | null
  /** Whether its mails hold links that are counted. */
  readonly hasLinks: boolean
  readonly report: Report
}

const scenarios = [
  { scenario: welcomeSeries, title: 'ようこそシリーズ' },
  { scenario: education, title: '庭づくり講座' },
  { scenario: winBack, title: '休眠顧客の掘り起こし' },
]

/** One mail of each kind is left in eml/. */
const samples = { welcome: 'hello', receipt: 'receipt', lesson: 'lesson-1', 'win-back': 'come-back', newsletter: 'newsletter' }

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
  const broadcastId = ledger.marked('newsletter') ?? 'newsletter-autumn'
  const total = await mail.reports.kpi({})
  const lines: ResultLine[] = [
    ...(await scenarioLines(mail)),
    {
      kind: 'broadcast',
      title: 'メルマガ 秋号',
      subject: subjects.newsletter ?? null,
      hasLinks: true,
      report: await mail.reports.kpi({ broadcastId }),
    },
    { kind: 'total', title: '合計', subject: null, hasLinks: true, report: total },
  ]
  say('')
  for (const line of kpiTable(lines)) say(line)

  const links = await mail.reports.links({ broadcastId })
  say('\nメルマガのリンク(クリックした通数)')
  for (const link of links) {
    const who = await mail.reports.clickers({ broadcastId }, link, { limit: 3 })
    say(
      `  ${String(link.clickers).padStart(4)} 通(自動アクセスを除く ${String(link.humanClickers).padStart(3)})  ${link.label} ${link.url ?? ''}(会員番号 ${who.join('、')} ほか)`,
    )
  }
  const reasons = Object.entries(total.skippedByReason)
  say(
    `\n送らなかったもの: ${reasons.map(([reason, count]) => `${skipReason(reason)} ${integer(count)} 通`).join('、')}。結果不明 ${total.unknown} 通`,
  )

  const pairs = reconcile(ledger, total)
  say('\n照合: 台本が数えた数と、レポートの数 / the script counted, the report says')
  for (const pair of pairs) {
    const isEqual = pair.script === pair.report
    const reason = isEqual || !agrees(pair) ? '' : `(${pair.why})`
    say(
      `  ${agrees(pair) ? '✓' : '✗'} ${pair.what}: ${integer(pair.script)} ${isEqual ? '=' : agrees(pair) ? '≒' : '≠'} ${integer(pair.report)}${reason}`,
    )
  }

  writeFileSync(
    join(out, 'report.html'),
    reportHtml({ lines, total, links, span: context.span, byDay: sentByDay(ledger, context.span) }),
  )
  mkdirSync(join(out, 'eml'), { recursive: true })
  for (const [name, step] of Object.entries(samples)) {
    const raw = ledger.sample(subjects[step] ?? '')
    if (raw !== null) writeFileSync(join(out, 'eml', `${name}.eml`), raw)
  }
  say(`\n${join(out, 'report.html')}、errors.csv(取り込めなかった行)、eml/(届いたメールの見本)をご覧ください`)
  return { isReconciled: pairs.every(agrees) }
}

const scenarioLines = async (mail: Mail): Promise<ResultLine[]> => {
  const lines: ResultLine[] = []
  for (const { scenario, title } of scenarios) {
    const { name, steps } = scenario.definition
    lines.push({ kind: 'scenario', title, subject: null, hasLinks: true, report: await mail.reports.kpi({ scenario: name }) })
    for (const { kind, id } of Object.values(steps)) {
      if (kind !== 'send') continue
      const filter = { scenario: name, stepId: id }
      const links = await mail.reports.links(filter)
      lines.push({
        kind: 'step',
        title: id,
        subject: subjects[id] ?? null,
        hasLinks: links.length > 0,
        report: await mail.reports.kpi(filter),
      })
    }
  }
  return lines
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
