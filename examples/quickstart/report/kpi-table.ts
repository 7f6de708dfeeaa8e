import type { Rate, Report } from '@tobiishi/core'

/** Width on a terminal: full-width characters count two. */
const width = (text: string): number =>
  [...text].reduce((sum, char) => sum + (/[\u1100-\u115f\u2e80-\uffdc]/u.test(char) && !/[\uff61-\uff9f]/u.test(char) ? 2 : 1), 0)
const pad = (text: string, to: number): string => ' '.repeat(Math.max(0, to - width(text))) + text
const padEnd = (text: string, to: number): string => text + ' '.repeat(Math.max(0, to - width(text)))

export const percent = ({ rate }: Rate): string => (rate === null ? '–' : `${(rate * 100).toFixed(1)}%`)

export const kpiColumns: readonly (readonly [title: string, value: (report: Report) => string])[] = [
  ['配信数', (report) => String(report.sent)],
  ['到達率', (report) => percent(report.deliveryRate)],
  ['不達率', (report) => percent(report.bounceRate)],
  ['開封率', (report) => percent(report.openRate)],
  ['(人)', (report) => percent(report.humanOpenRate)],
  ['クリック率', (report) => percent(report.clickRate)],
  ['(人)', (report) => percent(report.humanClickRate)],
  ['総クリック率', (report) => percent(report.totalClickRate)],
  ['反応率', (report) => percent(report.clickToOpenRate)],
  ['解除率', (report) => percent(report.unsubscribePerMailRate)],
  ['CV率', (report) => percent(report.conversionRate)],
]

/** The KPI of facts as a table for a terminal, a line a scenario, step or broadcast. */
export const kpiTable = (lines: readonly { readonly title: string; readonly report: Report }[]): string[] => {
  const first = Math.max(...lines.map(({ title }) => width(title))) + 2
  const widths = kpiColumns.map(([title]) => Math.max(width(title), 6) + 2)
  const head = padEnd('', first) + kpiColumns.map(([title], at) => pad(title, widths[at] ?? 8)).join('')
  return [
    head,
    ...lines.map(
      ({ title, report }) =>
        padEnd(title, first) + kpiColumns.map(([, value], at) => pad(value(report), widths[at] ?? 8)).join(''),
    ),
  ]
}
