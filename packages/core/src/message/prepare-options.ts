import type { Audience, Jurisdiction } from '../domain/consent/consent.ts'
import type { MailLocale } from './legal-block.ts'
import type { Sender } from './sender.ts'
import type { Signer } from './signer.ts'

/** What preparing a template needs to know of the app. */
export interface PrepareOptions {
  /** Renders markup; null where the app has none: an HTML template is refused then. */
  readonly toHtml: ((source: string) => Promise<{ readonly html: string }>) | null
  readonly sender: Sender
  readonly signer: Signer
  /** Where the handler is mounted; no trailing slash. */
  readonly baseUrl: string
  /** `local@domain` of VERP return paths, `local+<message id>@domain`; null: the sender's address. */
  readonly bounceAddress: string | null
  readonly audience: Audience
  readonly jurisdiction: Jurisdiction
  /** Language of the legal block for readers without a locale, and of the markup that carries none. */
  readonly defaultLocale: MailLocale
  /** Address that unsubscribes by mail, added to List-Unsubscribe. Default: none. */
  readonly unsubscribeMailto?: string
}
