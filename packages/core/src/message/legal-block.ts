import type { Audience, Jurisdiction, Purpose } from '../domain/consent/consent.ts'
import { escapeHtml } from '../domain/reference/escape-html.ts'
import type { Marks } from './marks.ts'
import type { Sender } from './sender.ts'

export type MailLocale = 'ja' | 'en'

export interface LegalOptions {
  readonly sender: Sender
  readonly purpose: Purpose
  readonly audience: Audience
  readonly jurisdiction: Jurisdiction
}

/** One line of the block; `link` is a mark that stands for an address, shown as `text` in HTML and after it in plain text. */
interface LegalLine {
  readonly text: string
  readonly link?: string
}

/**
 * The legal block that `footer()` places, by 特定電子メール法 art. 4 and 特定商取引法 art. 12-3 (facts §1): who is responsible, that one
 * can leave, directly before the address where, postal address and contact. For consumers in Japan also the seller's e-mail
 * address and, where the sender has one, the notice 特商法に基づく表記. A transactional mail cannot be left: there it names the
 * sender only. `ja` and `en` say the same.
 */
const legalLines = (locale: MailLocale, options: LegalOptions, marks: Marks): LegalLine[] => {
  const words = locale === 'ja' ? japanese : english
  const { sender } = options
  const lines: LegalLine[] = []
  if (options.purpose === 'marketing') {
    lines.push(...words.leaving(sender.registeredAt ?? sender.displayName).map((text) => ({ text })))
    lines.push({ text: words.unsubscribe, link: marks.add({ kind: 'unsubscribe' }) })
  }
  lines.push({ text: words.publisher(sender.legalName) }, { text: words.address(sender.postalAddress) })
  lines.push({ text: words.contact(sender.contact) })
  if (options.jurisdiction === 'JP' && options.audience === 'consumer') {
    lines.push({ text: words.email(sender.replyTo ?? sender.email) })
  }
  const disclosure = sender.commercialDisclosureUrl
  if (disclosure !== undefined) lines.push({ text: words.disclosure, link: marks.add({ kind: 'plain-link', url: disclosure }) })
  return lines
}

/** The block as HTML to stand inside `mj-text`. */
export const legalHtml = (locale: MailLocale, options: LegalOptions, marks: Marks): string =>
  legalLines(locale, options, marks)
    .map(({ text, link }) =>
      link === undefined ? escapeHtml(text) : `<a href="${link}" style="color:#666666">${escapeHtml(text)}</a>`,
    )
    .join('<br />')

/** The block as plain text. */
export const legalText = (locale: MailLocale, options: LegalOptions, marks: Marks): string =>
  legalLines(locale, options, marks)
    .map(({ text, link }) => (link === undefined ? text : `${text}\n${link}`))
    .join('\n')

/** 〒 goes before a postal code, and only there. */
const withPostMark = (address: string): string => (/^[0-9０-９]{3}/.test(address) ? `〒${address}` : address)

interface LegalWords {
  readonly leaving: (registeredAt: string) => readonly string[]
  readonly unsubscribe: string
  readonly publisher: (name: string) => string
  readonly address: (address: string) => string
  readonly contact: (contact: string) => string
  readonly email: (email: string) => string
  readonly disclosure: string
}

const japanese: LegalWords = {
  leaving: (registeredAt) => [
    `このメールは、${registeredAt}でご登録いただいた方にお送りしています。`,
    '今後このようなメールを希望されない方は、下記よりお手続きください。',
  ],
  unsubscribe: '▼配信停止',
  publisher: (name) => `発行者:${name}`,
  address: withPostMark,
  contact: (contact) => `お問い合わせ:${contact}`,
  email: (email) => `メールアドレス:${email}`,
  disclosure: '特定商取引法に基づく表記',
}

const english: LegalWords = {
  leaving: (registeredAt) => [
    `You receive this email because you registered at ${registeredAt}.`,
    'If you do not want emails like this any more, you can stop them here:',
  ],
  unsubscribe: 'Unsubscribe',
  publisher: (name) => `Sent by: ${name}`,
  address: withPostMark,
  contact: (contact) => `Contact: ${contact}`,
  email: (email) => `Email: ${email}`,
  disclosure: 'Legal notice (Act on Specified Commercial Transactions)',
}
