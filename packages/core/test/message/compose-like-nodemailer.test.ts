import { type ParsedMail, simpleParser } from 'mailparser'
import type { SendMailOptions } from 'nodemailer'
import MailComposer from 'nodemailer/lib/mail-composer'
import { describe, expect, test } from 'vitest'
import type { DeclaredTemplate } from '../../src/define/declared.ts'
import type { ComposeInput, PrepareOptions } from '../../src/message/index.ts'
import { corpus, lines } from './corpus.ts'
import { footer, line, mjml, ref, template, text } from './fragments.ts'
import { input, prepare, sender } from './prepare.ts'

/** What a reader's program makes of a mail. */
const readable = ({ from, to, replyTo, subject, messageId, date, text: plain, html, headers }: ParsedMail) => ({
  from: from?.value,
  to: to && 'value' in to ? to.value : null,
  replyTo: replyTo?.value,
  subject,
  messageId,
  date,
  text: plain?.replace(/\n+$/, ''),
  html: typeof html === 'string' ? html.replace(/\n+$/, '') : html,
  list: headers.get('list'),
  feedbackId: headers.get('feedback-id'),
  autoSubmitted: headers.get('auto-submitted'),
})

/** Our mail and nodemailer's, given the same words, both parsed. */
const both = async (declared: DeclaredTemplate, values: ComposeInput, options: Partial<PrepareOptions> = {}) => {
  const prepared = await prepare(declared, options)
  const { raw } = prepared.compose(values)
  const preview = prepared.preview(values)
  const ours = await simpleParser(Buffer.from(raw))
  const from = options.sender ?? sender
  const content: SendMailOptions = {
    from: { name: from.displayName, address: from.email },
    replyTo: { name: '', address: from.replyTo ?? '' },
    to: { name: '', address: values.recipient.email },
    subject: preview.subject,
    text: preview.text,
    ...(preview.html === null ? {} : { html: preview.html }),
    messageId: `<${values.messageId}@example.jp>`,
    date: new Date(values.now),
    headers: {
      'List-Unsubscribe': preview.text.match(/https:\/\/example\.jp\/mail\/u\/[\w.-]+/)?.map((url) => `<${url}>`)[0] ?? '',
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      'List-ID': '<onboarding.example.jp>',
      'Feedback-ID': 'welcome:onboarding:marketing:examplejp',
      'Auto-Submitted': 'auto-generated',
    },
  }
  const theirs = await simpleParser(await new MailComposer(content).compile().build())
  return { raw: Buffer.from(raw).toString('latin1'), ours: readable(ours), theirs: readable(theirs) }
}

/** What every mail on the wire holds to, whatever is in it. */
const expectWireForm = (raw: string): void => {
  expect(raw).not.toMatch(/(?<!\r)\n|\r(?!\n)/)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: octets above ASCII are what is looked for
  expect(raw).not.toMatch(/[^\x00-\x7f]/)
  for (const wireLine of raw.split('\r\n')) expect(wireLine.length).toBeLessThanOrEqual(998)
  expect(raw.split('\r\n')).not.toContain('.')
}

const htmlTemplate = template({
  subject: line`件名:${ref('props', 'line')}`,
  preheader: line`${ref('props', 'line')}`,
  body: mjml`<mj-section><mj-column><mj-text><p>①${ref('props', 'text')}㈱</p><a href="https://example.jp/a?b=c&amp;d=e" title="${ref('props', 'text')}">${ref('props', 'line')}</a></mj-text>
    <mj-image src="https://example.jp/x.png" alt="${ref('props', 'text')}" /></mj-column></mj-section>${footer}`,
})
const textTemplate = template({
  subject: line`${ref('props', 'line')}`,
  body: text`髙橋 様\n\n${ref('props', 'text')}\n.\nhttps://example.jp/x\n${footer}`,
})

describe('a composed mail says the same as nodemailer’s', () => {
  test.each(corpus)('HTML with $what', async ({ text: value }) => {
    const { raw, ours, theirs } = await both(htmlTemplate, input({ props: { text: value, line: 'お知らせ' } }))
    expect(ours).toEqual(theirs)
    expectWireForm(raw)
  })

  test.each(corpus)('text only with $what', async ({ text: value }) => {
    const { raw, ours, theirs } = await both(textTemplate, input({ props: { text: value, line: 'お知らせ' } }))
    expect(ours).toEqual(theirs)
    expect(ours.html).toBe(false)
    expect(ours.text).toContain(value.replace(/\r\n|\r/g, '\n'))
    expectWireForm(raw)
  })

  test.each(lines)('a subject of $what', async ({ text: value }) => {
    const { raw, ours, theirs } = await both(textTemplate, input({ props: { text: 'x', line: value } }))
    expect(ours).toEqual(theirs)
    expect(ours.subject).toBe(value)
    expectWireForm(raw)
  })

  test.each(lines)('a sender named $what', async ({ text: value }) => {
    const named = { sender: { ...sender, displayName: value } }
    const { raw, ours, theirs } = await both(textTemplate, input({ props: { text: 'x', line: 'y' } }), named)
    expect(ours).toEqual(theirs)
    expect(ours.from).toEqual([{ name: value, address: 'news@example.jp' }])
    expectWireForm(raw)
  })
})
