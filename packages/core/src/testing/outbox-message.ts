import type { Instant } from '../domain/time/instant.ts'
import type { OutgoingMail } from '../ports/transport.ts'
import { type ReadMail, readMail } from './read-mail.ts'

export interface OutboxLink {
  readonly href: string
  /** What the reader sees, without tags. */
  readonly label: string
}

/** A mail as its recipient has it. Parsed when it is looked at. */
export class OutboxMessage {
  readonly messageId: string
  readonly to: string
  /** When it was handed over, by the clock of the test. */
  readonly at: Instant
  readonly raw: Uint8Array
  readonly envelope: OutgoingMail['envelope']
  #read: ReadMail | null = null

  constructor({ messageId, envelope, raw }: OutgoingMail, at: Instant) {
    this.at = at
    this.messageId = messageId
    this.to = envelope.to
    this.envelope = envelope
    this.raw = raw
  }

  get subject(): string {
    return this.headers.get('subject') ?? ''
  }

  /** The From header, decoded. */
  get from(): string {
    return this.headers.get('from') ?? ''
  }

  /** By lower-case name, decoded. */
  get headers(): ReadonlyMap<string, string> {
    return this.#parsed().headers
  }

  get text(): string {
    return this.#parsed().text ?? ''
  }

  /** Null for text-only mail. */
  get html(): string | null {
    return this.#parsed().html
  }

  /** Links of the HTML in their order; of text-only mail those of the text. */
  get links(): readonly OutboxLink[] {
    if (this.html === null) return [...this.text.matchAll(/https?:\/\/\S+/g)].map(([href]) => ({ href, label: href }))
    const anchors = this.html.matchAll(/<a\b[^>]*?\shref="([^"]*)"[^>]*>(.*?)<\/a>/gis)
    return [...anchors].map(([, href = '', inner = '']) => ({ href: unescapeHtml(href), label: plainText(inner) }))
  }

  /** Where RFC 8058 one-click is posted to, from List-Unsubscribe; null where the mail has none. */
  get unsubscribeUrl(): string | null {
    return /<(https?:[^>]+)>/.exec(this.headers.get('list-unsubscribe') ?? '')?.[1] ?? null
  }

  #parsed(): ReadMail {
    this.#read ??= readMail(this.raw)
    return this.#read
  }
}

const entities: { readonly [name: string]: string } = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  '#x27': "'",
  nbsp: ' ',
}

const unescapeHtml = (text: string): string => text.replace(/&(#?\w+);/g, (all, name: string) => entities[name] ?? all)

const plainText = (html: string): string => unescapeHtml(html.replace(/<[^>]*>/g, '')).trim()
