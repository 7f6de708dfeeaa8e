import { createHash, createVerify, generateKeyPairSync } from 'node:crypto'
import { expect, it } from 'vitest'
import { dkimSigner } from './dkim-signer.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

const headers = [
  'From: =?utf-8?B?6aOb44Gz55+z?= <shop@example.jp>',
  'To: <taro@example.jp>',
  'Subject: =?utf-8?B?6LOH5paZ?=',
  'Message-ID: <m1@example.jp>',
  'List-Unsubscribe: <https://example.jp/u/v1.k1.x.y>',
  'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
  'Feedback-ID: onboarding:hello:shop:tobiishi',
]
const mail = Buffer.from(`${headers.join('\r\n')}\r\n\r\nbody  with   spaces \r\n.dot\r\n\r\n\r\n`)

const relaxed = (header: string): string => {
  const [name = '', ...rest] = header.replace(/\r\n/g, '').split(':')
  return `${name.toLowerCase().trim()}:${rest.join(':').replace(/\s+/g, ' ').trim()}`
}

it('signs both fields of one-click unsubscribing and Feedback-ID, and the signature holds (RFC 6376 relaxed/relaxed)', async () => {
  const signed = (await dkimSigner({ domain: 'example.jp', selector: 's1', privateKey: pem })(mail)).toString('latin1')
  expect(signed.endsWith(mail.toString('latin1'))).toBe(true)
  const signature = signed.slice(0, signed.indexOf('\r\nFrom:'))
  const tag = (name: string): string =>
    new RegExp(`[;\\s]${name}=([^;]*)`).exec(signature.replace(/\r\n/g, ''))?.[1]?.replace(/\s/g, '') ?? ''

  const names = tag('h').toLowerCase().split(':')
  expect(names).toEqual(expect.arrayContaining(['from', 'list-unsubscribe', 'list-unsubscribe-post', 'feedback-id']))
  expect(tag('bh')).toBe(createHash('sha256').update('body with spaces\r\n.dot\r\n').digest('base64'))
  const signedHeaders = names.map((name) => relaxed(headers.find((header) => header.toLowerCase().startsWith(`${name}:`)) ?? ''))
  const input = [...signedHeaders, relaxed(signature).replace(/ b=.*$/, ' b=')].join('\r\n')
  expect(createVerify('RSA-SHA256').update(input, 'latin1').verify(publicKey, tag('b'), 'base64')).toBe(true)
})

it('signs only the fields asked for', async () => {
  const sign = dkimSigner({ domain: 'example.jp', selector: 's1', privateKey: pem, headers: ['From', 'Subject'] })
  expect((await sign(mail)).toString()).toMatch(/h=from:subject;/i)
})
