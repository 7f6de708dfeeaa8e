import { simpleParser } from 'mailparser'
import { describe, expect, test } from 'vitest'
import { footer, line, mjml, ref, template, text, when } from './fragments.ts'
import { input, prepare, sender, signer } from './prepare.ts'

const leave = `https://example.jp/mail/u/${signer.leave(input().messageId)}`
const marketing = template({ body: mjml`${footer}` })
const english = input({ recipient: { ...input().recipient, locale: 'en-GB' } })

const headersOf = (raw: Uint8Array): string[] =>
  (Buffer.from(raw).toString('latin1').split('\r\n\r\n')[0] ?? '').replace(/\r\n /g, ' ').split('\r\n')
const textOf = async (raw: Uint8Array) => (await simpleParser(Buffer.from(raw))).text ?? ''

describe('the legal block', () => {
  test('Japanese readers get the wording of the law', async () => {
    const prepared = await prepare(template({ body: text`${footer}` }), {
      sender: { ...sender, registeredAt: '資料請求フォーム', commercialDisclosureUrl: 'https://example.jp/law' },
    })
    expect((await textOf(prepared.compose(input()).raw)).trim().split('\n')).toEqual([
      'このメールは、資料請求フォームでご登録いただいた方にお送りしています。',
      '今後このようなメールを希望されない方は、下記よりお手続きください。',
      '▼配信停止',
      leave,
      '発行者:株式会社飛石',
      '〒100-0001 東京都千代田区千代田1-1',
      'お問い合わせ:03-0000-0000',
      'メールアドレス:help@example.jp',
      '特定商取引法に基づく表記',
      'https://example.jp/law',
    ])
  })

  test('other readers get it in English, with the same links', async () => {
    const prepared = await prepare(marketing)
    const plain = await textOf(prepared.compose(english).raw)
    expect(plain).toContain('You receive this email because you registered at 飛石ショップ.')
    expect(plain).toContain(`Unsubscribe <${leave}>`)
    expect(plain).not.toContain('配信停止')
  })

  test('a reader without a language gets the app’s', async () => {
    const none = input({ recipient: { ...input().recipient, locale: '' } })
    expect(await textOf((await prepare(marketing)).compose(none).raw)).toContain('配信停止')
    expect(await textOf((await prepare(marketing, { defaultLocale: 'en' })).compose(none).raw)).toContain('Unsubscribe')
  })

  test('the words of a mail can follow the same language', async () => {
    const isEnglish = { kind: 'eq', left: ref('recipient', 'language'), right: { kind: 'literal', value: 'en' } } as const
    const prepared = await prepare(
      template({ subject: line`${when(isEnglish, line`Hello`, line`こんにちは`)}`, body: mjml`${footer}` }),
    )
    const none = input({ recipient: { ...input().recipient, locale: '' } })
    expect([english, input(), none].map((one) => prepared.compose(one).subject)).toEqual(['Hello', 'こんにちは', 'こんにちは'])
    expect(prepared.preview(english).subject).toBe('Hello')
  })

  test('the e-mail address is shown to consumers in Japan', async () => {
    const shown = async (options: Parameters<typeof prepare>[1]) =>
      (await textOf((await prepare(marketing, options)).compose(input()).raw)).includes('help@example.jp')
    expect(await shown({})).toBe(true)
    expect(await shown({ audience: 'business' })).toBe(false)
    expect(await shown({ jurisdiction: 'EU' })).toBe(false)
  })

  test('a transactional mail names the sender and offers no way out', async () => {
    const plain = await textOf(
      (await prepare(template({ purpose: 'transactional', body: text`${footer}` }))).compose(input()).raw,
    )
    expect(plain).toContain('発行者:株式会社飛石')
    expect(plain).not.toContain('/u/')
  })

  test('the sender is text, never markup', async () => {
    const prepared = await prepare(marketing, { sender: { ...sender, legalName: '<b>A & B</b>' } })
    const { html } = await simpleParser(Buffer.from(prepared.compose(input()).raw))
    expect(html).toContain('発行者:&lt;b&gt;A &amp; B&lt;/b&gt;')
  })
})

describe('headers', () => {
  test('of marketing mail', async () => {
    const { raw, envelope } = (await prepare(marketing)).compose(input())
    expect(headersOf(raw)).toEqual([
      expect.stringMatching(/^From: =\?UTF-8\?B\?[\w+/=]+\?= <news@example\.jp>$/),
      'Reply-To: help@example.jp',
      'To: hanako@example.com',
      expect.stringMatching(/^Subject: =\?UTF-8\?B\?/),
      'Date: Mon, 05 Jan 2026 01:00:00 +0000',
      'Message-ID: <Zm9vYmFyYmF6cXV4@example.jp>',
      `List-Unsubscribe: <${leave}>`,
      'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
      'List-ID: <onboarding.example.jp>',
      'Feedback-ID: welcome:onboarding:marketing:examplejp',
      'Auto-Submitted: auto-generated',
      'MIME-Version: 1.0',
      expect.stringMatching(/^Content-Type: multipart\/alternative; boundary="=_[0-9a-f]{24}"$/),
    ])
    expect(envelope).toEqual({ from: 'news@example.jp', to: 'hanako@example.com' })
  })

  test('of transactional mail: no list', async () => {
    const names = headersOf(
      (await prepare(template({ purpose: 'transactional', topic: null, body: text`x` }))).compose(input()).raw,
    ).map((header) => header.split(':')[0])
    expect(names.filter((name) => name?.startsWith('List-'))).toEqual([])
    expect(names).toContain('Feedback-ID')
  })

  test('a mailto way out stands beside the one-click address', async () => {
    const { raw } = (await prepare(marketing, { unsubscribeMailto: 'leave@example.jp' })).compose(input())
    expect(headersOf(raw)).toContain(`List-Unsubscribe: <${leave}>, <mailto:leave@example.jp>`)
  })

  test('VERP: the return path names the message', async () => {
    const { envelope } = (await prepare(marketing, { bounceAddress: 'bounce@mta.example.jp' })).compose(input())
    expect(envelope.from).toBe('bounce+Zm9vYmFyYmF6cXV4@mta.example.jp')
  })

  test('old carrier addresses are quoted on the wire', async () => {
    const docomo = input({ recipient: { ...input().recipient, email: 'a..b.@docomo.ne.jp' } })
    const { raw, envelope } = (await prepare(marketing)).compose(docomo)
    expect(envelope.to).toBe('"a..b."@docomo.ne.jp')
    expect(headersOf(raw)).toContain('To: "a..b."@docomo.ne.jp')
  })

  test('the name of a topic or template never breaks a header', async () => {
    const { raw } = (
      await prepare(template({ name: '春の:お知らせ', topic: 'ご利用ガイド a:b', body: mjml`${footer}` }))
    ).compose(input())
    expect(headersOf(raw)).toContain('List-ID: <a-b.example.jp>')
    expect(headersOf(raw)).toContain('Feedback-ID: template:a-b:marketing:examplejp')
  })
})

describe('hash', () => {
  test('changes with the text and with the sender, and with nothing else', async () => {
    const hash = async (...args: Parameters<typeof prepare>) => (await prepare(...args)).hash
    const first = await hash(marketing)
    expect(first).toMatch(/^[0-9a-f]{64}$/)
    expect(await hash(marketing, { baseUrl: 'https://other.example.jp' })).toBe(first)
    expect(await hash(template({ body: mjml`${footer}<mj-section></mj-section>` }))).not.toBe(first)
    expect(await hash(marketing, { sender: { ...sender, contact: '03-1111-1111' } })).not.toBe(first)
  })
})
