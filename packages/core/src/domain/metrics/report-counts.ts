/**
 * Counts of messages (通), each message once a line; facts §6 gives the words. What happened to a mail (bounce, open, click,
 * complaint, leaving, conversion) counts where the mail counts as `sent`, so that no numerator passes its denominator; what
 * happens to an `unknown` one stays out until it is resolved.
 */
export interface ReportCounts {
  /** Handed over or finally rejected: states `sent` and `failed` with an answer of the receiving side (reason `rejected`). */
  readonly sent: number
  readonly sentHtml: number
  /** Finally rejected, or with a bounce. */
  readonly bounced: number
  readonly bouncedHtml: number
  /** Class of the first bounce; `undetermined` for a rejection without one. */
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
  /**
   * Contacts who left through these messages, and contacts with valid consent among the audience: those of marketing mail that
   * passed `decideSend` (states `sent`, `failed`, `unknown`), whatever they said since.
   */
  readonly leftContacts: number
  readonly registeredContacts: number
  /** Messages with at least one conversion, and the sum of their values. */
  readonly converters: number
  readonly conversionValue: number
}
