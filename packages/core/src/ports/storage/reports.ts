import type { ReportCounts } from '../../domain/metrics/report-counts.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Step } from './step.ts'

export type { ReportCounts } from '../../domain/metrics/report-counts.ts'

/** Which messages a report is about: by scenario, step, broadcast, and send date (`finishedAt`) in `[from, to)`. All given must hold; what is queued has no send date yet. */
export interface ReportFilter {
  readonly scenario?: string
  readonly stepId?: string
  readonly broadcastId?: string
  readonly from?: Instant
  readonly to?: Instant
}

/** Clicks on one link; `clickers` are messages, as in `ReportCounts`. */
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
  /** Messages counted as `sent` by the UTC hour of their send date, in order, for charts. */
  sentByHour(filter: ReportFilter): Step<{ readonly hour: Instant; readonly sent: number }[]>
}
