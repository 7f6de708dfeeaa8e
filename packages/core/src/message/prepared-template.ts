import type { Purpose } from '../domain/consent/consent.ts'
import type { ContactName } from '../domain/contact/contact.ts'
import type { JsonObject } from '../domain/json.ts'
import type { Instant } from '../domain/time/instant.ts'
import type { TemplateLink } from '../domain/tracking/template-link.ts'

/** What one mail is composed from. Values are read when the mail is delivered; props were fixed when it was queued. */
export interface ComposeInput {
  readonly messageId: string
  readonly contactId: string
  readonly recipient: { readonly email: string; readonly name: ContactName; readonly locale: string; readonly timeZone: string }
  /** The contact's attributes. */
  readonly contact: JsonObject
  readonly props: JsonObject
  readonly now: Instant
  /** A test copy: no tracking, unsubscribe links lead to a page that says so. Default false. */
  readonly isTest?: boolean
}

export interface ComposedMail {
  /** The whole message, CRLF, headers first, not dot-stuffed. */
  readonly raw: Uint8Array
  readonly envelope: { readonly from: string; readonly to: string }
  readonly subject: string
}

/** The same content before it is encoded, for looking at it and for transports that encode themselves. Line ends are CRLF. */
export interface MailPreview {
  readonly subject: string
  readonly text: string
  /** Null for text-only mail. */
  readonly html: string | null
}

/**
 * A template ready to send: markup rendered, links found and numbered, static parts escaped and encoded. `compose` is a join
 * of parts: synchronous, no parsing, no I/O. Throws `render.failed` (path, no values) where a value is missing or unfit.
 */
export interface PreparedTemplate {
  readonly name: string
  /** SHA-256 over all sources and the sender: another text is another hash. */
  readonly hash: string
  readonly purpose: Purpose
  readonly topic: string | null
  readonly isHtml: boolean
  readonly links: readonly TemplateLink[]
  /** Sources for `template_version`. */
  readonly source: JsonObject
  compose(input: ComposeInput): ComposedMail
  /** What `compose` puts into the mail, readable. Slow: for previews and tests. */
  preview(input: ComposeInput): MailPreview
}
