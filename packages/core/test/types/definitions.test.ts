import { describe, expect, expectTypeOf, it } from 'vitest'
import * as z from 'zod'
import {
  defineModel,
  each,
  eq,
  formatCurrency,
  formatDate,
  honorific,
  isSet,
  type ModelTypesOf,
  not,
  or,
  type Ref,
  type Template,
  when,
} from '../../src/define/index.ts'
import type { Tobiishi } from '../../src/engine/tobiishi.ts'

// What compiles here must compile, what has @ts-expect-error must not; `tsc -p tsconfig.json` is the judge. Each line that
// the types refuse is run as well, since JavaScript has no types: it must throw and name what is wrong.

const model = defineModel({
  contact: z.object({
    plan: z.enum(['free', 'pro']),
    company: z.string().optional(),
    tags: z.array(z.string()),
    interests: z.array(z.enum(['tea', 'coffee'])).optional(),
    sizes: z.array(z.number()).nullable().optional(),
    visits: z.array(z.iso.datetime({ offset: true })).optional(),
    points: z.number(),
    isVip: z.boolean().nullable(),
    birthday: z.iso.date().optional(),
    renewsAt: z.iso.datetime({ offset: true }),
    language: z.string().default('ja'),
  }),
  events: {
    'brochure.requested': z.object({ brochure: z.string(), coupon: z.string().optional() }),
    'order.placed': z.object({
      total: z.number(),
      lines: z.array(z.object({ sku: z.string(), price: z.number() })),
      shop: z.object({ name: z.string() }).optional(),
    }),
  },
  topics: { onboarding: { title: { ja: 'ご利用ガイド', en: 'Getting started' } }, news: { title: { ja: 'お知らせ' } } },
})

const bigSpenders = model.segment('big-spenders', ({ attribute, did, all, any, not, everyone }) =>
  all(
    attribute('plan', 'in', ['pro']),
    attribute('company', 'isSet'),
    attribute('company', '!=', '株式会社飛石'),
    attribute('birthday', '<', '2000-01-01'),
    attribute('renewsAt', '>=', new Date('2026-01-01T00:00:00Z')),
    attribute('isVip', '=', true),
    not(attribute('tags', 'isSet')),
    attribute('tags', 'has', 'course'),
    attribute('interests', 'hasAny', ['tea', 'coffee']),
    attribute('sizes', 'hasAll', [38, 40]),
    not(attribute('visits', 'isEmpty')),
    any(everyone(), all(), any()),
    did('order.placed', {
      within: '30 days',
      count: ['>=', 2],
      where: (order) => all(order('total', '>=', 10_000), not(order('total', 'in', [1, 2]))),
    }),
    did('brochure.requested'),
  ),
)

const welcome = model.template('welcome', {
  purpose: 'marketing',
  topic: 'onboarding',
  props: z.object({
    brochure: z.string(),
    coupon: z.string(),
    items: z.array(z.object({ title: z.string(), price: z.number() })).optional(),
  }),
  subject: ({ props, line }) => line`${props.brochure} をお届けします`,
  preheader: ({ recipient, line }) => line`${honorific(recipient)}へ ${or(recipient.name.given, '')}`,
  body: ({
    recipient,
    contact,
    props,
    mjml,
    footer,
    unsubscribeUrl,
  }) => mjml`<mj-section>${honorific(recipient)} ${or(contact.company, '')}
    ${props.coupon} ${contact.language} ${formatDate(or(contact.birthday, '2000-01-01'), { weekday: true })}
    ${when(eq(contact.plan, 'pro'), mjml`<mj-text>Pro</mj-text>`, mjml`<mj-text>Free</mj-text>`)}
    ${when(not(isSet(contact.company)), mjml`<mj-text>個人</mj-text>`)}
    ${each(props.items, (item) => mjml`<mj-text>${item.title} ${formatCurrency(item.price)}</mj-text>`)}
    ${each(contact.tags, (tag) => mjml`<mj-text>${tag}</mj-text>`)}
    </mj-section>${footer()}<a href="${unsubscribeUrl}">配信停止</a>`,
  text: ({ text, footer }) => text`${footer()}`,
})

const nudge = model.template('nudge', {
  purpose: 'marketing',
  topic: 'onboarding',
  subject: ({ line }) => line`その後いかがですか`,
  body: ({ text, footer }) => text`…${footer()}`,
})
const receipt = model.template('receipt', {
  purpose: 'transactional',
  props: z.object({ note: z.string().optional(), currency: z.string().default('JPY') }),
  subject: ({ line }) => line`領収書`,
  body: ({ props, text }) => text`${or(props.note, '')}${props.currency}`,
})

describe('what compiles', () => {
  it('flows from the model to the steps', () => {
    const onboarding = model.scenario('onboarding', {
      version: 1,
      enterOn: 'brochure.requested',
      exitOn: ['order.placed', 'brochure.requested'],
      reentry: 'once',
      window: { days: 'business', from: '09:00', to: '20:00' },
      maxEventAge: '2 days',
      steps: ({ send, wait, branch, event, end }) => [
        send(
          'hello',
          welcome,
          { brochure: event.brochure, coupon: or(event.coupon, 'HELLO10') },
          { late: 'exit', sendWithin: '6 hours' },
        ),
        wait('settle', { days: 3, at: '10:00' }),
        wait('sleep', '72 hours'),
        branch('spender', bigSpenders, { yes: [end('done')], no: [send('nudge', nudge)] }),
        send('again', nudge, { late: 'send' }),
        send('receipt', receipt),
        send('receipt-2', receipt, { note: event.coupon }),
      ],
    })
    expect(onboarding.definition.first).toBe('hello')
  })

  it('gives a scenario without an event no payload', () => {
    model.scenario('by-hand', {
      version: 1,
      steps: ({ send, event }) => {
        expectTypeOf(event).toEqualTypeOf<Record<never, never>>()
        return [send('a', nudge)]
      },
    })
  })

  it('carries types through references', () => {
    model.template('types', {
      purpose: 'transactional',
      props: z.object({ n: z.number().optional() }),
      subject: ({ contact, props, line }) => {
        expectTypeOf(contact.plan).toEqualTypeOf<Ref<'free' | 'pro'>>()
        expectTypeOf(contact.company).toEqualTypeOf<Ref<string | undefined>>()
        expectTypeOf(contact.language).toEqualTypeOf<Ref<string>>()
        expectTypeOf(contact.isVip).toEqualTypeOf<Ref<boolean | null>>()
        expectTypeOf(or(props.n, 3)).toExtend<Ref<number>>()
        expectTypeOf(formatCurrency(props.n)).toEqualTypeOf<Ref<string | undefined>>()
        return line`x`
      },
      body: ({ text }) => text`x`,
    })
    expectTypeOf(nudge).toExtend<Template<Record<never, never>>>()
  })

  it('fixes what callers of the engine may write', () => {
    type Types = ModelTypesOf<typeof model>
    expectTypeOf<Types['events']['brochure.requested']>().toEqualTypeOf<{ brochure: string; coupon?: string | undefined }>()
    expectTypeOf<Types['attributes']['language']>().toEqualTypeOf<string | undefined>()
    expectTypeOf<Tobiishi<Types>['track']>().toBeCallableWith('c', 'order.placed', { total: 1, lines: [] })
  })
})

const subjectOf =
  (subject: Parameters<typeof model.template>[1]['subject']): (() => Template) =>
  () =>
    model.template('x', { purpose: 'transactional', subject, body: ({ text }) => text`x` })

describe('what neither compiles nor runs', () => {
  it('segments', () => {
    const segment = (build: Parameters<typeof model.segment>[1]) => () => model.segment('x', build)
    // @ts-expect-error unknown attribute
    expect(segment(({ attribute }) => attribute('nope', '=', 1))).toThrow('"nope"')
    // @ts-expect-error operator not for strings
    expect(segment(({ attribute }) => attribute('plan', '<', 'pro'))).toThrow('"<" is not for a string')
    // @ts-expect-error value outside the enum
    expect(segment(({ attribute }) => attribute('plan', '=', 'gold'))).toThrow('can never be "gold"')
    // @ts-expect-error value of the list outside the enum
    expect(segment(({ attribute }) => attribute('plan', 'in', ['pro', 'gold']))).toThrow('can never be "gold"')
    // @ts-expect-error lists are asked what they hold
    expect(segment(({ attribute }) => attribute('tags', '=', 'a'))).toThrow('"=" is not for a list')
    // @ts-expect-error another type than the elements have
    expect(segment(({ attribute }) => attribute('tags', 'has', 3))).toThrow('compares with a string')
    // @ts-expect-error an element outside the enum
    expect(segment(({ attribute }) => attribute('interests', 'has', 'milk'))).toThrow('can never be "milk"')
    // @ts-expect-error one of the elements outside the enum
    expect(segment(({ attribute }) => attribute('interests', 'hasAny', ['tea', 'milk']))).toThrow('can never be "milk"')
    // @ts-expect-error one value where a list is wanted
    expect(segment(({ attribute }) => attribute('sizes', 'hasAll', 38))).toThrow('hasAll takes a list of values')
    // @ts-expect-error a list where one value is wanted
    expect(segment(({ attribute }) => attribute('tags', 'has', ['a']))).toThrow('compares with a string')
    // @ts-expect-error isEmpty takes no value
    expect(segment(({ attribute }) => attribute('tags', 'isEmpty', 'a'))).toThrow('isEmpty takes no value')
    // @ts-expect-error only lists have elements
    expect(segment(({ attribute }) => attribute('company', 'has', 'a'))).toThrow('"has" is not for a string')
    // @ts-expect-error instants in a list are spelt in many ways
    expect(segment(({ attribute }) => attribute('visits', 'has', '2026-01-01T00:00:00Z'))).toThrow('not for a list of instants')
    // @ts-expect-error wrong operand type
    expect(segment(({ attribute }) => attribute('points', '=', '3'))).toThrow('compares with a number')
    // @ts-expect-error isSet takes no value
    expect(segment(({ attribute }) => attribute('company', 'isSet', 'x'))).toThrow('isSet takes no value')
    // @ts-expect-error a value is missing
    expect(segment(({ attribute }) => attribute('company', '='))).toThrow('= takes one value')
    // @ts-expect-error unknown event
    expect(segment(({ did }) => did('order.lost'))).toThrow('did("order.lost"): the model has no such event')
    // @ts-expect-error unknown payload field
    expect(segment(({ did }) => did('order.placed', { where: (order) => order('sku', '=', 'A') }))).toThrow('"sku"')
    // @ts-expect-error objects in a payload are data only
    expect(segment(({ did }) => did('order.placed', { where: (order) => order('lines', 'isSet') }))).toThrow('"lines"')
    // @ts-expect-error a condition over the contact inside where
    expect(segment(({ did, attribute }) => did('order.placed', { where: () => attribute('plan', '=', 'pro') }))).toThrow(
      'the payload',
    )
    // @ts-expect-error no length of time is a month
    expect(segment(({ did }) => did('order.placed', { within: '1 month' }))).toThrow('Use days')
    // @ts-expect-error not a condition
    expect(segment(() => true)).toThrow('is not a condition')
  })

  it('references', () => {
    // @ts-expect-error an optional attribute needs a fallback
    expect(subjectOf(({ contact, line }) => line`${contact.company}`)).toThrow('contact.company can be missing')
    // @ts-expect-error unknown attribute
    expect(subjectOf(({ contact, line }) => line`${contact.compnay}`)).toThrow('contact.compnay does not exist')
    // @ts-expect-error no props were declared
    expect(subjectOf(({ props, line }) => line`${props.coupon}`)).toThrow('props.coupon does not exist')
    // @ts-expect-error a list must be looped over
    expect(subjectOf(({ contact, line }) => line`${contact.tags}`)).toThrow('contact.tags is a list')
    // @ts-expect-error a boolean is asked, not printed
    expect(subjectOf(({ contact, line }) => line`${or(contact.isVip, false)}`)).toThrow('is true or false')
    // @ts-expect-error the fallback has another type
    expect(subjectOf(({ contact, line }) => line`${or(contact.company, 3)}`)).toThrow('must be a string too')
    // @ts-expect-error a value that the enum does not have
    subjectOf(({ contact, line }) => line`${when(eq(contact.plan, 'gold'), line`x`)}`)
    // @ts-expect-error a condition that can be missing
    expect(subjectOf(({ contact, line }) => line`${when(contact.isVip, line`x`)}`)).toThrow('contact.isVip can be missing')
    // @ts-expect-error a text is no condition
    expect(subjectOf(({ contact, line }) => line`${when(contact.plan, line`x`)}`)).toThrow('contact.plan is no condition')
    // @ts-expect-error a text has no currency
    expect(subjectOf(({ contact, line }) => line`${formatCurrency(contact.plan)}`)).toThrow('not a number')
    // @ts-expect-error a text cannot be looped over
    expect(subjectOf(({ contact, line }) => line`${each(contact.plan, () => line`x`)}`)).toThrow('not a list')
    // @ts-expect-error undefined
    expect(subjectOf(({ line }) => line`${undefined}`)).toThrow('there is no such value')
  })

  it('templates', () => {
    type Definition = Parameters<typeof model.template>[1]
    const part: Pick<Definition, 'subject'> = { subject: ({ line }) => line`x` }
    const body: Definition['body'] = ({ text }) => text`x`
    // @ts-expect-error unknown topic
    expect(() => model.template('x', { purpose: 'marketing', topic: 'gossip', ...part, body })).toThrow('"gossip" is not one of')
    // @ts-expect-error marketing without a topic
    expect(() => model.template('x', { purpose: 'marketing', ...part, body })).toThrow('marketing mail needs a topic')
    // @ts-expect-error no such purpose
    expect(() => model.template('x', { purpose: 'ad', topic: 'news', ...part, body })).toThrow('purpose')
    // @ts-expect-error markup in a line
    expect(subjectOf(({ line, mjml }) => line`${mjml`<b/>`}`)).toThrow()
    expect(() =>
      model.template('x', {
        purpose: 'transactional',
        ...part,
        // @ts-expect-error plain text inside markup
        body: ({ mjml, text }) => mjml`${text`x`}`,
      }),
    ).toThrow('expected mjml`…`, got text`…`')
    expect(() =>
      model.template('x', {
        purpose: 'transactional',
        ...part,
        // @ts-expect-error not a fragment
        body: () => '<mj-section/>',
      }),
    ).toThrow('expected mjml or text`…`, got string')
  })

  it('steps', () => {
    type Build = Parameters<typeof model.scenario<'brochure.requested'>>[1]['steps']
    const steps = (build: Build) => () => model.scenario('x', { version: 1, enterOn: 'brochure.requested', steps: build })
    // @ts-expect-error props missing
    expect(steps(({ send }) => [send('a', welcome)])).toThrow('step "a", props.brochure: is required')
    expect(
      // @ts-expect-error an optional payload field for a required prop
      steps(({ send, event }) => [send('b', welcome, { brochure: event.brochure, coupon: event.coupon })]),
    ).toThrow('event.coupon can be missing')
    // @ts-expect-error no such payload field
    expect(steps(({ send, event }) => [send('c', welcome, { brochure: event.title, coupon: 'x' })])).toThrow(
      'event.title does not exist',
    )
    // @ts-expect-error no such prop
    expect(steps(({ send }) => [send('c', welcome, { brochure: 'a', coupon: 'x', colour: 1 })])).toThrow('no such prop')
    // @ts-expect-error a number for a text
    expect(steps(({ send }) => [send('c', welcome, { brochure: 1, coupon: 'x' })])).toThrow('props.brochure')
    // @ts-expect-error no such policy
    expect(steps(({ send }) => [send('c', nudge, { late: 'never' })])).toThrow('late')
    // @ts-expect-error bad span
    expect(steps(({ wait }) => [wait('d', '3 fortnights')])).toThrow('must be a span')
    // @ts-expect-error hours do not go with a time of day
    expect(steps(({ wait }) => [wait('d', { hours: 3, at: '10:00' })])).toThrow('hours')
    // @ts-expect-error unknown segment
    expect(steps(({ branch, end }) => [branch('e', 'big-spenders', { yes: [end('f')] })])).toThrow('made by model.segment')
    expect(() =>
      // @ts-expect-error unknown event
      model.scenario('x', { version: 1, enterOn: 'nope', steps: ({ end }) => [end('a')] }),
    ).toThrow('the model has no event "nope"')
    expect(() =>
      // @ts-expect-error unknown event
      model.scenario('x', { version: 1, exitOn: ['nope'], steps: ({ end }) => [end('a')] }),
    ).toThrow('the model has no event "nope"')
    expect(() =>
      model.scenario('x', {
        version: 1,
        // @ts-expect-error nothing brought a payload
        steps: ({ send, event }) => [send('a', welcome, { brochure: event.brochure, coupon: '' })],
      }),
    ).toThrow('event.brochure does not exist')
  })
})
