import type { Report } from '@tobiishi/core'
import type { Ledger } from '../world/ledger.ts'

export interface Reconciled {
  readonly what: string
  readonly script: number
  readonly report: number
  /** How far the report may differ because a run was killed: mails it cannot know of, requests that were made again. */
  readonly leeway: { readonly fewer: number; readonly more: number }
  /** Where such a difference comes from, for the reader. */
  readonly why: string
}

export const agrees = ({ script, report, leeway }: Reconciled): boolean =>
  report >= script - leeway.fewer && report <= script + leeway.more

const count = (ledger: Ledger, sql: string): number =>
  ledger.ask<{ count: number }>(`SELECT count(*) AS count FROM (${sql})`)[0]?.count ?? 0
const done = (kinds: string): string => `FROM deed WHERE done = 1 AND kind IN (${kinds})`
const mailOf = `json_extract(data, '$.mail')`

/** Counts on both sides: what the world's own book says people did, and what the report says. Nothing is shared between the two. */
export const reconcile = (ledger: Ledger, total: Report): Reconciled[] => {
  const arrived = count(ledger, 'SELECT id FROM mail')
  const distinctlyArrived = count(ledger, 'SELECT DISTINCT id FROM mail')
  const people = `'click'`
  const cutOff = {
    leeway: { fewer: total.unknown, more: 0 },
    why: `中断時に送信中だった ${total.unknown} 通は結果不明。広告は再送せず、受付メールは一度だけ送り直します / fate unknown: advertisements are not sent again, receipts once`,
  }
  const repeated = ledger.repeated()
  const unseen = Math.max(0, arrived - total.delivered)
  const unseenMail = {
    leeway: { fewer: unseen, more: 0 },
    why: `結果不明のうち届いていた ${unseen} 通への反応は数えません / reactions to mail of unknown fate stay out`,
  }
  const counted = [
    { what: '届いたメール / arrived', script: arrived, report: total.delivered, ...cutOff },
    {
      what: '同じメールの2通目 / duplicates',
      script: arrived - distinctlyArrived,
      report: 0,
    },
    {
      what: '不達(宛先なし)/ refused with 550',
      script: count(ledger, 'SELECT 1 FROM refusal WHERE code = 550'),
      report: total.bouncedByClass['hard-unknown-user'] ?? 0,
      ...cutOff,
    },
    {
      what: '開封 / opened',
      script: count(ledger, `SELECT DISTINCT ${mailOf} ${done(`'pixel','click','scan'`)}`),
      report: total.openRate.numerator,
      ...unseenMail,
    },
    {
      what: 'クリックした通数 / mails clicked',
      script: count(ledger, `SELECT DISTINCT ${mailOf} ${done(`'click','scan'`)}`),
      report: total.clickRate.numerator,
      ...unseenMail,
    },
    {
      what: 'うち人 / by people',
      script: count(ledger, `SELECT DISTINCT ${mailOf} ${done(people)}`),
      report: total.humanClickRate.numerator,
      ...unseenMail,
    },
    {
      what: '総クリック / clicks',
      script: count(ledger, `SELECT key ${done(`'click','scan'`)}`),
      report: total.totalClickRate.numerator,
      leeway: { fewer: unseen * mostClicks(ledger), more: repeated },
      why: `届いていたが結果不明の ${unseen} 通へのクリックは数えず、中断の前後で2度行われた操作 ${repeated} 件は2度数えることがあります / clicks on mail of unknown fate stay out; what was cut off is done again`,
    },
    {
      what: '配信停止 / unsubscribed',
      script: count(ledger, `SELECT DISTINCT ${mailOf} ${done(`'one-click','leave-page'`)}`),
      report: total.unsubscribePerMailRate.numerator,
      ...unseenMail,
    },
    {
      what: '購入につながった通数 / converted',
      script: count(
        ledger,
        `SELECT DISTINCT ${converting} FROM deed AS buy WHERE done = 1 AND kind = 'buy' AND ${converting} IS NOT NULL`,
      ),
      report: total.conversionRate.numerator,
      ...unseenMail,
    },
  ]
  return counted.map((pair) => ({ leeway: { fewer: 0, more: 0 }, why: '', ...pair }))
}

/** Clicks on the one mail that was clicked most. */
const mostClicks = (ledger: Ledger): number =>
  ledger.ask<{ most: number | null }>(
    `SELECT max(clicks) AS most FROM (SELECT count(*) AS clicks ${done(`'click','scan'`)} GROUP BY ${mailOf})`,
  )[0]?.most ?? 0

/** The mail of the buyer's last click by a person in the five days before the purchase. */
const converting = `(SELECT json_extract(click.data, '$.mail') FROM deed AS click WHERE click.done = 1 AND click.kind = 'click'
  AND click.who = buy.who AND click.at <= buy.at AND click.at >= buy.at - 5 * 86400000 ORDER BY click.at DESC LIMIT 1)`
