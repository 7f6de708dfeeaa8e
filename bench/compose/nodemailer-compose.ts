import type { SendMailOptions } from 'nodemailer'
import MailComposer from 'nodemailer/lib/mail-composer'
import type { ComposeInput, PreparedTemplate } from '../../packages/core/src/message/index.ts'
import { sender } from '../fixtures/sender.ts'

/** Everything that one mail is made of, finished: what an app gives nodemailer. */
export const contentOf = (template: PreparedTemplate, input: ComposeInput): SendMailOptions => {
  const { raw, envelope } = template.compose(input)
  const { subject, text, html } = template.preview(input)
  const headers = headersOf(raw)
  return {
    from: { name: sender.displayName, address: sender.email },
    ...(sender.replyTo === undefined ? {} : { replyTo: sender.replyTo }),
    to: { name: '', address: envelope.to },
    subject,
    text,
    ...(html === null ? {} : { html }),
    date: new Date(input.now),
    messageId: headers.get('Message-ID') ?? '',
    headers: Object.fromEntries([...headers].filter(([name]) => /^(?:List-|Feedback-ID|Auto-Submitted)/.test(name))),
  }
}

/** The header fields of a mail, unfolded. */
const headersOf = (raw: Uint8Array): Map<string, string> => {
  const head = Buffer.from(raw).toString('latin1').split('\r\n\r\n', 1)[0] ?? ''
  const lines = head.replace(/\r\n[ \t]/g, ' ').split('\r\n')
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]))
}

/** nodemailer's whole mail in one Buffer. */
export const composeWithNodemailer = (content: SendMailOptions): Promise<Buffer> => new MailComposer(content).compile().build()
