import { quoteForWire } from '../domain/contact/quote-for-wire.ts'
import { TobiishiError } from '../errors/index.ts'

/** ASCII, no control characters, no characters that would need quoting (dots of the carriers apart), domain as A-labels. */
const pattern = /^[A-Za-z0-9.!#$%&'*+\-/=?^_`{|}~]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*$/

export const isWireAddress = (email: string): boolean => email.length <= 254 && pattern.test(email)

/** A recipient's address as headers and SMTP take it. Throws `render.failed` (never the address) where it cannot stand there. */
export const wireAddress = (email: string): string => {
  if (isWireAddress(email)) return quoteForWire(email)
  throw new TobiishiError('render.failed', "The recipient's address cannot stand in a mail: correct the contact's address.", {
    details: { path: 'recipient.email' },
  })
}

/** A message id as it stands in headers and addresses. Throws `render.failed` for anything but base64url text. */
export const wireMessageId = (messageId: string): string => {
  if (/^[A-Za-z0-9_-]{1,128}$/.test(messageId)) return messageId
  throw new TobiishiError('render.failed', 'A message id must be base64url text.', { details: { path: 'messageId' } })
}
