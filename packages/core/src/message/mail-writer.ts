import { createHash } from 'node:crypto'
import type { DeclaredTemplate } from '../define/declared.ts'
import { quoteForWire } from '../domain/contact/quote-for-wire.ts'
import { compilePieces } from './compile-pieces.ts'
import { refuseControl } from './encode-header.ts'
import { decoded, type Encoding } from './encoding.ts'
import type { MailLocale } from './legal-block.ts'
import { compileHeaders } from './mail-headers.ts'
import type { Run, Write } from './mail-run.ts'
import type { PreparedBody, PreparedContent } from './prepare-content.ts'
import type { PrepareOptions } from './prepare-options.ts'
import type { ComposedMail, ComposeInput, MailPreview } from './prepared-template.ts'
import { quotedPrintable } from './quoted-printable.ts'
import { routes, testLeave } from './signer.ts'
import { TemplateValues } from './template-values.ts'
import { TextOutput } from './text-output.ts'
import { wireAddress, wireMessageId } from './wire-address.ts'

export interface MailWriter {
  compose(input: ComposeInput): ComposedMail
  preview(input: ComposeInput): MailPreview
}

/** Writes the mails of one template from its prepared content. */
export const createMailWriter = (declared: DeclaredTemplate, content: PreparedContent, options: PrepareOptions): MailWriter => {
  const values = new TemplateValues(`template "${declared.name}"`)
  const subjectOf = compileSubject(content, options, values)
  const headersOf = compileHeaders({ ...declared, sender: options.sender, unsubscribeMailto: options.unsubscribeMailto ?? null })
  const returnPath = compileReturnPath(options)
  const entities = lazily((locale: MailLocale, isTracked: boolean) => {
    const compile = { encoding: quotedPrintable, signer: options.signer, values, isTracked }
    return compileEntity(content.bodies[locale], (pieces, context) => compilePieces(pieces, { ...compile, context }))
  })
  const addressesOf = compileAddresses(options)

  return {
    compose: (input) => {
      const to = wireAddress(input.recipient.email)
      const messageId = wireMessageId(input.messageId)
      const language = localeOf(input, options)
      const entity = entities(language, input.isTest !== true)
      const { leave, ...addresses } = addressesOf(input, quotedPrintable)
      const out = new TextOutput()
      const run = runOf({ ...input, language }, addresses, out, values, quotedPrintable)
      const subject = refuseControl(subjectOf(run), 'subject')
      out.write(headersOf({ messageId, to, subject, now: input.now, unsubscribe: leave }))
      entity(run)
      return { raw: Buffer.from(out.text, 'latin1'), envelope: { from: returnPath(messageId), to }, subject }
    },
    preview: (input) => {
      const language = localeOf(input, options)
      const read = { ...input, language }
      const body = content.bodies[language]
      const write = (pieces: PreparedBody['text'], context: 'plain' | 'html'): string => {
        const out = new TextOutput()
        const run = runOf(read, addressesOf(input, decoded), out, values, decoded)
        compilePieces(pieces, { encoding: decoded, signer: options.signer, values, isTracked: input.isTest !== true, context })(
          run,
        )
        return out.text
      }
      const subject = subjectOf(runOf(read, addressesOf(input, decoded), new TextOutput(), values, decoded))
      return { subject, text: write(body.text, 'plain'), html: body.html === null ? null : write(body.html, 'html') }
    },
  }
}

type Addresses = Pick<Run, 'open' | 'click' | 'unsubscribe' | 'clickAddress'>

interface ReadInput extends ComposeInput {
  readonly language: MailLocale
}

const runOf = (input: ReadInput, addresses: Addresses, out: TextOutput, values: TemplateValues, encoding: Encoding): Run => {
  const recipient = { ...input.recipient, language: input.language }
  const scope = { contact: input.contact, recipient, props: input.props }
  const { open, click, unsubscribe, clickAddress } = addresses
  return { out, messageId: input.messageId, values: values.of(scope, encoding), scope, open, click, unsubscribe, clickAddress }
}

/** The two HMACs of a mail; a test copy has none. */
const compileAddresses =
  ({ signer, baseUrl }: PrepareOptions) =>
  ({ messageId, isTest }: ComposeInput, encoding: Encoding): Addresses & { readonly leave: string } => {
    const measure = isTest === true ? '' : signer.measure(messageId)
    const leave = `${baseUrl}/${routes.unsubscribe}/${isTest === true ? testLeave : signer.leave(messageId)}`
    const clickAddress = `${baseUrl}/${routes.click}/${measure}`
    return {
      clickAddress,
      click: encoding.literal(clickAddress),
      open: encoding.literal(`${baseUrl}/${routes.open}/${measure}`),
      unsubscribe: encoding.literal(leave),
      leave,
    }
  }

type CompilePart = (pieces: PreparedBody['text'], context: 'plain' | 'html') => Write

/** `Content-Type`, the blank line and the body. The boundary holds `=_`, which quoted-printable never does (RFC 2045 §6.7). */
const compileEntity = (body: PreparedBody, compile: CompilePart): Write => {
  const text = compile(body.text, 'plain')
  const textHead = partHead('plain')
  if (body.html === null) {
    return (run) => {
      run.out.write(textHead)
      text(run)
    }
  }
  const html = compile(body.html, 'html')
  const boundary = `=_${createHash('sha256').update(JSON.stringify(body)).digest('hex').slice(0, 24)}`
  const first = `Content-Type: multipart/alternative; boundary="${boundary}"\r\n\r\n--${boundary}\r\n${textHead}`
  const second = `\r\n--${boundary}\r\n${partHead('html')}`
  const last = `\r\n--${boundary}--\r\n`
  return (run) => {
    run.out.write(first)
    text(run)
    run.out.write(second)
    html(run)
    run.out.write(last)
  }
}

const partHead = (type: 'plain' | 'html'): string =>
  `Content-Type: text/${type}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n`

/** The subject as it reads; it is encoded with the headers. */
const compileSubject = (content: PreparedContent, { signer }: PrepareOptions, values: TemplateValues): ((run: Run) => string) => {
  const asIs: Encoding = { literal: (text) => text, plain: (text) => text, html: (text) => text }
  const write = compilePieces(content.subject, { encoding: asIs, context: 'plain', signer, values, isTracked: false })
  return (run) => {
    const out = new TextOutput()
    write({ ...run, out, values: values.of(run.scope, asIs) })
    return out.text
  }
}

/** VERP: a bounce tells by its address which message it is of. */
const compileReturnPath = ({ bounceAddress, sender }: PrepareOptions): ((messageId: string) => string) => {
  const from = quoteForWire(sender.email)
  if (bounceAddress === null) return () => from
  const at = bounceAddress.lastIndexOf('@')
  const local = bounceAddress.slice(0, at)
  const domain = bounceAddress.slice(at)
  return (messageId) => `${local}+${messageId}${domain}`
}

const localeOf = ({ recipient }: ComposeInput, options: PrepareOptions): MailLocale => {
  if (recipient.locale === '') return options.defaultLocale
  return /^ja(?:[-_]|$)/i.test(recipient.locale) ? 'ja' : 'en'
}

const lazily = <V>(make: (locale: MailLocale, isTracked: boolean) => V): ((locale: MailLocale, isTracked: boolean) => V) => {
  const made = new Map<string, V>()
  return (locale, isTracked) => {
    const key = isTracked ? locale : `${locale} test`
    const known = made.get(key)
    if (known !== undefined) return known
    const value = make(locale, isTracked)
    made.set(key, value)
    return value
  }
}
