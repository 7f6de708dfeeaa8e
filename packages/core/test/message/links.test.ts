import { simpleParser } from 'mailparser'
import { describe, expect, test } from 'vitest'
import type { ComposeInput, PreparedTemplate } from '../../src/message/index.ts'
import { each, footer, mjml, ref, template, text, unsubscribeUrl, when } from './fragments.ts'
import { input, prepare, signer } from './prepare.ts'

const read = async (prepared: PreparedTemplate, values: ComposeInput = input()) => {
  const mail = await simpleParser(Buffer.from(prepared.compose(values).raw), { skipHtmlToText: true, skipTextToHtml: true })
  const html = typeof mail.html === 'string' ? mail.html : ''
  const hrefs = [...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href!.replaceAll('&amp;', '&'))
  return { html, text: mail.text ?? '', headers: mail.headers, hrefs: hrefs.filter((href) => !href.includes('fonts.googleapis')) }
}

const base = 'https://example.jp/mail'
const measure = signer.measure(input().messageId)
const leave = signer.leave(input().messageId)
const column = (content: ReturnType<typeof mjml>) =>
  mjml`<mj-section><mj-column>${{ kind: 'fragment', fragment: content }}</mj-column></mj-section>`
const inColumn = (content: ReturnType<typeof mjml>) => ({ kind: 'fragment', fragment: column(content) }) as const

describe('links of HTML mail', () => {
  test('web links are numbered in reading order and lead through the app; the rest stays', async () => {
    const prepared = await prepare(
      template({
        body: mjml`${inColumn(mjml`<mj-button href="https://shop.example.jp/a?x=1&amp;y=2#top">買う</mj-button>
          <mj-text><a href="mailto:a@example.jp">mail</a><a href="tel:0312345678">tel</a><a href="#top">top</a>
          <a href="http://example.com/"><img src="https://example.jp/i.png" alt="絵" /> and <b>words</b></a>
          <a href="https://shop.example.jp/a?x=1&amp;y=2#top">again</a></mj-text>`)}${footer}`,
      }),
    )
    const { hrefs, html } = await read(prepared)
    expect(hrefs).toEqual([
      `${base}/c/${measure}/0`,
      'mailto:a@example.jp',
      'tel:0312345678',
      '#top',
      `${base}/c/${measure}/1`,
      `${base}/c/${measure}/2`,
      `${base}/u/${leave}`,
    ])
    expect(prepared.links).toEqual([
      { index: 0, url: 'https://shop.example.jp/a?x=1&y=2#top', label: '買う' },
      { index: 1, url: 'http://example.com/', label: '絵 and words' },
      { index: 2, url: 'https://shop.example.jp/a?x=1&y=2#top', label: 'again' },
    ])
    expect(html).toContain(`<img src="${base}/o/${measure}" width="1" height="1" alt=""`)
    expect(html.indexOf(`/o/${measure}`)).toBeLessThan(html.indexOf('</body>'))
  })

  test('a link with slots is signed with its value, which is encoded as an address', async () => {
    const body = mjml`${inColumn(mjml`<mj-text><a href="https://example.jp/${ref('props', 'path')}?q=${ref('props', 'query')}">x</a><a href="${ref('props', 'url')}">y</a></mj-text>`)}${footer}`
    const prepared = await prepare(template({ body }))
    const props = { path: '庭/石 1', query: 'a&b=c#d/e', url: 'https://other.example/?x=%E5%BA%AD&y="<z>' }
    const [first, second] = (await read(prepared, input({ props }))).hrefs
    expect(first).toMatch(new RegExp(`^${base}/c/${measure}/0/`))
    const { messageId } = input()
    expect(signer.verifyUrl(messageId, 0, first!.split('/').at(-1)!)).toBe(
      'https://example.jp/%E5%BA%AD/%E7%9F%B3%201?q=a%26b%3Dc%23d%2Fe',
    )
    expect(signer.verifyUrl(messageId, 1, second!.split('/').at(-1)!)).toBe('https://other.example/?x=%E5%BA%AD&y=%22%3Cz%3E')
    expect(prepared.links.map(({ url }) => url)).toEqual([null, null])
  })

  test('a link that turns out to be an address of mail or phone leads straight there', async () => {
    const prepared = await prepare(
      template({
        body: mjml`${inColumn(mjml`<mj-text><a href="${ref('props', 'url')}">x</a><a href="tel:${ref('props', 'tel')}">y</a></mj-text>`)}${footer}`,
      }),
    )
    const { hrefs } = await read(prepared, input({ props: { url: 'mailto:a@example.jp?subject=x', tel: '03-1' } }))
    expect(hrefs.slice(0, 2)).toEqual(['mailto:a@example.jp?subject=x', 'tel:03-1'])
    expect(prepared.links).toHaveLength(1)
  })

  test('the text part has the same links with the same numbers', async () => {
    const prepared = await prepare(
      template({
        body: mjml`${inColumn(mjml`<mj-button href="https://example.jp/a">買う</mj-button><mj-text><a href="https://example.jp/b">見る</a></mj-text>`)}${footer}`,
      }),
    )
    const { text: plain } = await read(prepared)
    expect(plain).toContain(`買う <${base}/c/${measure}/0>`)
    expect(plain).toContain(`見る <${base}/c/${measure}/1>`)
    expect(plain).toContain(`▼配信停止 <${base}/u/${leave}>`)
    expect(plain).not.toContain('/o/')
  })

  test('a test copy is not measured and cannot unsubscribe anyone', async () => {
    const body = mjml`${inColumn(mjml`<mj-text><a href="https://example.jp/a?b&amp;c">x</a><a href="https://example.jp/${ref('props', 'path')}">y</a></mj-text>`)}${footer}`
    const prepared = await prepare(template({ body }))
    const { hrefs, html, text: plain, headers } = await read(prepared, input({ isTest: true, props: { path: 'p' } }))
    expect(hrefs).toEqual(['https://example.jp/a?b&c', 'https://example.jp/p', `${base}/u/test`])
    expect(html).not.toContain('/o/')
    expect(plain).not.toContain('/c/')
    expect(JSON.stringify(headers.get('list'))).toContain(`${base}/u/test`)
  })

  test('links inside a loop have one number', async () => {
    const body = mjml`${inColumn(mjml`<mj-text>${each(ref('props', 'items'), mjml`<a href="https://example.jp/${ref('item', 'id')}">${ref('item', 'title')}</a>`)}</mj-text>`)}${footer}`
    const prepared = await prepare(template({ body }))
    const { hrefs, html } = await read(
      prepared,
      input({
        props: {
          items: [
            { id: 'a', title: '一' },
            { id: 'b', title: '二' },
          ],
        },
      }),
    )
    const urls = hrefs.slice(0, 2).map((href) => signer.verifyUrl(input().messageId, 0, href.split('/').at(-1)!))
    expect(urls).toEqual(['https://example.jp/a', 'https://example.jp/b'])
    expect(html).toMatch(/>一<\/a>.*>二<\/a>/)
  })
})

describe('links of text', () => {
  test('web addresses in text mail are numbered too, up to where they end in the sentence', async () => {
    const prepared = await prepare(
      template({
        body: text`詳しくはhttps://example.jp/a?b=c。(https://example.jp/d)\nhttps://example.jp/a?b=c, https://example.jp/${ref('props', 'x')}です\n${footer}`,
      }),
    )
    const { text: plain } = await read(prepared, input({ props: { x: 'é' } }))
    expect(plain).toContain(
      `詳しくは${base}/c/${measure}/0。(${base}/c/${measure}/1)\n${base}/c/${measure}/0, ${base}/c/${measure}/2/`,
    )
    expect(plain).toMatch(/です\n/)
    expect(prepared.links.map(({ url }) => url)).toEqual(['https://example.jp/a?b=c', 'https://example.jp/d', null])
    expect(prepared.isHtml).toBe(false)
  })

  test('an own text part counts with the HTML where the address is the same', async () => {
    const prepared = await prepare(
      template({
        body: mjml`${inColumn(mjml`<mj-button href="https://example.jp/a">買う</mj-button>`)}${footer}`,
        text: text`https://example.jp/a https://example.jp/b ${when(ref('props', 'x'), text`x`)} ${unsubscribeUrl}\n${footer}`,
      }),
    )
    const { text: plain } = await read(prepared)
    expect(plain).toContain(`${base}/c/${measure}/0 ${base}/c/${measure}/1  ${base}/u/${leave}\n`)
    expect(prepared.links).toHaveLength(2)
  })
})

test('what a when or each leaves out takes no lines in the text part', async () => {
  const row = (content: ReturnType<typeof mjml>) => inColumn(mjml`<mj-text>${{ kind: 'fragment', fragment: content }}</mj-text>`)
  const prepared = await prepare(
    template({
      purpose: 'transactional',
      body: mjml`${row(mjml`<p>はじめ</p>`)}${when(ref('props', 'isPro'), mjml`${row(mjml`<p>有料</p>`)}`)}
        ${row(mjml`<ul>${each(ref('props', 'items'), mjml`<li>${ref('item')}</li>`)}</ul><p>おわり</p>`)}`,
    }),
  )
  const textOf = async (props: ComposeInput['props']) => (await read(prepared, input({ props }))).text.trim()
  expect(await textOf({ items: ['一', '二'] })).toMatch(/^はじめ\n{2,3} \* 一\n \* 二\n{1,3}おわり$/)
  expect(await textOf({ items: [], isPro: true })).toMatch(/^はじめ\n{1,3}有料\n{1,4}おわり$/)
})
