import type { Rate } from './rate.ts'

/** The KPI of facts §6 over a set of messages. Raw is the headline, human beside it. */
export interface Report {
  readonly sent: number
  readonly delivered: number
  readonly bounced: number
  readonly bouncedByClass: { readonly [bounceClass: string]: number }
  readonly unknown: number
  readonly failed: number
  readonly queued: number
  readonly skippedByReason: { readonly [reason: string]: number }
  readonly conversionValue: number
  /** 到達率 */
  readonly deliveryRate: Rate
  /** 不達率 */
  readonly bounceRate: Rate
  /** 開封率 */
  readonly openRate: Rate
  readonly humanOpenRate: Rate
  /** クリック率 */
  readonly clickRate: Rate
  readonly humanClickRate: Rate
  /** 総クリック率 */
  readonly totalClickRate: Rate
  /** 反応率 */
  readonly clickToOpenRate: Rate
  /** 購読解除率 */
  readonly unsubscribeRate: Rate
  /** メール別解除率 */
  readonly unsubscribePerMailRate: Rate
  /** コンバージョン率 */
  readonly conversionRate: Rate
  /** 苦情率 */
  readonly complaintRate: Rate
}

export interface LinkReport {
  readonly template: string
  readonly templateHash: string
  readonly link: number
  /** null where the address has a slot. */
  readonly url: string | null
  readonly label: string
  readonly clicks: number
  readonly clickers: number
  readonly humanClickers: number
}
