import { plainMarkup } from '@tobiishi/core/testing'
import { expect, it } from 'vitest'
import { mjml } from './index.ts'

const documentOf = (body: string) =>
  `<mjml lang="ja"><mj-body><mj-section><mj-column>${body}</mj-column></mj-section></mj-body></mjml>`

/** Addresses in the order in which links are numbered. */
const links = (html: string) => [...html.matchAll(/<a\b[^>]*?\shref="([^"]*)"/g)].map(([, href]) => href)

it('the stand-in of the test kit has the links that MJML has, in their order', async () => {
  const source = documentOf(
    '<mj-text>a <a href="https://a.test/1">1</a></mj-text><mj-button href="https://a.test/2">2</mj-button>' +
      '<mj-image src="https://a.test/i.png" alt="i" href="https://a.test/3" /><mj-image src="https://a.test/j.png" alt="j"></mj-image>' +
      '<mj-table><tr><td><a href="https://a.test/4">4</a></td></tr></mj-table>' +
      '<mj-navbar><mj-navbar-link href="https://a.test/5">5</mj-navbar-link><mj-navbar-link href="https://a.test/6">6</mj-navbar-link></mj-navbar>' +
      '<mj-raw><a href="https://a.test/7">7</a></mj-raw>',
  )
  const [real, standIn] = [await mjml().toHtml(source), await plainMarkup.toHtml(source)]
  expect(links(standIn.html)).toEqual(links(real.html))
  expect(links(standIn.html)).toHaveLength(7)
})

it.each([
  ['a tag that there is not', '<mj-txt>x</mj-txt>'],
  ['a tag that is not closed', '<mj-text>x'],
  ['tags that overlap', '<mj-group><mj-text>x</mj-group></mj-text>'],
])('the stand-in refuses as MJML does %s', async (_what, body) => {
  const refusal = { code: 'template.invalid' }
  await expect(mjml().toHtml(documentOf(body))).rejects.toMatchObject(refusal)
  await expect(plainMarkup.toHtml(documentOf(body))).rejects.toMatchObject(refusal)
})
