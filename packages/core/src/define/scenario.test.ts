import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { day, hour } from '../domain/time/instant.ts'
import { defineModel, formatCurrency, or, type Step } from './index.ts'

const declare = () =>
  defineModel({
    contact: z.object({ plan: z.enum(['free', 'pro']) }),
    events: {
      requested: z.object({ brochure: z.string(), coupon: z.string().optional(), price: z.number(), tags: z.array(z.string()) }),
      bought: z.object({ total: z.number() }),
    },
    topics: { news: { title: { ja: 'お知らせ' } } },
  })
const model = declare()

const pros = model.segment('pros', ({ attribute }) => attribute('plan', '=', 'pro'))
const nudge = model.template('nudge', {
  purpose: 'marketing',
  topic: 'news',
  subject: ({ line }) => line`件名`,
  body: ({ text, footer }) => text`${footer()}`,
})
const welcome = model.template('welcome', {
  purpose: 'marketing',
  topic: 'news',
  props: z.object({
    brochure: z.string(),
    coupon: z.string(),
    tags: z.array(z.string()).optional(),
    kind: z.enum(['a', 'b']).optional(),
  }),
  subject: ({ line }) => line`件名`,
  body: ({ text, footer }) => text`${footer()}`,
})

type Builder = Parameters<Parameters<typeof model.scenario<'requested'>>[1]['steps']>[0]
const scenario = (steps: (builder: Builder) => readonly Step[], options: object = {}) =>
  model.scenario('onboarding', { version: 1, enterOn: 'requested', steps, ...options })
const compile = (steps: (builder: Builder) => readonly Step[]) => scenario(steps).definition

describe('model.scenario', () => {
  it('compiles nested steps to a flat graph in which both arms join what follows', () => {
    const { definition, templates } = scenario(
      ({ send, wait, branch, event, end }) => [
        send(
          'hello',
          welcome,
          { brochure: event.brochure, coupon: or(event.coupon, 'HELLO10'), tags: event.tags },
          { late: 'exit' },
        ),
        branch('pro', pros, {
          yes: [],
          no: [send('nudge', nudge, { sendWithin: '2 days', late: 'send' }), branch('still', pros, { no: [end('stop')] })],
        }),
        wait('settle', { days: 3, at: '10:00' }),
      ],
      { exitOn: 'bought', window: { from: '22:00', to: '06:00' }, maxEventAge: '90 minutes' },
    )
    const reference = (...path: string[]) => ({ kind: 'reference', scope: 'event', path })
    expect(definition).toEqual({
      format: 2,
      name: 'onboarding',
      version: 1,
      trigger: { kind: 'event', event: 'requested', where: null },
      exitOn: ['bought'],
      exitWhen: null,
      goal: null,
      reentry: { kind: 'once' },
      window: { days: 'any', from: '22:00', to: '06:00' },
      maxEventAge: 1.5 * hour,
      minGap: 12 * hour,
      priority: 0,
      inFlight: 'pin',
      successors: {},
      first: 'hello',
      steps: {
        hello: {
          kind: 'send',
          id: 'hello',
          template: 'welcome',
          props: {
            brochure: reference('brochure'),
            coupon: { kind: 'or', value: reference('coupon'), fallback: { kind: 'literal', value: 'HELLO10' } },
            tags: reference('tags'),
          },
          sendWithin: day,
          late: 'exit',
          urgent: null,
          next: 'pro',
        },
        pro: { kind: 'branch', id: 'pro', on: { kind: 'segment', segment: 'pros' }, yes: 'settle', no: 'nudge' },
        nudge: {
          kind: 'send',
          id: 'nudge',
          template: 'nudge',
          props: {},
          sendWithin: 2 * day,
          late: 'send',
          urgent: null,
          next: 'still',
        },
        still: { kind: 'branch', id: 'still', on: { kind: 'segment', segment: 'pros' }, yes: 'settle', no: 'stop' },
        stop: { kind: 'end', id: 'stop' },
        settle: {
          kind: 'wait',
          id: 'settle',
          wait: { kind: 'calendar', months: 0, weeks: 0, days: 3, at: '10:00' },
          from: { kind: 'previous' },
          past: { kind: 'skip' },
          next: null,
        },
      },
      segments: { pros: pros.tree },
    })
    expect(JSON.parse(JSON.stringify(definition))).toEqual(definition)
    expect(templates).toEqual([welcome, nudge])
  })

  it("fills in the defaults of the template's props", () => {
    const receipt = model.template('receipt', {
      purpose: 'transactional',
      props: z.object({ currency: z.string().default('JPY'), note: z.string().optional() }),
      subject: ({ line }) => line`領収書`,
      body: ({ props, text }) => text`${props.currency}`,
    })
    const { steps } = compile(({ send, event }) => [send('a', receipt), send('b', receipt, { currency: event.coupon })])
    const yen = { kind: 'literal', value: 'JPY' }
    expect(steps.a).toMatchObject({ props: { currency: yen } })
    expect(steps.b).toMatchObject({ props: { currency: { kind: 'or', value: { path: ['coupon'] }, fallback: yen } } })
  })

  it('tells elapsed time from the calendar', () => {
    const { steps } = compile(({ wait }) => [
      wait('a', '72 hours'),
      wait('b', '3 days'),
      wait('c', '1.5 hours'),
      wait('d', { weeks: 2, months: 1 }),
      wait('e', { days: 0, at: '18:00' }),
    ])
    const waits = Object.values(steps).map((step) => (step.kind === 'wait' ? step.wait : null))
    expect(waits).toEqual([
      { kind: 'elapsed', ms: 72 * hour },
      { kind: 'calendar', months: 0, weeks: 0, days: 3, at: null },
      { kind: 'elapsed', ms: 1.5 * hour },
      { kind: 'calendar', months: 1, weeks: 2, days: 0, at: null },
      { kind: 'calendar', months: 0, weeks: 0, days: 0, at: '18:00' },
    ])
  })

  it('starts by hand where no event starts it', () => {
    const { definition } = model.scenario('by-hand', { version: 2, steps: ({ send }) => [send('a', nudge)] })
    expect(definition).toMatchObject({ trigger: null, exitOn: [], window: null, maxEventAge: day, first: 'a' })
  })

  it.each<[string, (builder: Builder) => readonly unknown[], string]>([
    ['no steps', () => [], 'steps: must return a list of at least one step'],
    ['a repeated id', ({ end, send }) => [send('a', nudge), end('a')], 'step "a": two steps have this id'],
    [
      'a repeated id in an arm',
      ({ end, branch }) => [branch('a', pros, { yes: [end('a')] })],
      'step "a": two steps have this id',
    ],
    ['an empty id', ({ end }) => [end('')], 'step id ""'],
    ['a missing id', ({ end }) => [end(undefined as unknown as string)], 'step id undefined'],
    ['something that is no step', () => ['hello'], 'no step'],
    ['nothing as a step', () => [undefined], 'no step'],
    ['a step after the end', ({ end, send }) => [end('a'), send('b', nudge)], 'step "b": cannot be reached: "a" always ends'],
    [
      'a step after two ends',
      ({ end, send, branch }) => [branch('a', pros, { yes: [end('b')], no: [end('c')] }), send('d', nudge)],
      'step "d": cannot be reached',
    ],
    ['a branch that decides nothing', ({ branch }) => [branch('a', pros, {})], 'both arms are empty'],
    ['a template that is none', ({ send }) => [send('a', 'nudge' as never)], 'step "a": the second argument is a template'],
    ['a wait of nothing', ({ wait }) => [wait('a', { days: 0 })], 'a wait of nothing'],
    ['a wait without units', ({ wait }) => [wait('a', { at: '10:00' })], 'say how many'],
    ['half a day', ({ wait }) => [wait('a', '1.5 days')], 'whole numbers'],
    ['a negative wait', ({ wait }) => [wait('a', { days: -1 })], 'only a wait from an attribute or an event'],
    ['a time that no clock shows', ({ wait }) => [wait('a', { days: 1, at: '24:00' })], 'step "a".at: a time of day'],
    [
      'a formatted prop',
      ({ send, event }) => [send('a', welcome, { brochure: formatCurrency(event.price), coupon: '' })],
      'format event.price in the template',
    ],
    [
      'a number for a text',
      ({ send, event }) => [send('a', welcome, { brochure: event.price as never, coupon: '' })],
      'props.brochure: event.price does not fit',
    ],
    [
      'any text for an enum',
      ({ send, event }) => [send('a', welcome, { brochure: '', coupon: '', kind: event.brochure as never })],
      'props.kind: event.brochure does not fit',
    ],
    [
      'a prop to a template without props',
      ({ send }) => [send('a', nudge, { brochure: 'x' } as never)],
      'step "a".brochure: is not known here',
    ],
  ])('refuses %s', (_, steps, message) => {
    expect(() => compile(steps as (builder: Builder) => readonly Step[])).toThrow(message)
  })

  it.each([
    [{ version: 0 }, 'version: is a whole number'],
    [{ version: 1.5 }, 'version: is a whole number'],
    [{ window: { from: '9:00', to: '20:00' } }, 'window.from: a time of day is written 09:00'],
    [{ window: { from: '09:00', to: '25:00' } }, 'window.to: a time of day'],
    [{ window: { from: '09:00', to: '09:00' } }, 'would never open'],
    [{ window: { days: 'sunday', from: '09:00', to: '10:00' } }, 'window.days'],
    [{ reentry: 'always' }, 'reentry'],
    [{ maxEventAge: '1 month' }, 'maxEventAge: a month has no fixed length'],
    [{ exitOn: 'lost' }, 'exitOn: the model has no event "lost"'],
  ])('refuses %j', (options, message) => {
    expect(() => scenario(({ end }) => [end('a')], options)).toThrow(message)
  })

  it('refuses references and segments of other definitions', () => {
    let stolen: Builder['event'] | undefined
    scenario(({ event, end }) => {
      stolen = event
      return [end('a')]
    })
    const brochure = stolen?.brochure ?? ''
    expect(() => compile(({ send }) => [send('a', welcome, { brochure, coupon: '' })])).toThrow(
      'event.brochure belongs to another definition',
    )
    const other = defineModel({ contact: z.object({ age: z.number() }), events: {}, topics: {} })
    const adults = other.segment('adults', ({ attribute }) => attribute('age', '>=', 18))
    expect(() => compile(({ branch, end }) => [branch('a', adults, { yes: [end('b')] })])).toThrow(
      'the model has no number "age"',
    )
    const namesake = model.segment('pros', ({ everyone }) => everyone())
    expect(() =>
      compile(({ branch, end }) => [branch('a', pros, { yes: [branch('b', namesake, { yes: [end('c')] })] })]),
    ).toThrow('two segments are called "pros"')
  })
})
