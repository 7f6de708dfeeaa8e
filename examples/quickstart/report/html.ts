import type { LinkReport, Report } from '@tobiishi/core'
import * as echarts from 'echarts'
import { kpiColumns, percent } from './kpi-table.ts'
import type { ResultLine } from './results.ts'
import { skipReason } from './skip-reason.ts'

interface ReportPage {
  readonly lines: readonly ResultLine[]
  readonly total: Report
  readonly links: readonly LinkReport[]
  readonly span: { readonly start: number; readonly end: number }
  readonly byDay: readonly { readonly day: string; readonly mails: number }[]
}

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.codePointAt(0)};`)
const date = (at: number): string => new Date(at + 9 * 3_600_000).toISOString().slice(0, 10).replaceAll('-', '/')

/** A page for the marketer: figures first, then what they are made of. One file, no scripts. */
export const reportHtml = ({ lines, total, links, span, byDay }: ReportPage): string => `<!doctype html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>メール配信レポート(架空データ)</title>
<style>
  body { font-family: "Hiragino Sans", "Noto Sans CJK JP", "Noto Sans JP", Meiryo, sans-serif; color: #222; background: #f6f5f1; margin: 0; line-height: 1.6 }
  main { max-width: 1080px; margin: 0 auto; padding: 24px }
  .mark { display: inline-block; background: #b5372a; color: #fff; padding: 2px 12px; border-radius: 3px; font-weight: 700 }
  section { background: #fff; border: 1px solid #e2e0d8; border-radius: 8px; padding: 16px 20px; margin: 16px 0; overflow-x: auto }
  h1 { margin: 8px 0; font-size: 24px } h2 { margin: 0 0 12px; font-size: 17px }
  dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); gap: 12px; margin: 0 }
  dt { color: #666; font-size: 13px } dd { margin: 0; font-size: 26px; font-weight: 700 } dd small { display: block; font-size: 12px; font-weight: 400; color: #666 }
  table { border-collapse: collapse; width: 100%; font-size: 14px } th, td { padding: 6px 8px; text-align: right; border-bottom: 1px solid #eee; white-space: nowrap }
  th:first-child, td:first-child { text-align: left } tr.step td:first-child { padding-left: 28px; color: #555 } tr.total { font-weight: 700 }
  svg { max-width: 100%; height: auto } footer { color: #666; font-size: 13px }
</style>
</head>
<body><main>
<span class="mark">架空データ</span>
<h1>メール配信レポート</h1>
<p>${date(span.start)} 〜 ${date(span.end)}(45日間)。実在の人物・団体とは関係ありません。</p>
<section><h2>全体</h2><dl>${tile('配信数', String(total.sent), `到達 ${total.delivered} 通`)}${rateTile('不達率', total.bounceRate)}${rateTile('開封率', total.openRate)}${rateTile('クリック率', total.clickRate)}${rateTile('反応率', total.clickToOpenRate)}${rateTile('メール別解除率', total.unsubscribePerMailRate)}${rateTile('コンバージョン率', total.conversionRate)}</dl></section>
<section><h2>日別の到達数</h2>${chart(byDay)}</section>
<section><h2>シナリオ・メール別</h2>${table(lines)}</section>
<section><h2>メルマガ 秋号 のリンク</h2><table><thead><tr><th>リンク</th><th>クリックした人</th><th>(人のみ)</th><th>総クリック</th></tr></thead><tbody>${links.map((link) => `<tr><td>${escapeHtml(link.label)} <small>${escapeHtml(link.url ?? '')}</small></td><td>${link.clickers}</td><td>${link.humanClickers}</td><td>${link.clicks}</td></tr>`).join('')}</tbody></table></section>
<section><h2>送らなかったもの</h2><table><tbody>${Object.entries(total.skippedByReason)
  .map(([reason, count]) => `<tr><td>${skipReason(reason)}</td><td>${count} 通</td></tr>`)
  .join(
    '',
  )}<tr><td>結果不明(送信中に途切れ、届いたか分からないもの。再送しません)</td><td>${total.unknown} 通</td></tr></tbody></table></section>
<footer><p>配信数は受信側に渡した通数(拒否された通数を含む)、到達数は配信数から不達を引いたもの。開封率は HTML メールのみ、クリックした人は開封にも数えます。(人)は自動アクセスと判定したものを除いた値、「–」は計算できない値です。範囲は 95% 信頼区間(Wilson)。</p></footer>
</main></body></html>
`

const tile = (title: string, value: string, note: string): string =>
  `<div><dt>${title}</dt><dd>${value}<small>${note}</small></dd></div>`

const rateTile = (title: string, rate: Report['openRate']): string => {
  const [low, high] = rate.interval ?? [null, null]
  const range = low === null ? '' : `、${(low * 100).toFixed(1)}〜${(high * 100).toFixed(1)}%`
  return tile(title, percent(rate), `${rate.numerator} ÷ ${rate.denominator}${range}`)
}

const table = (lines: readonly ResultLine[]): string => {
  const rows = lines.map(({ title, report }) => {
    const kind = title.startsWith(' ') ? 'step' : title === '合計' ? 'total' : 'scenario'
    return `<tr class="${kind}"><td>${escapeHtml(title.trim())}</td>${kpiColumns.map(([, value]) => `<td>${value(report)}</td>`).join('')}</tr>`
  })
  return `<table><thead><tr><th></th>${kpiColumns.map(([title]) => `<th>${title}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>`
}

const chart = (byDay: ReportPage['byDay']): string => {
  const picture = echarts.init(null, null, { renderer: 'svg', ssr: true, width: 1_000, height: 280 })
  picture.setOption({
    animation: false,
    grid: { left: 48, right: 16, top: 16, bottom: 40 },
    xAxis: { type: 'category', data: byDay.map(({ day }) => day.slice(5).replace('-', '/')) },
    yAxis: { type: 'value' },
    series: [{ type: 'bar', data: byDay.map(({ mails }) => mails), itemStyle: { color: '#5b7c65' } }],
  })
  const svg = picture.renderToSVGString()
  picture.dispose()
  return svg
}
