import type { Instant } from '../../domain/time/instant.ts'
import type { Step } from './step.ts'

/** Which messages a report is about: by scenario, step, broadcast, and send date in `[from, to)`. All given must hold. */
export interface ReportFilter {
  readonly scenario?: string
  readonly stepId?: string
  readonly broadcastId?: string
  readonly from?: Instant
  readonly to?: Instant
}

/** Counts of messages (通), each message once a line; facts §6 gives the words. */
export interface ReportCounts {
  /** Handed over or finally rejected: states `sent` and `failed` with an answer of the receiving side (reason `rejected`). */
  readonly sent: number
  readonly sentHtml: number
  readonly bounced: number
  readonly bouncedHtml: number
  readonly bouncedByClass: { readonly [bounceClass: string]: number }
  /** Never reached the other side: `failed` for our own reasons. */
  readonly failed: number
  readonly unknown: number
  readonly queued: number
  readonly skippedByReason: { readonly [reason: string]: number }
  /** HTML mails with a pixel or a click. */
  readonly openers: number
  readonly humanOpeners: number
  readonly clickers: number
  readonly humanClickers: number
  /** HTML mails with a click, for click-to-open. */
  readonly htmlClickers: number
  readonly clicks: number
  readonly humanClicks: number
  readonly complained: number
  /** Messages through which their contact left. */
  readonly unsubscribed: number
  /** Contacts who left through these messages, and contacts with valid consent among the audience. */
  readonly leftContacts: number
  readonly registeredContacts: number
  /** Messages with at least one conversion, and the sum of their values. */
  readonly converters: number
  readonly conversionValue: number
}
export interface LinkCounts {
  readonly template: string
  readonly templateHash: string
  readonly link: number
  readonly clicks: number
  readonly clickers: number
  readonly humanClickers: number
}
export interface ReportReader {
  counts(filter: ReportFilter): Step<ReportCounts>
  links(filter: ReportFilter): Step<LinkCounts[]>
  /** Contacts who clicked the link, by id. */
  clickers(
    filter: ReportFilter,
    link: { readonly templateHash: string; readonly link: number },
    options: { readonly after: string | null; readonly limit: number },
  ): Step<string[]>
  /** Messages finished per UTC hour, for charts. */
  sentByHour(filter: ReportFilter): Step<{ readonly hour: Instant; readonly sent: number }[]>
}
