import { expect, test } from 'vitest'
import * as z from 'zod'
import { mostLinks } from '../../src/define/declared-links.ts'
import { type BodyContext, defineModel, each, eq, when } from '../../src/define/index.ts'
import { prepare } from './prepare.ts'

const model = defineModel({ contact: z.object({}), events: {}, topics: {} })
const props = z.object({ slug: z.string(), slugs: z.array(z.string()) })
type Its = BodyContext<Record<never, never>, z.output<typeof props>>

const template = (
  body: (its: Its) => ReturnType<Its['mjml']> | ReturnType<Its['text']>,
  text?: (its: Its) => ReturnType<Its['text']>,
) =>
  model.template('t', {
    purpose: 'transactional',
    props,
    subject: ({ line }) => line`件名`,
    body,
    ...(text === undefined ? {} : { text: text as never }),
  })

test.each<[string, (its: Its) => ReturnType<Its['text']>]>([
  ['none', ({ text }) => text`本文`],
  ['one twice', ({ text }) => text`https://a.jp https://a.jp.`],
  ['with values', ({ text, props }) => text`https://a.jp/${props.slug}、https://a.jp/${props.slug}?x=${props.slug}`],
  ['a value alone', ({ text, props }) => text`${props.slug} https://b.jp`],
  ['in loops', ({ text, props }) => text`${each(props.slugs, (slug) => text`https://a.jp/${slug}\n`)}https://b.jp/`],
  ['by choice', ({ text, props }) => text`${when(eq(props.slug, 'x'), text`https://a.jp `, text`https://b.jp `)} https://a.jp`],
  ['legal ones', ({ text, unsubscribeUrl, footer }) => text`https://a.jp\n${unsubscribeUrl}\n${footer()}`],
])('text with links has as many as were found: %s', async (_, body) => {
  const declared = template(body)
  expect(mostLinks(declared)).toBe((await prepare(declared)).links.length)
})

test.each<[string, (its: Its) => ReturnType<Its['mjml']>]>([
  [
    'buttons and images',
    ({ mjml }) =>
      mjml`<mj-section><mj-column><mj-button href="https://a.jp">A</mj-button><mj-image href="https://b.jp" src="https://b.jp/i.png" /></mj-column></mj-section>`,
  ],
  [
    'social',
    ({ mjml }) =>
      mjml`<mj-section><mj-column><mj-social><mj-social-element name="x" href="https://a.jp">X</mj-social-element></mj-social></mj-column></mj-section>`,
  ],
  [
    'a bar',
    ({ mjml }) =>
      mjml`<mj-section><mj-column><mj-navbar><mj-navbar-link href="https://a.jp">A</mj-navbar-link></mj-navbar></mj-column></mj-section>`,
  ],
  [
    'a carousel',
    ({ mjml }) =>
      mjml`<mj-section><mj-column><mj-carousel><mj-carousel-image href="https://a.jp" src="https://b.jp/1.png" /><mj-carousel-image href="https://c.jp" src="https://b.jp/2.png" /></mj-carousel></mj-column></mj-section>`,
  ],
  [
    'own HTML',
    ({ mjml, props }) =>
      mjml`<mj-section><mj-column><mj-text><a href = 'https://a.jp'>A</a><a href="https://a.jp/${props.slug}">B</a></mj-text></mj-column></mj-section>`,
  ],
  [
    'defaults',
    ({ mjml }) =>
      mjml`<mjml><mj-head><mj-attributes><mj-button href="https://a.jp" /></mj-attributes></mj-head><mj-body><mj-section><mj-column><mj-button>A</mj-button><mj-button>B</mj-button></mj-column></mj-section></mj-body></mjml>`,
  ],
])('markup has no more links than that: %s', async (_, body) => {
  const declared = template(body)
  const { links } = await prepare(declared)
  expect(links.length).toBeGreaterThan(0)
  expect(links.length).toBeLessThanOrEqual(mostLinks(declared))
})
