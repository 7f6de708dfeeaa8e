import { rateOf, ratioOf } from './rate.ts'
import type { Report } from './report.ts'
import type { ReportCounts } from './report-counts.ts'

/**
 * The KPI of facts §6 from counts. Delivered is sent minus bounced; `unknown`, failed, skipped and queued mail stands beside
 * and is in no rate. Opens are known of HTML mail only, so a text-only set has an open rate of null.
 */
export const reportOf = (counts: ReportCounts): Report => {
  const { sent, bounced } = counts
  const delivered = sent - bounced
  const deliveredHtml = counts.sentHtml - counts.bouncedHtml
  return {
    sent,
    delivered,
    bounced,
    bouncedByClass: counts.bouncedByClass,
    unknown: counts.unknown,
    failed: counts.failed,
    queued: counts.queued,
    skippedByReason: counts.skippedByReason,
    conversionValue: counts.conversionValue,
    deliveryRate: rateOf(delivered, sent),
    bounceRate: rateOf(bounced, sent),
    openRate: rateOf(counts.openers, deliveredHtml),
    humanOpenRate: rateOf(counts.humanOpeners, deliveredHtml),
    clickRate: rateOf(counts.clickers, delivered),
    humanClickRate: rateOf(counts.humanClickers, delivered),
    totalClickRate: ratioOf(counts.clicks, delivered),
    clickToOpenRate: rateOf(counts.htmlClickers, counts.openers),
    unsubscribeRate: rateOf(counts.leftContacts, counts.registeredContacts),
    unsubscribePerMailRate: rateOf(counts.unsubscribed, delivered),
    conversionRate: rateOf(counts.converters, delivered),
    complaintRate: rateOf(counts.complained, delivered),
  }
}
