import { describe, expect, test } from 'vitest'
import type { FragmentData } from '../../src/define/fragment.ts'
import type { TobiishiError } from '../../src/errors/index.ts'
import { each, footer, line, mjml, ref, template, text, unsubscribeUrl, when } from './fragments.ts'
import { input, prepare, sender } from './prepare.ts'

const name = ref('props', 'name')
const isPro = ref('props', 'isPro')
const inText = (content: FragmentData): FragmentData =>
  mjml`<mj-section><mj-column><mj-text>${{ kind: 'fragment', fragment: content }}</mj-text></mj-column></mj-section>${footer}`

const refusal = (promise: Promise<unknown>): Promise<TobiishiError> =>
  promise.then(
    () => expect.fail('nothing was refused'),
    (error: TobiishiError) => error,
  )

describe('where slots may stand', () => {
  test.each([
    ['a style', inText(mjml`<p style="color:${name}">x</p>`), /\{props\.name\} stands in the attribute "style" of <p>/],
    ['a class', inText(mjml`<p class="${name}">x</p>`), /attribute "class" of <p>/],
    ['a handler', inText(mjml`<p onclick="${name}">x</p>`), /attribute "onclick" of <p>/],
    ['the name of a tag', inText(mjml`<x${name}>x</p>`), /the name of a tag/],
    ['the name of an attribute', inText(mjml`<p ${name}="x">x</p>`), /the name of an attribute of <p>/],
    ['an unquoted attribute', inText(mjml`<p title=${name}>x</p>`), /an unquoted attribute "title" of <p>/],
    ['a comment', inText(mjml`<!-- ${name} -->`), /a comment|does not come out/],
    ['a style sheet', inText(mjml`<style>p { color: ${name} }</style>`), /stands in <style>/],
    ['a script', inText(mjml`<script>${name}</script>`), /stands in <script>/],
    ['the space between sections', mjml`${name}<mj-section></mj-section>${footer}`, /stands between the elements of <mj-body>/],
    [
      'the space between columns',
      mjml`<mj-section>${name}<mj-column></mj-column></mj-section>${footer}`,
      /does not come out of the markup/,
    ],
    ['the host of a link', inText(mjml`<a href="https://${name}/x">x</a>`), /stands in the host of an address/],
    ['the end of a host', inText(mjml`<a href="https://example.jp${name}">x</a>`), /stands in the host of an address/],
    ['a javascript link', inText(mjml`<a href="javascript:x(${name})">x</a>`), /does not begin with http, https, mailto, tel/],
    ['a data image', inText(mjml`<img src="data:${name}" alt="" />`), /does not begin with http, https/],
  ])('a slot in %s is refused with its path', async (_what, body, message) => {
    const error = await refusal(prepare(template({ body })))
    expect(error.code).toBe('template.invalid')
    expect(error.message).toMatch(message)
    expect(error.message).toMatch(/^template "welcome", body/)
    expect(error.message).not.toMatch(/tobiishi0/)
  })

  test.each([
    ['javascript:', 'javascript:alert(1)'],
    ['data:', 'data:text/html,x'],
    ['no scheme', '/relative'],
    ['vbscript:', ' VbScript:x'],
  ])('a written link with %s is refused', async (_what, href) => {
    const body = inText({ kind: 'fragment', syntax: 'mjml', parts: [{ kind: 'text', text: `<a href="${href}">x</a>` }] })
    expect(await refusal(prepare(template({ body })))).toMatchObject({ code: 'template.invalid' })
  })
})

describe('where when and each may stand', () => {
  const section = mjml`<mj-section><mj-column><mj-text>x</mj-text></mj-column></mj-section>`
  test.each([
    ['whole sections', mjml`${when(isPro, section)}${each(ref('props', 'items'), section)}${footer}`],
    ['sections of a wrapper', mjml`<mj-wrapper>${when(isPro, section, section)}</mj-wrapper>${footer}`],
    ['text', inText(mjml`a ${when(isPro, mjml`<b>b</b>`)} c`)],
    [
      'rows of a table',
      mjml`<mj-section><mj-column><mj-table>${each(ref('props', 'items'), mjml`<tr><td>${ref('item')}</td></tr>`)}</mj-table></mj-column></mj-section>${footer}`,
    ],
    [
      'a button',
      mjml`<mj-section><mj-column><mj-button href="https://example.jp">${when(isPro, mjml`a`)}</mj-button></mj-column></mj-section>${footer}`,
    ],
    ['raw', mjml`<mj-raw>${when(isPro, mjml`<p>x</p>`)}</mj-raw>${footer}`],
  ])('%s are allowed', async (_what, body) => {
    await prepare(template({ body }))
  })

  test.each([
    ['a column', mjml`<mj-section>${when(isPro, mjml`<mj-column></mj-column>`)}</mj-section>${footer}`, /stands in <mj-section>/],
    [
      'an mj-text',
      mjml`<mj-section><mj-column>${when(isPro, mjml`<mj-text>x</mj-text>`)}</mj-column></mj-section>${footer}`,
      /stands in <mj-column>/,
    ],
    [
      'half a section',
      mjml`${when(isPro, mjml`<mj-section><mj-column><mj-text>`)}x</mj-text></mj-column></mj-section>${footer}`,
      /begins in one element and ends in another/,
    ],
    ['an attribute', inText(mjml`<a href="https://example.jp/${when(isPro, mjml`x`)}">x</a>`), /stands inside a tag/],
  ])('%s is refused', async (_what, body, message) => {
    const error = await refusal(prepare(template({ body })))
    expect(error.code).toBe('template.invalid')
    expect(error.message).toMatch(message)
  })
})

describe('the legal block', () => {
  const section = mjml`<mj-section></mj-section>`
  test.each([
    ['no footer()', template({ body: section })],
    ['footer() only for some readers', template({ body: mjml`${when(isPro, mjml`${footer}`)}` })],
    ['an own text without it', template({ body: mjml`${footer}`, text: text`x` })],
    ['a text mail without it', template({ body: text`x ${unsubscribeUrl}` })],
  ])('marketing mail with %s is refused', async (_what, declared) => {
    expect(await refusal(prepare(declared))).toMatchObject({ code: 'template.missing_legal' })
  })

  test('a transactional mail needs none', async () => {
    await prepare(template({ purpose: 'transactional', topic: null, body: section }))
  })

  test.each(['legalName', 'displayName', 'email', 'postalAddress', 'contact'] as const)(
    'a sender without %s is refused',
    async (field) => {
      const error = await refusal(prepare(template({ body: mjml`${footer}` }), { sender: { ...sender, [field]: ' ' } }))
      expect(error).toMatchObject({ code: 'config.invalid', details: { path: `senders.default.${field}` } })
    },
  )
})

describe('other sources', () => {
  test('markup without a renderer says what to pass', async () => {
    const error = await refusal(prepare(template({ body: mjml`${footer}` }), { toHtml: null }))
    expect(error).toMatchObject({ code: 'template.invalid' })
    expect(error.message).toContain('markup: mjml()')
  })

  test('wrong MJML is refused with line and tag', async () => {
    const error = await refusal(prepare(template({ body: mjml`\n<mj-section colour="red"></mj-section>${footer}` })))
    expect(error).toMatchObject({ code: 'template.invalid' })
    expect(error.message).toMatch(/line 2, <mj-section>: Attribute colour is illegal/)
  })

  test('a subject of two lines, and a footer in it', async () => {
    expect(await refusal(prepare(template({ subject: line`a\nb`, body: mjml`${footer}` })))).toMatchObject({
      code: 'template.invalid',
    })
    expect(await refusal(prepare(template({ subject: line`${footer}`, body: mjml`${footer}` })))).toMatchObject({
      code: 'template.invalid',
    })
  })

  test.each(['https://example.jp/mail/', 'example.jp', 'https://example.jp/?a=b', 'https://example.jp/"x'])(
    'baseUrl %s',
    async (baseUrl) => {
      expect(await refusal(prepare(template({ body: mjml`${footer}` }), { baseUrl }))).toMatchObject({ code: 'config.invalid' })
    },
  )
})

describe('when a mail cannot be composed', () => {
  const declared = template({
    subject: line`${ref('props', 'subject')}`,
    body: inText(mjml`${name} <a href="${ref('props', 'url')}">x</a> ${when(isPro, mjml`${ref('contact', 'plan')}`)}`),
  })
  const good = { subject: 'x', name: 'y', url: 'https://example.jp' }

  test('it composes when all is there; what stands in a branch not taken may be missing', async () => {
    const prepared = await prepare(declared)
    expect(prepared.compose(input({ props: good })).subject).toBe('x')
  })

  test.each([
    ['a missing value', { ...good, name: null }, /props\.name has no value/],
    ['a missing value of a taken branch', { ...good, isPro: true }, /contact\.plan has no value/],
    ['a list as text', { ...good, name: ['a'] }, /props\.name is a list or an object/],
    ['a javascript link', { ...good, url: 'javascript:alert(1)' }, /address made with props\.url must begin with http/],
    ['a hidden javascript link', { ...good, url: ' \u0001java\nscript:alert(1)' }, /address made with props\.url/],
    ['an empty link', { ...good, url: '' }, /address made with props\.url/],
    ['a header in the subject', { ...good, subject: 'x\r\nBcc: secret@example.com' }, /subject has a line break/],
  ])('%s is render.failed, without the value', async (_what, props, message) => {
    const prepared = await prepare(declared)
    const act = () => prepared.compose(input({ props }))
    expect(act).toThrow(expect.objectContaining({ code: 'render.failed' }))
    expect(act).toThrow(message)
    expect(act).not.toThrow(/alert|secret/)
  })

  test.each([
    'a@example.jp\r\nBcc: b@example.jp',
    'a b@example.jp',
    'あ@example.jp',
    'a@例え.jp',
    '<a@example.jp>',
    'a@b@example.jp',
    '',
    'a,b@example.jp',
  ])('the address %j is refused', async (email) => {
    const prepared = await prepare(declared)
    const { recipient } = input()
    expect(() => prepared.compose(input({ props: good, recipient: { ...recipient, email } }))).toThrow(
      expect.objectContaining({ code: 'render.failed', details: { path: 'recipient.email' } }),
    )
  })

  test('a mail after a failed one is whole', async () => {
    const prepared = await prepare(declared)
    const whole = Buffer.from(prepared.compose(input({ props: good })).raw)
    expect(() => prepared.compose(input({ props: { ...good, name: null } }))).toThrow()
    expect(Buffer.from(prepared.compose(input({ props: good })).raw)).toEqual(whole)
  })
})
