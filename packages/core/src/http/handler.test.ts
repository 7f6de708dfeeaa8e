import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { defineModel, or, silentLogger } from '../index.ts'
import { memoryStorage } from '../memory/index.ts'
import { createSigner } from '../message/create-signer.ts'
import { createTestTobiishi, type OutboxMessage } from '../testing/index.ts'
import { toNextHandler, toNodeHandler } from './index.ts'

const model = defineModel({
  contact: z.object({ site: z.string().optional() }),
  events: { 'brochure.requested': z.object({}) },
  topics: { guide: { title: { ja: 'ご利用ガイド & <ヒント>', en: 'Getting started' } }, news: { title: { ja: 'お知らせ' } } },
})
const hello = model.template('hello', {
  purpose: 'marketing',
  topic: 'guide',
  subject: ({ line }) => line`こんにちは`,
  body: ({ contact, mjml, footer }) =>
    mjml`<mj-section><mj-column><mj-text><a href="https://shop.example/guide?a=1&amp;b=2#top">ガイド</a> <a href="${or(contact.site, 'https://none.example/')}">サイト</a></mj-text></mj-column></mj-section>${footer()}`,
})
const welcome = model.scenario('welcome', {
  version: 1,
  enterOn: 'brochure.requested',
  steps: ({ send }) => [send('hello', hello)],
})

const baseUrl = 'https://app.test/mail'
const site = 'https://taro.example/ページ?q=1'

async function sent(options: { readonly locale?: string; readonly failing?: { isBroken: boolean } } = {}) {
  const { failing } = options
  const storage = memoryStorage()
  const t = await createTestTobiishi({
    model,
    scenarios: [welcome],
    baseUrl,
    ...(failing === undefined ? {} : { logger: silentLogger }),
    storage:
      failing === undefined
        ? storage
        : {
            ...storage,
            transaction: (work) => (failing.isBroken ? Promise.reject(new Error('disk full')) : storage.transaction(work)),
          },
  })
  const { locale } = options
  await t.contacts.identify('c_1', {
    email: 'taro@example.jp',
    attributes: { site },
    ...(locale === undefined ? {} : { locale }),
  })
  await t.track('c_1', 'brochure.requested', {})
  await t.settle()
  const mail = t.outbox[0]
  if (mail === undefined) throw new Error('No mail was sent.')
  const facts = async () => (await t.messages.ofContact('c_1'))[0]?.facts
  return { t, mail, facts, ...addresses(mail) }
}

const addresses = (mail: OutboxMessage) => {
  const href = (label: string): string => mail.links.find((link) => link.label === label)?.href ?? ''
  const pixel = /src="([^"]*\/o\/[^"]*)"/.exec(mail.html ?? '')?.[1] ?? ''
  return { guide: href('ガイド'), own: href('サイト'), pixel, leave: mail.unsubscribeUrl ?? '' }
}

const post = (url: string, body: string | URLSearchParams | FormData, headers: Record<string, string> = {}) =>
  new Request(url, { method: 'POST', body, headers })
const withdrawalOf = async ({ consent }: Pick<Awaited<ReturnType<typeof sent>>['t'], 'consent'>) =>
  (await consent.ledger('c_1')).find(({ kind }) => kind === 'withdraw')
const oneClick = () => new URLSearchParams({ 'List-Unsubscribe': 'One-Click' })

describe('the open pixel', () => {
  it('is a GIF of 43 bytes, never cached, and the open is stored before the answer', async () => {
    const { t, pixel, facts } = await sent()
    const answer = await t.handler(new Request(pixel))
    expect(answer.status).toBe(200)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/gif',
      'cache-control': 'no-store, private',
    })
    expect(answer.headers.has('set-cookie')).toBe(false)
    const gif = Buffer.from(await answer.arrayBuffer())
    expect(gif.length).toBe(43)
    expect(gif.subarray(0, 6).toString()).toBe('GIF89a')
    expect((await facts())?.openedAt).toBe(t.clock.now())
  })

  it('answers 200 to anything, and HEAD is no open', async () => {
    const { t, pixel, facts } = await sent()
    expect((await t.handler(new Request(`${baseUrl}/o/v1.test.forged.AAAAAAAAAAAAAAAAAAAAAA`))).status).toBe(200)
    expect((await t.handler(new Request(pixel, { method: 'HEAD' }))).status).toBe(200)
    expect((await facts())?.openedAt).toBe(null)
  })
})

describe('a click', () => {
  it('goes where the template pointed, without telling where it came from, and is counted', async () => {
    const { t, guide, facts } = await sent()
    const answer = await t.handler(new Request(guide))
    expect(answer.status).toBe(302)
    expect(answer.headers.get('location')).toBe('https://shop.example/guide?a=1&b=2#top')
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer')
    expect((await facts())?.clicks).toBe(1)
  })

  it('with a slot goes to the signed address of this mail', async () => {
    const { t, own } = await sent()
    expect((await t.handler(new Request(own))).headers.get('location')).toBe(new URL(site).href)
  })

  it('by HEAD redirects and is not counted', async () => {
    const { t, guide, facts } = await sent()
    expect((await t.handler(new Request(guide, { method: 'HEAD' }))).status).toBe(302)
    expect((await facts())?.clicks).toBe(0)
  })

  it('is 404 without a redirect where token, link, signature or method are not right', async () => {
    const { t, guide, own, pixel, leave } = await sent()
    const [token] = guide.split('/').slice(-2)
    const signed = own.split('/').at(-1) ?? ''
    const wrong = [
      guide.replace(/.(?=\/\d+$)/, (tag) => (tag === 'A' ? 'B' : 'A')),
      `${baseUrl}/c/${token}/99`,
      `${baseUrl}/c/${token}`,
      `${baseUrl}/c/${token}/0/${signed}`,
      `${baseUrl}/c/${token}/1/${signed}x`,
      `${baseUrl}/c/${token}/1`,
      `${guide}/?url=https://evil.example/`,
      `${baseUrl}/c/${leave.split('/').at(-1)}/0`,
      pixel.replace('/o/', '/x/'),
      `${baseUrl}/`,
      `${baseUrl}/__proto__/x`,
    ]
    for (const url of wrong) {
      const answer = await t.handler(new Request(url))
      expect({ url, status: answer.status, location: answer.headers.get('location') }).toEqual({
        url,
        status: 404,
        location: null,
      })
    }
    expect((await t.handler(post(guide, 'x'))).status).toBe(404)
  })

  it('never leads to a scheme other than http and https', async () => {
    const { t, mail, own } = await sent()
    const signer = createSigner([{ id: 'test', value: 'a secret for tests, long enough to pass' }])
    const [, , , , , token = ''] = own.split('/')
    const url = (target: string) => `${baseUrl}/c/${token}/1/${signer.url(mail.messageId, 1, target)}`
    expect((await t.handler(new Request(url('https://ok.example/')))).status).toBe(302)
    expect((await t.handler(new Request(url('javascript:alert(1)')))).status).toBe(404)
    expect((await t.handler(new Request(url('data:text/html,x')))).status).toBe(404)
  })
})

describe('leaving', () => {
  it('by opening the page changes nothing', async () => {
    const { t, leave } = await sent()
    const answer = await t.handler(new Request(leave))
    const html = await answer.text()
    expect(answer.status).toBe(200)
    expect(html).toContain('<html lang="ja">')
    expect(html).toContain('配信停止')
    expect(html).toContain('ご利用ガイド &amp; &lt;ヒント&gt;')
    expect(html).toContain('株式会社テスト')
    expect(html).not.toMatch(/taro|example\.jp|<script/)
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer')
    const head = await t.handler(new Request(leave, { method: 'HEAD' }))
    expect([head.status, await head.text()]).toEqual([200, ''])
    expect((await t.contacts.get('c_1'))?.consent.topics).toEqual({})
    expect((await t.consent.ledger('c_1')).filter(({ kind }) => kind === 'withdraw')).toEqual([])
  })

  it('speaks the language of the contact, else of the browser', async () => {
    const japanese = await sent({ locale: 'ja-JP' })
    const english = await sent({ locale: 'en' })
    const open = async ({ t, leave }: typeof english, language: string) =>
      (await t.handler(new Request(leave, { headers: { 'accept-language': language } }))).headers.get('content-language')
    expect(await open(japanese, 'en')).toBe('ja')
    expect(await open(english, 'ja')).toBe('en')
    const unknown = await sent({ locale: 'fr' })
    expect(await open(unknown, 'fr, en;q=0.8, ja;q=0.5')).toBe('en')
    expect(await open(unknown, 'de')).toBe('ja')
  })

  it('by one click (RFC 8058) stops the topic, twice is 200 twice', async () => {
    const { t, leave, facts } = await sent()
    for (const body of [oneClick(), oneClick()]) {
      const answer = await t.handler(post(leave, body, { 'user-agent': 'Provider' }))
      expect(answer.status).toBe(200)
      expect(answer.headers.has('location') || answer.headers.has('set-cookie')).toBe(false)
    }
    expect((await t.contacts.get('c_1'))?.consent.topics).toMatchObject({ guide: { status: 'withdrawn' } })
    expect(await withdrawalOf(t)).toMatchObject({ topic: 'guide', evidence: { source: 'one-click', userAgent: 'Provider' } })
    expect((await facts())?.unsubscribedAt).toBe(t.clock.now())
  })

  it('by one click as multipart/form-data', async () => {
    const { t, leave } = await sent()
    const form = new FormData()
    form.set('List-Unsubscribe', 'One-Click')
    expect((await t.handler(post(leave, form))).status).toBe(200)
    expect((await t.contacts.get('c_1'))?.consent.topics).toMatchObject({ guide: { status: 'withdrawn' } })
  })

  it('by the page stops the topic or everything, and says which', async () => {
    const { t, leave } = await sent()
    const topic = await (await t.handler(post(leave, new URLSearchParams({ choice: 'topic' })))).text()
    expect(topic).toContain('配信を停止しました')
    expect(topic).toContain('ご利用ガイド &amp; &lt;ヒント&gt;')
    expect((await t.contacts.get('c_1'))?.consent).toMatchObject({
      all: { status: 'granted' },
      topics: { guide: { status: 'withdrawn' } },
    })
    const all = await (await t.handler(post(leave, new URLSearchParams({ choice: 'all' })))).text()
    expect(all).toContain('お知らせメールは、今後お送りしません')
    expect((await t.contacts.get('c_1'))?.consent.all?.status).toBe('withdrawn')
  })

  it('is refused without the words of one of the two forms, for a bad token and for a huge body', async () => {
    const { t, leave, guide } = await sent()
    const measure = guide.split('/').at(-2) ?? ''
    expect((await t.handler(post(leave, ''))).status).toBe(400)
    expect((await t.handler(post(leave, new URLSearchParams({ 'List-Unsubscribe': 'x'.repeat(70_000) })))).status).toBe(400)
    expect((await t.handler(post(leave, '{"choice":"all"}', { 'content-type': 'application/json' }))).status).toBe(400)
    expect((await t.handler(post(leave.slice(0, -1), oneClick()))).status).toBe(404)
    expect((await t.handler(post(`${baseUrl}/u/${measure}`, oneClick()))).status).toBe(404)
    expect((await t.handler(new Request(leave, { method: 'DELETE' }))).status).toBe(404)
    expect((await t.contacts.get('c_1'))?.consent.topics).toEqual({})
  })

  it('from a test mail says that it is one', async () => {
    const { t } = await sent()
    await t.sendTest(hello, 'c_1', 'boss@example.jp')
    const leave = t.outbox.at(-1)?.unsubscribeUrl ?? `${baseUrl}/u/test`
    expect(await (await t.handler(new Request(leave))).text()).toContain('テストメール')
    expect((await t.handler(post(leave, oneClick()))).status).toBe(200)
    expect((await t.consent.ledger('c_1')).filter(({ kind }) => kind === 'withdraw')).toEqual([])
  })
})

describe('when nothing can be stored', () => {
  it('pixel and click answer anyway, leaving answers 503 and tells no lie', async () => {
    const failing = { isBroken: false }
    const { t, pixel, guide, leave } = await sent({ failing })
    failing.isBroken = true
    expect((await t.handler(new Request(pixel))).status).toBe(200)
    expect((await t.handler(new Request(guide))).status).toBe(302)
    const answer = await t.handler(post(leave, oneClick()))
    expect([answer.status, answer.headers.has('retry-after')]).toEqual([503, true])
    const page = await t.handler(post(leave, new URLSearchParams({ choice: 'all' })))
    expect(page.status).toBe(503)
    expect(await page.text()).toContain('まだ配信は停止していません')
    failing.isBroken = false
    expect((await t.handler(post(leave, oneClick()))).status).toBe(200)
  })
})

describe('where the handler is mounted', () => {
  const closers: (() => void)[] = []
  afterEach(() => {
    for (const close of closers.splice(0)) close()
  })
  type Middleware = Parameters<typeof createServer>[1]

  async function listen(listener: Middleware): Promise<string> {
    const server = createServer(listener)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closers.push(() => {
      server.closeAllConnections()
      server.close()
    })
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }
  const pathOf = (url: string): string => new URL(url).pathname

  it('finds its routes with and without the prefix', async () => {
    const { t, guide } = await sent()
    expect((await t.handler(new Request(guide.replace('/mail/', '/')))).status).toBe(302)
    expect((await t.handler(new Request(guide.replace('/mail/', '/other/')))).status).toBe(404)
    const { handler } = t
    expect((await handler(new Request(guide))).status).toBe(302)
  })

  it("node:http: pixel, click, one click, with the client's address as evidence", async () => {
    const { t, pixel, guide, leave } = await sent()
    const origin = await listen(toNodeHandler(t))
    const image = await fetch(origin + pathOf(pixel))
    expect((await image.arrayBuffer()).byteLength).toBe(43)
    expect((await fetch(origin + pathOf(guide), { redirect: 'manual' })).headers.get('location')).toContain(
      'https://shop.example/',
    )
    const form = new FormData()
    form.set('List-Unsubscribe', 'One-Click')
    expect((await fetch(origin + pathOf(leave), { method: 'POST', body: form })).status).toBe(200)
    expect((await withdrawalOf(t))?.evidence).toMatchObject({ source: 'one-click', ip: '127.0.0.1' })
    expect((await fetch(`${origin}/mail/u/x`, { method: 'PUT', body: 'x' })).status).toBe(404)
  })

  it('Express: a stripped prefix, a parsed body, a trusted proxy', async () => {
    const { t, leave } = await sent()
    const serve = toNodeHandler(t)
    const origin = await listen(async (request, response) => {
      const form = await text(request)
      const asExpress = { originalUrl: request.url, body: Object.fromEntries(new URLSearchParams(form)), ip: '203.0.113.7' }
      Object.assign(request, asExpress, { url: request.url?.replace('/mail', '') })
      await serve(request, response)
    })
    expect((await fetch(origin + pathOf(leave), { method: 'POST', body: oneClick() })).status).toBe(200)
    expect((await withdrawalOf(t))?.evidence).toMatchObject({ source: 'one-click', ip: '203.0.113.7' })
  })

  it('Express: a parser that left the body alone', async () => {
    const { t, leave } = await sent()
    const serve = toNodeHandler(t)
    const origin = await listen((request, response) => void serve(Object.assign(request, { body: {} }), response))
    const form = new FormData()
    form.set('choice', 'all')
    expect(await (await fetch(origin + pathOf(leave), { method: 'POST', body: form })).text()).toContain('配信を停止しました')
  })

  it('Next', async () => {
    const { t, leave, guide } = await sent()
    const { GET, HEAD, POST } = toNextHandler(t)
    expect((await GET(new Request(guide))).status).toBe(302)
    expect((await HEAD(new Request(guide, { method: 'HEAD' }))).status).toBe(302)
    expect((await POST(post(leave, oneClick()))).status).toBe(200)
  })
})
