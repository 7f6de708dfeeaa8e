import type { Rate, Report } from '@tobiishi/core'
import type { ResultLine } from './results.ts'

/** Width on a terminal: full-width characters count two. */
const width = (text: string): number =>
  [...text].reduce((sum, char) => sum + (/[\u1100-\u115f\u2e80-\uffdc]/u.test(char) && !/[\uff61-\uff9f]/u.test(char) ? 2 : 1), 0)
const pad = (text: string, to: number): string => ' '.repeat(Math.max(0, to - width(text))) + text
const padEnd = (text: string, to: number): string => text + ' '.repeat(Math.max(0, to - width(text)))

export const percent = ({ rate }: Rate): string => (rate === null ? '–' : `${(rate * 100).toFixed(1)}%`)
export const integer = (count: number): string => count.toLocaleString('en-US')

export interface KpiColumn {
  readonly title: string
  readonly rate: (report: Report) => Rate
  /** Says nothing of mail without tracked links. */
  readonly isOfLinks?: true
}

/** The rates of facts, in the order of a marketer's sheet. */
export const kpiColumns: readonly KpiColumn[] = [
  { title: '到達率', rate: (report) => report.deliveryRate },
  { title: '不達率', rate: (report) => report.bounceRate },
  { title: '開封率', rate: (report) => report.openRate },
  { title: '(人)', rate: (report) => report.humanOpenRate },
  { title: 'クリック率', rate: (report) => report.clickRate, isOfLinks: true },
  { title: '(人)', rate: (report) => report.humanClickRate, isOfLinks: true },
  { title: '総クリック率', rate: (report) => report.totalClickRate, isOfLinks: true },
  { title: '反応率', rate: (report) => report.clickToOpenRate, isOfLinks: true },
  { title: '解除率', rate: (report) => report.unsubscribePerMailRate },
  { title: 'CV率', rate: (report) => report.conversionRate, isOfLinks: true },
]

/** null where the line's mail has nothing that the column speaks of. */
export const rateIn = ({ report, hasLinks }: ResultLine, { rate, isOfLinks }: KpiColumn): Rate | null =>
  isOfLinks && !hasLinks ? null : rate(report)

const labelOf = ({ title, subject, kind }: ResultLine): string =>
  kind === 'step' ? `  ${padEnd(title, 9)} ${subject ?? ''}` : title

/** The KPI as a table for a terminal, a line a scenario, step or broadcast, and a legend. */
export const kpiTable = (lines: readonly ResultLine[]): string[] => {
  const first = Math.max(...lines.map((line) => width(labelOf(line))))
  const titles = ['配信数', ...kpiColumns.map(({ title }) => title)]
  const widths = titles.map((title) => Math.max(width(title), 6) + 1)
  const row = (label: string, cells: readonly string[]) =>
    padEnd(label, first) + cells.map((cell, at) => pad(cell, widths[at] ?? 7)).join('')
  const percents = (line: ResultLine) =>
    kpiColumns.map((column) => {
      const rate = rateIn(line, column)
      return rate === null ? '–' : percent(rate)
    })
  return [
    row('', titles),
    ...lines.map((line) => row(labelOf(line), [integer(line.report.sent), ...percents(line)])),
    '(人) = 自動アクセスを除く、反応率 = クリック ÷ 開封、総クリック率 = クリック回数 ÷ 到達、解除率 = 配信停止 ÷ 到達、CV = メールのクリックから5日以内の購入',
  ]
}
