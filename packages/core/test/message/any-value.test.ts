import fc from 'fast-check'
import { DomUtils, parseDocument } from 'htmlparser2'
import { simpleParser } from 'mailparser'
import { describe, expect, test } from 'vitest'
import { TobiishiError } from '../../src/errors/index.ts'
import { each, footer, line, mjml, ref, template, text, when } from './fragments.ts'
import { input, prepare, signer } from './prepare.ts'

const hostile = fc.constantFrom(
  '<script>',
  '</p>',
  '"',
  "'",
  '" onload="x',
  '&',
  '&lt;',
  '-->',
  ']]>',
  '\r\n',
  '\n.\n',
  '\r\n\r\n--=_',
  'javascript:',
  '{{x}}',
  '=?UTF-8?Q?x?=',
  '㈱髙①',
  '👩‍👩‍👧',
  '𠮷',
  '\ud800',
  '\0',
  'tobiishi0q0z',
  '%',
  '%2',
  '=',
)
const anything = fc
  .array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), hostile))
  .map((parts) => parts.join(''))
// biome-ignore lint/suspicious/noControlCharactersInRegex: a header has none
const oneLine = anything.map((value) => value.replace(/[\x00-\x1f\x7f]/g, ''))

/** Mail has one line end, and no half characters. */
const asMail = (value: string): string => value.toWellFormed().replace(/\r\n|\r|\n/g, '\n')

const value = ref('props', 'value')
const prepared = await prepare(
  template({
    subject: line`${ref('props', 'line')}`,
    preheader: line`${value}`,
    body: mjml`<mj-section><mj-column><mj-text><p id="text">${value}</p><p id="when">${when(ref('props', 'yes'), mjml`${value}`)}</p>
      <p id="each">${each(ref('props', 'list'), mjml`<i>${ref('item')}</i>`)}</p>
      <a id="query" href="https://example.jp/?q=${value}" title="${value}">${value}</a><img id="alt" src="https://example.jp/${value}" alt="${value}" /></mj-text></mj-column></mj-section>${footer}`,
    text: text`[${value}]${each(ref('props', 'list'), text`[${ref('item')}]`)}\n${footer}`,
  }),
)

const compose = async (any: string, subject: string) => {
  const { raw } = prepared.compose(input({ props: { value: any, line: subject, yes: true, list: [any, any] } }))
  const mail = await simpleParser(Buffer.from(raw), { skipTextToHtml: true, skipImageLinks: true })
  const document = parseDocument(typeof mail.html === 'string' ? mail.html : '')
  const element = (id: string) => DomUtils.getElementById(id, document)!
  return {
    raw: Buffer.from(raw).toString('latin1'),
    mail,
    document,
    element,
    textOf: (id: string) => DomUtils.textContent(element(id)),
  }
}

const headerNamesOf = (raw: string): string[] => [...raw.split('\r\n\r\n')[0]!.matchAll(/^[^\s:]+/gm)].map(([name]) => name)

describe('any value in any slot', () => {
  test('is read as it was given, and is never markup, a header or an address of its own', async () => {
    const { document: shape, raw: plain } = await compose('x', 'x')
    const tags = DomUtils.getElementsByTagName('*', shape).map(({ name }) => name)
    await fc.assert(
      fc.asyncProperty(anything, oneLine, async (any, subject) => {
        const { raw, mail, document, element, textOf } = await compose(any, subject)
        const expected = asMail(any)
        expect(mail.subject ?? '').toBe(subject.toWellFormed())
        expect(asMail(textOf('text'))).toBe(expected)
        expect(asMail(textOf('when'))).toBe(expected)
        expect(asMail(textOf('each'))).toBe(expected + expected)
        expect(asMail(element('alt').attribs.alt!)).toBe(expected)
        expect(asMail(element('query').attribs.title!)).toBe(expected)
        expect(mail.text).toContain(`[${expected}][${expected}][${expected}]\n`)
        expect(DomUtils.getElementsByTagName('*', document).map(({ name }) => name)).toEqual(tags)
        expect(element('alt').attribs.src).toMatch(/^https:\/\/example\.jp\//)
        const signed = element('query').attribs.href!.split('/').at(-1)!
        const url = signer.verifyUrl(input().messageId, 0, signed)
        expect(new URL(url!).searchParams.get('q')).toBe(any.toWellFormed())
        expect(headerNamesOf(raw)).toEqual(headerNamesOf(plain))
        expect(raw.split('\r\n').every((wireLine) => wireLine.length <= 998)).toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  test('as a whole address leads nowhere but to http, https, mailto and tel', async () => {
    const linked = await prepare(
      template({
        purpose: 'transactional',
        body: mjml`<mj-section><mj-column><mj-text><a href="${value}">x</a></mj-text></mj-column></mj-section>`,
      }),
    )
    const scheme = fc.constantFrom(
      'javascript:',
      'JaVaScRiPt:',
      'data:text/html,',
      'vbscript:',
      'file:',
      'https:',
      'mailto:',
      'tel:',
      ' javascript:',
      'java\nscript:',
      '\u0000javascript:',
      '//',
      '',
    )
    await fc.assert(
      fc.asyncProperty(scheme, anything, async (start, rest) => {
        try {
          const { html } = linked.preview(input({ props: { value: start + rest }, isTest: true }))
          const [link] = DomUtils.getElementsByTagName('a', parseDocument(html ?? ''))
          expect(link?.attribs.href).toMatch(/^(?:https?|mailto|tel):/i)
        } catch (error) {
          if (!TobiishiError.is(error)) throw error
          expect(error.code).toBe('render.failed')
        }
      }),
      { numRuns: 300 },
    )
  })
})
