import type { LinkReport, Rate, Report } from '@tobiishi/core'
import { bounceKind } from './bounce-kind.ts'
import { dailyChart } from './daily-chart.ts'
import { integer, kpiColumns, percent, rateIn } from './kpi-table.ts'
import type { ResultLine } from './results.ts'
import { skipReason } from './skip-reason.ts'
import { style } from './style.ts'

interface ReportPage {
  readonly lines: readonly ResultLine[]
  readonly total: Report
  readonly links: readonly LinkReport[]
  readonly span: { readonly start: number; readonly end: number }
  readonly byDay: readonly { readonly day: string; readonly mails: number }[]
}

const day = 86_400_000
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.codePointAt(0)};`)
const date = (at: number): string => new Date(at + 9 * 3_600_000).toISOString().slice(0, 10).replaceAll('-', '/')
const yen = (amount: number): string => `¥${integer(amount)}`

/** A page for the marketer: figures first, then what they are made of. One file, no scripts. */
export const reportHtml = ({ lines, total, links, span, byDay }: ReportPage): string => `<!doctype html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>メール配信レポート(架空データ)</title>
<style>${style}</style>
</head>
<body><main>
<span class="mark">架空データ</span>
<h1>メール配信レポート</h1>
<p>${date(span.start)} 〜 ${date(span.end - 1)}(${(span.end - span.start) / day}日間)。実在の人物・団体とは関係ありません。</p>
<section><h2>全体</h2><dl>${tiles(total)}</dl></section>
<section><h2>日別の到達数</h2><div class="scroll">${dailyChart(byDay)}</div></section>
<section><h2>シナリオ・メール別</h2><div class="scroll">${kpi(lines)}</div></section>
<section><h2>メルマガ 秋号 のリンク</h2><div class="scroll">${linkTable(links)}</div></section>
<div class="pair">
<section><h2>不達の内訳</h2>${counts(named(total.bouncedByClass, bounceKind))}</section>
<section><h2>送らなかったもの</h2>${counts([...named(total.skippedByReason, skipReason), ['結果不明(届いたか分からないもの)', total.unknown]])}</section>
</div>
<footer>${glossary}</footer>
</main></body></html>
`

const tiles = (total: Report): string =>
  [
    tile('配信数', `${integer(total.sent)} 通`, [`うち到達 ${integer(total.delivered)} 通`]),
    tile('不達率', percent(total.bounceRate), rateNotes(total.bounceRate)),
    tile('開封率', percent(total.openRate), [...rateNotes(total.openRate), withoutMachines(total.humanOpenRate)]),
    tile('クリック率', percent(total.clickRate), [...rateNotes(total.clickRate), withoutMachines(total.humanClickRate)]),
    tile('反応率', percent(total.clickToOpenRate), rateNotes(total.clickToOpenRate)),
    tile('解除率', percent(total.unsubscribePerMailRate), rateNotes(total.unsubscribePerMailRate)),
    tile('CV率', percent(total.conversionRate), rateNotes(total.conversionRate)),
    tile('売上', yen(total.conversionValue), [`CV ${integer(total.conversionRate.numerator)} 通による購入`]),
  ].join('')

const tile = (title: string, value: string, notes: readonly string[]): string =>
  `<div><dt>${title}</dt><dd>${value}${notes.map((note) => `<small>${note}</small>`).join('')}</dd></div>`

const fraction = ({ numerator, denominator }: Rate): string => `${integer(numerator)} ÷ ${integer(denominator)}`

const rateNotes = (rate: Rate): string[] => {
  const [low, high] = rate.interval ?? [null, null]
  return low === null ? [fraction(rate)] : [fraction(rate), `95% 信頼区間 ${(low * 100).toFixed(1)}〜${(high * 100).toFixed(1)}%`]
}

const withoutMachines = (rate: Rate): string => `<b>自動アクセスを除く ${percent(rate)}</b>`

const kpi = (lines: readonly ResultLine[]): string => {
  const heads = kpiColumns.map(({ title }) => `<th scope="col">${title === '(人)' ? '自動アクセス<br>を除く' : title}</th>`)
  const rows = lines.map(
    (line) =>
      `<tr class="${line.kind}">${labelCell(line)}<td>${integer(line.report.sent)}</td><td>${integer(line.report.delivered)}</td>${kpiColumns.map((column) => rateCell(rateIn(line, column))).join('')}<td>${line.hasLinks ? yen(line.report.conversionValue) : '–'}</td></tr>`,
  )
  return `<table class="kpi"><thead><tr><th scope="col">シナリオ・件名</th><th scope="col">配信数</th><th scope="col">到達数</th>${heads.join('')}<th scope="col">売上</th></tr></thead><tbody>${rows.join('')}</tbody></table>`
}

const labelCell = ({ kind, title, subject }: ResultLine): string =>
  kind === 'step' && subject !== null
    ? `<th scope="row">${escapeHtml(subject)}<small>${escapeHtml(title)}</small></th>`
    : `<th scope="row">${escapeHtml(title)}${subject === null ? '' : `<small>${escapeHtml(subject)}</small>`}</th>`

const rateCell = (rate: Rate | null): string =>
  rate === null || rate.rate === null ? '<td>–</td>' : `<td>${percent(rate)}<small>${integer(rate.numerator)}</small></td>`

const linkTable = (links: readonly LinkReport[]): string =>
  `<table><thead><tr><th scope="col">リンク</th><th scope="col">クリックした通数</th><th scope="col">自動アクセスを除く</th><th scope="col">クリック回数</th></tr></thead><tbody>${links
    .map(
      ({ label, url, clickers, humanClickers, clicks }) =>
        `<tr><th scope="row">${escapeHtml(label)}<small>${escapeHtml(url ?? '')}</small></th><td>${integer(clickers)}</td><td>${integer(humanClickers)}</td><td>${integer(clicks)}</td></tr>`,
    )
    .join('')}</tbody></table>`

type Count = readonly [what: string, count: number]

const named = (byKey: Readonly<Record<string, number>>, word: (key: string) => string): Count[] =>
  Object.entries(byKey)
    .toSorted(([, a], [, b]) => b - a)
    .map(([key, count]) => [word(key), count])

const counts = (rows: readonly Count[]): string =>
  rows.length === 0
    ? '<p>ありません。</p>'
    : `<table class="counts"><tbody>${rows.map(([what, count]) => `<tr><th scope="row">${escapeHtml(what)}</th><td>${integer(count)} 通</td></tr>`).join('')}</tbody></table>`

const glossary = `<h2>用語</h2><ul>
<li><b>配信数</b> 受信側に渡した通数(拒否された通数を含む)。<b>到達数</b> 配信数から不達を引いた通数。率の下の数字は分子の通数(総クリック率は回数)です。</li>
<li><b>開封率</b> 開封した通数 ÷ 到達数。HTML メールだけを数え、クリックした通数は開封にも数えます。</li>
<li><b>クリック率</b> クリックした通数 ÷ 到達数。<b>総クリック率</b> クリック回数 ÷ 到達数。<b>反応率</b> クリックした通数 ÷ 開封した通数。</li>
<li><b>自動アクセスを除く</b> 受信側の検査や画像の先読みなど、人によらないと判定したアクセスを除いた値。</li>
<li><b>解除率</b> そのメールから配信停止した通数 ÷ 到達数。</li>
<li><b>CV率</b> メールのクリックから5日以内の購入につながった通数 ÷ 到達数。<b>売上</b> その購入の合計金額。</li>
<li><b>結果不明</b> 送信中に途切れ、届いたか分からない通数。広告メールは再送せず、受付メールは一度だけ送り直します。どの率にも含めません。「–」は計算できない値(リンクのないメールのクリックなど)。範囲は 95% 信頼区間(Wilson)。</li>
</ul>`
