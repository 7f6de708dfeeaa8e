import type { Purpose } from '../domain/consent/consent.ts'
import { quoteForWire } from '../domain/contact/quote-for-wire.ts'
import type { Instant } from '../domain/time/instant.ts'
import { encodeHeader, encodeMailbox } from './encode-header.ts'
import type { Sender } from './sender.ts'

export interface HeaderOptions {
  readonly name: string
  readonly purpose: Purpose
  readonly topic: string | null
  readonly sender: Sender
  /** Additional `mailto:` address in List-Unsubscribe; null: only the one-click address. */
  readonly unsubscribeMailto: string | null
}

export interface HeaderValues {
  readonly messageId: string
  /** The recipient's address as the wire takes it. */
  readonly to: string
  readonly subject: string
  readonly now: Instant
  /** Address of the unsubscribe page. */
  readonly unsubscribe: string
}

/**
 * The headers of a template's mails, up to `MIME-Version`. Marketing mail carries List-Unsubscribe with List-Unsubscribe-Post
 * (RFC 8058) and List-ID (RFC 2919); all mail Feedback-ID (Gmail's feedback loop, nothing unique to one message) and
 * Auto-Submitted (RFC 3834). From names the sender only, To the address only.
 */
export const compileHeaders = (options: HeaderOptions): ((values: HeaderValues) => string) => {
  const { sender } = options
  const domain = domainOf(sender.email)
  const from =
    encodeMailbox('From', sender.displayName, quoteForWire(sender.email)) +
    (sender.replyTo === undefined ? '' : `Reply-To: ${quoteForWire(sender.replyTo)}\r\n`)
  const topic = label(options.topic ?? 'mail', 'mail')
  const list = options.purpose === 'marketing' ? `List-ID: <${topic}.${domain}>\r\n` : ''
  const feedbackId = [label(options.name, 'template'), topic, options.purpose, senderId(domain)].join(':')
  const last = `${list}Feedback-ID: ${feedbackId}\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n`
  const mailto = options.unsubscribeMailto === null ? '' : `,\r\n <mailto:${options.unsubscribeMailto}>`
  const subjects = lastResult((subject: string) => encodeHeader('Subject', subject))
  return ({ messageId, to, subject, now, unsubscribe }) => {
    const leave =
      options.purpose === 'marketing'
        ? `List-Unsubscribe: <${unsubscribe}>${mailto}\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n`
        : ''
    const id = `Message-ID: <${messageId}@${domain}>\r\n`
    return `${from}To: ${to}\r\n${subjects(subject)}${dateHeader(now)}${id}${leave}${last}`
  }
}

const domainOf = (email: string): string => email.slice(email.lastIndexOf('@') + 1).toLowerCase()

/** A name as a label of a domain and as a field of Feedback-ID. */
const label = (name: string, fallback: string): string =>
  name
    .replace(/[^A-Za-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40) || fallback

/** 5–15 letters and digits that stay the same for a domain. */
const senderId = (domain: string): string =>
  domain
    .replace(/[^a-z0-9]/g, '')
    .slice(0, 15)
    .padEnd(5, '0')

/** `Date`, in UTC: a mail of ours has no zone of its own (RFC 5322 §3.3). */
const dateOf = (seconds: number): string => `Date: ${new Date(seconds * 1000).toUTCString().replace('GMT', '+0000')}\r\n`

/** Mails are composed by the thousand within one second, and often with one subject: the last result is kept. */
const lastResult = <K, V>(make: (key: K) => V): ((key: K) => V) => {
  let last: { readonly key: K; readonly value: V } | null = null
  return (key) => {
    if (last === null || last.key !== key) last = { key, value: make(key) }
    return last.value
  }
}

const dates = lastResult(dateOf)
const dateHeader = (now: Instant): string => dates(Math.floor(now / 1000))
