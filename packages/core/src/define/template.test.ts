import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { evaluateExpression } from '../domain/reference/evaluate-expression.ts'
import type { FragmentPart } from './fragment.ts'
import { defineModel, each, eq, formatCurrency, formatDate, honorific, or, type Ref, when } from './index.ts'

const model = defineModel({
  contact: z.object({
    plan: z.enum(['free', 'pro']),
    company: z.string().optional(),
    birthday: z.iso.date().optional(),
    language: z.string().default('ja'),
  }),
  events: {},
  topics: { news: { title: { ja: 'お知らせ' } } },
})

type Definition = Parameters<typeof model.template>[1]
const subject: Definition['subject'] = ({ line }) => line`件名`
const bodyParts = (body: Definition['body']): readonly FragmentPart[] =>
  model.template('x', { purpose: 'transactional', subject, body }).body.parts

describe('model.template', () => {
  it('keeps what its functions leave as data, called once', () => {
    let calls = 0
    const template = model.template('welcome', {
      purpose: 'marketing',
      topic: 'news',
      props: z.object({ brochure: z.string() }),
      subject: ({ props, line }) => {
        calls++
        return line`${props.brochure} をお届けします`
      },
      body: ({ recipient, mjml, footer, unsubscribeUrl }) =>
        mjml`<a href="${unsubscribeUrl}">${honorific(recipient)}</a>${footer()}`,
    })
    expect(calls).toBe(1)
    expect(template).toMatchObject({
      kind: 'template',
      name: 'welcome',
      topic: 'news',
      sender: 'default',
      preheader: null,
      text: null,
    })
    expect(JSON.parse(JSON.stringify(template.subject))).toEqual({
      kind: 'fragment',
      syntax: 'line',
      parts: [
        { kind: 'value', expression: { kind: 'reference', scope: 'props', path: ['brochure'] } },
        { kind: 'text', text: ' をお届けします' },
      ],
    })
    expect(template.body).toEqual({
      kind: 'fragment',
      syntax: 'mjml',
      parts: [
        { kind: 'text', text: '<a href="' },
        { kind: 'unsubscribeUrl' },
        { kind: 'text', text: '">' },
        { kind: 'value', expression: { kind: 'honorific' } },
        { kind: 'text', text: '</a>' },
        { kind: 'footer' },
      ],
    })
  })

  it('keeps conditions, loops and nested fragments', () => {
    const template = model.template('x', {
      purpose: 'transactional',
      props: z.object({ items: z.array(z.object({ title: z.string(), price: z.number() })), codes: z.array(z.string()) }),
      subject,
      body: ({ contact, props, text }) =>
        text`${when(eq(contact.plan, 'pro'), text`Pro`, text`Free`)}${each(
          props.items,
          (item) => text`${item.title} ${formatCurrency(item.price)}`,
        )}${each(props.codes, (code) => text`${code}`)}${text`終わり`}`,
    })
    const path = (scope: string, ...parts: string[]) => ({ kind: 'reference', scope, path: parts })
    expect(template.body.parts).toMatchObject([
      {
        kind: 'when',
        condition: { kind: 'eq', left: path('contact', 'plan'), right: { kind: 'literal', value: 'pro' } },
        yes: { parts: [{ text: 'Pro' }] },
        no: { parts: [{ text: 'Free' }] },
      },
      {
        kind: 'each',
        list: path('props', 'items'),
        item: {
          parts: [
            { expression: path('item', 'title') },
            { text: ' ' },
            { expression: { format: 'currency', value: path('item', 'price') } },
          ],
        },
      },
      { kind: 'each', item: { parts: [{ expression: path('item') }] } },
      { kind: 'fragment', fragment: { syntax: 'text' } },
    ])
  })

  it('allows loops in loops over the inner list, and refuses the outer element there', () => {
    const props = z.object({ orders: z.array(z.object({ no: z.string(), lines: z.array(z.object({ sku: z.string() })) })) })
    const nested = (reach: boolean) =>
      model.template('x', {
        purpose: 'transactional',
        props,
        subject,
        body: ({ props, text }) =>
          text`${each(props.orders, (order) => text`${order.no}${each(order.lines, (line) => text`${reach ? order.no : line.sku}`)}`)}`,
      })
    expect(nested(false).body.parts).toHaveLength(1)
    expect(() => nested(true)).toThrow('an element of an outer loop is out of reach')
  })

  it('refuses a reference that was carried out of its loop or of another definition', () => {
    let stolen: Ref<string> | undefined
    const props = z.object({ codes: z.array(z.string()) })
    const loop: Parameters<typeof model.template<typeof props>>[1] = {
      purpose: 'transactional',
      props,
      subject,
      body: ({ props, text }) => {
        const inner = each(props.codes, (code) => {
          stolen = code
          return text`${code}`
        })
        return text`${inner}${stolen ?? ''}`
      },
    }
    expect(() => model.template('x', loop)).toThrow('outside of its each(…)')
    expect(() => bodyParts(({ text }) => text`${stolen ?? ''}`)).toThrow('another definition')
  })

  it('fills in the default of an attribute that older contacts lack', () => {
    const [part] = bodyParts(({ contact, text }) => text`${contact.language}`)
    if (part?.kind !== 'value') throw new Error('no value')
    expect(evaluateExpression(part.expression, { contact: {} })).toBe('ja')
    expect(evaluateExpression(part.expression, { contact: { language: 'en' } })).toBe('en')
  })

  it('takes a date whose fallback is no date for a text', () => {
    expect(() => bodyParts(({ contact, text }) => text`${formatDate(or(contact.birthday, '未定'))}`)).toThrow(
      'is a string, not a date',
    )
    expect(bodyParts(({ contact, text }) => text`${formatDate(or(contact.birthday, '2000-01-01'))}`)).toHaveLength(1)
    expect(bodyParts(({ contact, text }) => text`${or(formatDate(contact.birthday), '未定')}`)).toHaveLength(1)
  })

  it('says where and what when a reference is used as if it had a value', () => {
    expect(() => bodyParts(({ contact, text }) => text`${`${contact.plan}`}`)).toThrow(
      'contact.plan: a reference has no value yet',
    )
  })

  it('carries code and path in its errors', () => {
    const misspelt = () => bodyParts(({ contact, text }) => text`${(contact as unknown as { x: Ref<string> }).x}`)
    expect(misspelt).toThrow(expect.objectContaining({ code: 'definition.unknown_reference', details: { path: 'template "x"' } }))
    expect(misspelt).toThrow('contact.x does not exist. Known here: plan, company, birthday, language.')
  })

  it.each([
    ['a subject of two lines', { subject: ({ line }) => line`a\nb` }, 'a line has no line breaks'],
    ['an empty subject', { subject: ({ line }) => line`` }, 'is empty'],
    ['two texts', { text: ({ text }) => text`b` }, 'the body is text already'],
    [
      'an asynchronous body',
      { body: (async () => null) as unknown as Definition['body'] },
      'expected mjml or text`…`, got object',
    ],
    [
      'a format that Intl does not know',
      { subject: ({ contact, line }) => line`${formatDate(or(contact.birthday, '2000-01-01'), { timeZone: 'Asia/Tokio' })}` },
      'a locale, time zone or number of digits that does not exist',
    ],
    ['a props schema that is no object', { props: z.string() as unknown as z.ZodObject }, 'props: must be a z.object'],
    ['a prop that JSON does not have', { props: z.object({ at: z.date() }) }, 'props.at: date is not supported'],
  ] satisfies [string, Partial<Definition>, string][])('refuses %s', (_, change, message) => {
    const build = () => model.template('x', { purpose: 'transactional', subject, body: ({ text }) => text`a`, ...change })
    expect(build).toThrow(message)
  })

  it('refuses names that cannot be stored', () => {
    for (const name of ['', ' ', 'a b', 'a\u0000', '../x', 'a'.repeat(101)]) {
      expect(() => model.template(name, { purpose: 'transactional', subject, body: ({ text }) => text`a` })).toThrow(
        'a name has 1 to 100',
      )
    }
  })

  it('takes values that are known already as text, escaped in markup', () => {
    const shop = 'https://example.jp/?a=1&b="2"'
    const template = model.template('literal', {
      purpose: 'transactional',
      subject: ({ line }) => line`${shop}`,
      body: ({ mjml }) => mjml`<a href="${shop}">${3}</a>`,
    })
    expect(template.subject.parts).toEqual([{ kind: 'text', text: shop }])
    expect(template.body.parts.map((part) => part.kind === 'text' && part.text).join('')).toBe(
      '<a href="https://example.jp/?a=1&amp;b=&quot;2&quot;">3</a>',
    )
  })
})
