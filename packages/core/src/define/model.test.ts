import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { defineModel } from './index.ts'

const topics = { news: { title: { ja: 'お知らせ' } } }
const withContact = (contact: z.ZodObject) => () => defineModel({ contact, events: {}, topics })

describe('defineModel', () => {
  it('reads the types of attributes and payloads', () => {
    const model = defineModel({
      contact: z.object({
        plan: z.enum(['free', 'pro']),
        会社名: z.string().max(50).optional(),
        points: z.int().nullable(),
        isVip: z.boolean().default(false),
        birthday: z.iso.date().nullish(),
        renewsAt: z.iso.datetime({ offset: true }).readonly(),
        tags: z.array(z.string()).optional(),
        rank: z.literal([1, 2]),
        site: z.url(),
      }),
      events: {
        'order.placed': z.object({
          total: z.number(),
          lines: z.array(z.object({ sku: z.string() })),
          shop: z.object({ id: z.string() }),
        }),
      },
      topics,
    })
    expect(model.attributeTypes).toEqual({
      plan: 'string',
      会社名: 'string',
      points: 'number',
      isVip: 'boolean',
      birthday: 'date',
      renewsAt: 'instant',
      tags: 'list',
      rank: 'number',
      site: 'string',
    })
    expect(model.eventTypes).toEqual({ 'order.placed': { total: 'number' } })
  })

  it('refuses undeclared attributes and payload fields when they are given', () => {
    const model = defineModel({ contact: z.object({ plan: z.string() }), events: { visit: z.object({}) }, topics })
    expect(model.contact.safeParse({ plan: 'a', plam: 'b' }).success).toBe(false)
    expect(model.events.visit?.safeParse({ page: 1 }).success).toBe(false)
    expect(model.contact.safeParse({ plan: 'a' }).success).toBe(true)
  })

  it.each([
    ['a Date', z.object({ at: z.date() }), 'contact.at: date is not supported'],
    ['a transform', z.object({ n: z.string().transform(Number) }), 'contact.n: pipe is not supported'],
    ['a union', z.object({ n: z.union([z.string(), z.number()]) }), 'contact.n: union is not supported'],
    ['a record', z.object({ n: z.record(z.string(), z.string()) }), 'contact.n: record is not supported'],
    ['any', z.object({ n: z.any() }), 'contact.n: any is not supported'],
    ['a bigint', z.object({ n: z.bigint() }), 'contact.n: bigint is not supported'],
    ['an object', z.object({ a: z.object({ b: z.string() }) }), 'contact.a: an attribute cannot be an object'],
    ['a list of objects', z.object({ a: z.array(z.object({ b: z.string() })) }), 'contact.a: an attribute cannot be an object'],
    ['a list of lists', z.object({ a: z.array(z.array(z.string())) }), 'contact.a[]: a list cannot hold lists'],
    ['a list with gaps', z.object({ a: z.array(z.string().nullable()) }), 'contact.a[]: a list cannot have missing elements'],
    ['a local date-time', z.object({ a: z.iso.datetime({ local: true }) }), 'contact.a: a local date-time is no point in time'],
    ['an enum of mixed types', z.object({ a: z.literal(['x', 1]) }), 'contact.a: all values of an enum'],
    ['a loose object', z.looseObject({ a: z.string() }), 'contact: a loose object'],
    ['a name with a quote', z.object({ "a'b": z.string() }), "contact.a'b: a field name"],
    ['a name that objects inherit', z.object({ constructor: z.string() }), 'contact.constructor: a field name'],
  ])('refuses %s with its path', (_, contact, message) => {
    expect(withContact(contact)).toThrow(message)
  })

  it('refuses events and topics that are none', () => {
    const contact = z.object({})
    expect(() => defineModel({ contact, events: { 'a b': z.object({}) }, topics })).toThrow('events["a b"]')
    expect(() => defineModel({ contact, events: { a: z.string() as unknown as z.ZodObject }, topics })).toThrow('events["a"]')
    expect(() => defineModel({ contact, events: { a: z.object({ at: z.date() }) }, topics })).toThrow('events["a"].at')
    expect(() => defineModel({ contact, events: {}, topics: { news: { title: {} } } })).toThrow('topics["news"].title')
  })
})

it('says what a model and its templates must be, and what was probably meant', () => {
  const loose = defineModel as (definition: unknown) => ReturnType<typeof declared>
  const declared = () => defineModel({ contact: z.object({}), events: { joined: z.object({}) }, topics: {} })
  expect(() => loose(undefined)).toThrow('defineModel: must be an object of contact, events and topics, got nothing.')
  expect(() => loose({ contact: z.object({}), event: {}, topics: {} })).toThrow('event: is not known here (did you mean events?)')
  const model = declared()
  const template = model.template as (name: string, definition: unknown) => unknown
  expect(() => template('x', undefined)).toThrow('template "x": must be an object, got null')
  expect(() => template('x', { purpose: 'transactional', subjct: 'x' })).toThrow(
    'subjct: is not known here (did you mean subject?)',
  )
  const scenario = model.scenario as (name: string, definition: unknown) => unknown
  expect(() => scenario('x', { version: 1, enterOn: 'jioned' })).toThrow('no event "jioned" (did you mean "joined"?)')
})
