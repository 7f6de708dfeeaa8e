import { createHash } from 'node:crypto'
import type { DeclaredTemplate } from '../define/declared.ts'
import type { FragmentData } from '../define/fragment.ts'
import { quoteForWire } from '../domain/contact/quote-for-wire.ts'
import type { Scope } from '../domain/reference/expression.ts'
import { TobiishiError } from '../errors/index.ts'
import { compilePieces, type Run } from './compile-pieces.ts'
import { refuseControl } from './encode-header.ts'
import { decoded, type Encoding } from './encoding.ts'
import { layOut } from './lay-out.ts'
import type { MailLocale } from './legal-block.ts'
import { compileHeaders } from './mail-headers.ts'
import { Marks } from './marks.ts'
import type { Body, PreparedBodies } from './prepare-bodies.ts'
import type { PrepareOptions } from './prepare-template.ts'
import type { ComposedMail, ComposeInput, MailPreview } from './prepared-template.ts'
import { quotedPrintable } from './quoted-printable.ts'
import { routes, testLeave } from './signer.ts'
import { toPieces } from './to-pieces.ts'
import { wireAddress } from './wire-address.ts'

export interface MailWriter {
  compose(input: ComposeInput): ComposedMail
  preview(input: ComposeInput): MailPreview
}

type Write = (run: Run) => string

/** Writes the mails of one template from its prepared bodies. */
export const createMailWriter = (
  declared: DeclaredTemplate,
  bodies: PreparedBodies['bodies'],
  options: PrepareOptions,
): MailWriter => {
  const { signer, baseUrl, sender } = options
  const subjectOf = compileLine(declared.subject, declared, options)
  const headersOf = compileHeaders({
    name: declared.name,
    purpose: declared.purpose,
    topic: declared.topic,
    sender,
    unsubscribeMailto: options.unsubscribeMailto ?? null,
  })
  const entities = lazily((key: string) => {
    const [locale, tracked] = key.split(' ') as [MailLocale, string]
    return compileEntity(bodies[locale], quotedPrintable, tracked === 'tracked', options)
  })
  const returnPath = compileReturnPath(options)

  const runOf = (input: ComposeInput, encoding: Encoding): Run & { readonly leave: string } => {
    const isTest = input.isTest === true
    const measure = isTest ? '' : signer.measure(input.messageId)
    const leave = `${baseUrl}/${routes.unsubscribe}/${isTest ? testLeave : signer.leave(input.messageId)}`
    const clickAddress = `${baseUrl}/${routes.click}/${measure}`
    return {
      messageId: input.messageId,
      scope: scopeOf(input),
      clickAddress,
      click: isTest ? '' : encoding.literal(clickAddress),
      open: isTest ? '' : encoding.literal(`${baseUrl}/${routes.open}/${measure}`),
      unsubscribe: encoding.literal(leave),
      leave,
    }
  }

  return {
    compose: (input) => {
      const to = wireAddress(input.recipient.email)
      const run = runOf(input, quotedPrintable)
      const subject = refuseControl(subjectOf(run), 'subject')
      const headers = headersOf({ messageId: input.messageId, to, subject, now: input.now, unsubscribe: run.leave })
      const entity = entities(`${localeOf(input, options)} ${input.isTest === true ? 'plain' : 'tracked'}`)
      return { raw: Buffer.from(headers + entity(run), 'latin1'), envelope: { from: returnPath(input.messageId), to }, subject }
    },
    preview: (input) => {
      const run = runOf(input, decoded)
      const body = bodies[localeOf(input, options)]
      const isTracked = input.isTest !== true
      const text = compilePieces(body.text, { encoding: decoded, context: 'plain', signer, isTracked, part: 'text' })
      const html = body.html && compilePieces(body.html, { encoding: decoded, context: 'html', signer, isTracked, part: 'body' })
      return { subject: subjectOf(run), text: text(run), html: html === null ? null : html(run) }
    },
  }
}

/** `Content-Type`, the blank line and the body. The boundary holds `=_`, which quoted-printable never does (RFC 2045 §6.7). */
const compileEntity = (body: Body, encoding: Encoding, isTracked: boolean, options: PrepareOptions): Write => {
  const { signer } = options
  const text = compilePieces(body.text, {
    encoding,
    context: 'plain',
    signer,
    isTracked,
    part: body.html === null ? 'body' : 'text',
  })
  const textHead = 'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
  if (body.html === null) return (run) => textHead + text(run)
  const html = compilePieces(body.html, { encoding, context: 'html', signer, isTracked, part: 'body' })
  const boundary = `=_${createHash('sha256').update(JSON.stringify(body)).digest('hex').slice(0, 24)}`
  const first = `Content-Type: multipart/alternative; boundary="${boundary}"\r\n\r\n--${boundary}\r\n${textHead}`
  const second = `\r\n--${boundary}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n`
  const last = `\r\n--${boundary}--\r\n`
  return (run) => first + text(run) + second + html(run) + last
}

/** A line as plain text. */
const compileLine = (fragment: FragmentData, declared: DeclaredTemplate, options: PrepareOptions): Write => {
  const path = `template "${declared.name}", subject`
  const marks = new Marks([JSON.stringify(fragment)])
  const source = layOut(fragment, 'line', marks, path)
  if (marks.has('footer') || marks.has('unsubscribe')) {
    throw new TobiishiError('template.invalid', `${path}: footer() and unsubscribeUrl cannot stand in a subject.`, {
      details: { path },
    })
  }
  const pieces = toPieces(source, marks, (text) => text, path)
  const encoding: Encoding = { literal: (text) => text, plain: (text) => text.toWellFormed(), html: (text) => text }
  return compilePieces(pieces, { encoding, context: 'plain', signer: options.signer, isTracked: false, part: 'subject' })
}

const compileReturnPath = ({ bounceAddress, sender }: PrepareOptions): ((messageId: string) => string) => {
  const from = quoteForWire(sender.email)
  if (bounceAddress === null) return () => from
  const at = bounceAddress.lastIndexOf('@')
  const local = bounceAddress.slice(0, at)
  const domain = bounceAddress.slice(at)
  return (messageId) => `${local}+${messageId}${domain}`
}

const scopeOf = ({ contact, recipient, props }: ComposeInput): Scope => ({ contact, recipient, props })

const localeOf = ({ recipient }: ComposeInput, options: PrepareOptions): MailLocale => {
  if (recipient.locale === '') return options.defaultLocale
  return /^ja(?:[-_]|$)/i.test(recipient.locale) ? 'ja' : 'en'
}

const lazily = <V>(make: (key: string) => V): ((key: string) => V) => {
  const made = new Map<string, V>()
  return (key) => {
    let value = made.get(key)
    if (value === undefined) {
      value = make(key)
      made.set(key, value)
    }
    return value
  }
}
