import assert from 'node:assert/strict'
import { type ParsedMail, simpleParser } from 'mailparser'

/** Throws where two mails, both parsed by mailparser, say different things to their reader. */
export const assertSameMail = async (ours: Uint8Array, theirs: Uint8Array): Promise<void> => {
  const [left, right] = await Promise.all([simpleParser(Buffer.from(ours)), simpleParser(Buffer.from(theirs))])
  assert.deepEqual(readable(left), readable(right))
}

const readable = ({ from, to, replyTo, subject, messageId, date, text, html, headers }: ParsedMail) => ({
  from: from?.value,
  to: to && 'value' in to ? to.value : undefined,
  replyTo: replyTo?.value,
  subject,
  messageId,
  date,
  text: text?.trimEnd(),
  html: typeof html === 'string' ? html.trimEnd() : html,
  list: headers.get('list'),
  feedbackId: headers.get('feedback-id'),
  autoSubmitted: headers.get('auto-submitted'),
})
