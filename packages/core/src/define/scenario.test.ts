import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { day, hour } from '../domain/time/instant.ts'
import { defineModel, formatCurrency, or, type Step } from './index.ts'

const declare = () =>
  defineModel({
    contact: z.object({
      plan: z.enum(['free', 'pro']),
      tags: z.array(z.string()).optional(),
      renewsOn: z.iso.date().optional(),
      endsAt: z.iso.datetime({ offset: true }).optional(),
    }),
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

  it('compiles steps with arms of their own, all of which join what follows', () => {
    const { definition } = scenario(({ send, waitFor, split, update, call, goTo, event, opened, end }) => [
      send('hello', nudge),
      waitFor('order', {
        for: [
          { event: 'bought', where: (order, { all }) => all(order('total', '>=', 10)), steps: [end('done')] },
          { segment: pros },
          { mail: opened('hello'), steps: [send('thanks', nudge)] },
        ],
        timeout: { after: { weekday: 'monday', at: '09:00' }, steps: [send('ask', nudge)] },
      }),
      split('offer', { arms: { plain: { weight: 3 }, loud: { weight: 1, steps: [send('loud', nudge)] } }, holdout: 2 }),
      update('tag', { set: { plan: 'pro' } }),
      call('note', 'crm.note', { price: event.price, tags: event.tags }, { failed: [send('sorry', nudge)] }),
      call('tell', 'crm.tell', {}, { wait: false, timeout: '5 seconds', attempts: 1 }),
      goTo('next', 'other', { price: event.price }),
    ])
    const reference = (...path: string[]) => ({ kind: 'reference', scope: 'event', path })
    const { order, offer, tag, note, tell, next, thanks, ask, loud, sorry } = definition.steps
    const field = { kind: 'attribute', field: 'total', type: 'number', operator: '>=', value: 10 }
    expect({ order, offer, tag, note, tell, next }).toEqual({
      order: {
        kind: 'wait-for',
        id: 'order',
        arms: [
          { on: { kind: 'event', event: 'bought', where: { kind: 'all', of: [field] } }, next: 'done' },
          { on: { kind: 'segment', segment: 'pros' }, next: 'offer' },
          { on: { kind: 'mail', step: 'hello', fate: 'opened', link: null }, next: 'thanks' },
        ],
        since: 'entry',
        timeout: { wait: { kind: 'weekday', weekday: 1, at: '09:00' }, next: 'ask' },
      },
      offer: {
        kind: 'split',
        id: 'offer',
        experiment: 'onboarding:offer',
        arms: [
          { name: 'plain', weight: 3, next: 'tag' },
          { name: 'loud', weight: 1, next: 'loud' },
        ],
        holdout: { weight: 2, until: 'tag' },
      },
      tag: { kind: 'update', id: 'tag', set: { plan: { kind: 'literal', value: 'pro' } }, add: {}, remove: {}, next: 'note' },
      note: {
        kind: 'call',
        id: 'note',
        handler: 'crm.note',
        payload: { price: reference('price'), tags: reference('tags') },
        waits: true,
        timeout: 30_000,
        attempts: 8,
        next: 'tell',
        failed: 'sorry',
      },
      tell: {
        kind: 'call',
        id: 'tell',
        handler: 'crm.tell',
        payload: {},
        waits: false,
        timeout: 5_000,
        attempts: 1,
        next: 'next',
        failed: 'next',
      },
      next: { kind: 'go-to', id: 'next', scenario: 'other', event: { price: reference('price') } },
    })
    expect([thanks, ask, loud, sorry]).toMatchObject([{ next: 'offer' }, { next: 'offer' }, { next: 'tag' }, { next: 'tell' }])
  })

  it('takes a payload under the names of options where options follow or other parts come along', () => {
    const { steps } = compile(({ call }) => [call('a', 'crm', { attempts: 2 }, {}), call('b', 'crm', { attempts: 2, price: 1 })])
    const two = { kind: 'literal', value: 2 }
    expect(steps).toMatchObject({ a: { payload: { attempts: two }, attempts: 8 }, b: { payload: { attempts: two } } })
  })

  it('counts waits from where it is told', () => {
    const { steps } = compile(({ wait }) => [
      wait('a', '1 day'),
      wait('b', { days: 1 }, { from: 'entry' }),
      wait('c', { days: -7, at: '09:00' }, { from: { attribute: 'renewsOn' }, past: 'exit' }),
      wait('d', { businessDays: -2 }, { from: { attribute: 'endsAt' }, past: { within: '36 hours' } }),
      wait('e', { days: 0 }, { from: { event: 'bought' } }),
    ])
    const anchors = Object.values(steps).map((step) => (step.kind === 'wait' ? [step.from, step.past] : null))
    expect(anchors).toEqual([
      [{ kind: 'previous' }, { kind: 'skip' }],
      [{ kind: 'entry' }, { kind: 'skip' }],
      [{ kind: 'attribute', attribute: 'renewsOn', type: 'date' }, { kind: 'exit' }],
      [
        { kind: 'attribute', attribute: 'endsAt', type: 'instant' },
        { kind: 'send', within: 36 * hour },
      ],
      [{ kind: 'event', event: 'bought' }, { kind: 'skip' }],
    ])
    expect(steps.d).toMatchObject({ wait: { kind: 'business', days: -2, at: null } })
  })

  it('starts by segments and by dates', () => {
    const enterOn = (option: object) => scenario(({ end }) => [end('a')], { enterOn: option }).definition
    expect(enterOn({ segment: pros })).toMatchObject({
      trigger: { kind: 'segment', segment: 'pros', on: 'entry' },
      segments: { pros: pros.tree },
    })
    expect(enterOn({ date: 'renewsOn', at: '09:00' }).trigger).toEqual({
      kind: 'date',
      attribute: 'renewsOn',
      days: 0,
      at: '09:00',
      yearly: false,
      leapDay: 'feb-28',
    })
  })

  it('copies the segments of exits and goals into the version', () => {
    const all = model.segment('all', ({ everyone }) => everyone())
    const { definition } = scenario(({ end }) => [end('a')], { exitWhen: all, goal: { segment: pros } })
    expect(definition).toMatchObject({
      exitWhen: 'all',
      goal: { kind: 'segment', segment: 'pros' },
      segments: { all: all.tree, pros: pros.tree },
    })
  })

  it('keeps a draft out of the definition', () => {
    const draft = scenario(({ end }) => [end('a')], { draft: true })
    expect(draft.isDraft).toBe(true)
    expect(draft.toJSON()).toEqual(scenario(({ end }) => [end('a')]).definition)
    expect(JSON.parse(JSON.stringify(draft))).toEqual(draft.definition)
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
    ['a template that is none', ({ send }) => [send('a', 'nudge' as never)], 'step "a": the second argument must be a template'],
    ['a wait of nothing', ({ wait }) => [wait('a', { days: 0 })], 'a wait of nothing'],
    ['a wait without units', ({ wait }) => [wait('a', { at: '10:00' })], 'say how many'],
    ['half a day', ({ wait }) => [wait('a', '1.5 days')], 'must be a whole number'],
    ['a negative wait', ({ wait }) => [wait('a', { days: -1 })], 'only a wait from an attribute or an event'],
    ['a time that no clock shows', ({ wait }) => [wait('a', { days: 1, at: '24:00' })], 'step "a".at: must be a time of day'],
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
    [
      'mail that comes later',
      ({ branch, send, opened }) => [branch('a', opened('b'), { yes: [send('c', nudge)] }), send('b', nudge)],
      'steps.a.on.step: step "b" is not sent before it',
    ],
    [
      'mail of another arm',
      ({ branch, send, opened, end }) => [
        branch('a', pros, { yes: [send('b', nudge), end('c')], no: [branch('d', opened('b'), { yes: [end('e')] })] }),
      ],
      'steps.d.on.step: step "b" is not sent before it',
    ],
    [
      'mail of a step that sends none',
      ({ branch, wait, clicked, end }) => [wait('a', '1 day'), branch('b', clicked('a'), { yes: [end('c')] })],
      'steps.b.on.step: step "a" sends nothing',
    ],
    [
      'mail of no step',
      ({ waitFor, sent }) => [waitFor('a', { for: [{ mail: sent('x') }], timeout: { after: '1 day' } })],
      'steps.a.arms[0].on.step: there is no step "x"',
    ],
    [
      'steps inside themselves',
      ({ branch, wait }) => {
        const round: Step[] = [wait('a', '1 day')]
        round.push(branch('b', pros, { yes: round }))
        return round
      },
      'two steps have this id',
    ],
    [
      'options in the place of the payload',
      ({ call }) => [call('a', 'crm', { timeout: '10 seconds', attempts: 2 })],
      'step "a", payload: holds nothing but options',
    ],
    ['a step after a chain', ({ goTo, end }) => [goTo('a', 'other'), end('b')], 'step "b": cannot be reached: "a" always ends'],
    [
      'a step after a split that always ends',
      ({ split, send, end }) => [
        split('a', { arms: { x: { weight: 1, steps: [end('b')] }, y: { weight: 1, steps: [end('c')] } } }),
        send('d', nudge),
      ],
      'step "d": cannot be reached: "a" always ends',
    ],
    [
      'a step after a wait that always ends',
      ({ waitFor, send, end }) => [
        waitFor('a', { for: [{ segment: pros, steps: [end('b')] }], timeout: { after: '1 day', steps: [end('c')] } }),
        send('d', nudge),
      ],
      'step "d": cannot be reached: "a" always ends',
    ],
    [
      'a wait for nothing',
      ({ waitFor }) => [waitFor('a', { for: [], timeout: { after: '1 day' } })],
      'step "a".for: must be a list',
    ],
    [
      'a time-out into the past',
      ({ waitFor }) => [waitFor('a', { for: [{ segment: pros }], timeout: { after: { days: -1 } } })],
      'step "a".timeout.after: only a wait from an attribute',
    ],
    [
      'an event and a segment in one arm',
      ({ waitFor }) => [waitFor('a', { for: [{ event: 'bought', segment: pros }], timeout: { after: '1 day' } })],
      'step "a".for[0].segment: is not known here',
    ],
    [
      'a negative span',
      ({ wait }) => [wait('a', '-7 days', { from: { attribute: 'renewsOn' } })],
      'step "a": a wait that ends before its anchor is written { days: -7 }',
    ],
    ['a wait of nothing from the entry', ({ wait }) => [wait('a', { days: 0 }, { from: 'entry' })], 'a wait of nothing'],
    [
      'a policy that says nothing',
      ({ wait }) => [wait('a', '1 day', { past: 'exit' })],
      'step "a".past: says nothing about a wait from the previous send',
    ],
    [
      'a wait from an attribute that the model lacks',
      ({ wait }) => [wait('a', '1 day', { from: { attribute: 'plan' as never } })],
      'step "a".from.attribute: the model has no date or instant "plan"',
    ],
    ['a split of one arm', ({ split }) => [split('a', { arms: { x: { weight: 1 } } })], 'step "a".arms: a split of one arm'],
    [
      'a split without weight',
      ({ split }) => [split('a', { arms: { x: { weight: 0 }, y: { weight: 0 } } })],
      'all weights are 0',
    ],
    ['half a weight', ({ split }) => [split('a', { arms: { x: { weight: 0.5 }, y: { weight: 1 } } })], 'step "a".arms.x.weight'],
    [
      'an arm by the name of the holdout',
      ({ split }) => [split('a', { arms: { holdout: { weight: 1 }, y: { weight: 1 } } })],
      'holdout is the name of those who get nothing',
    ],
    ['an update of nothing', ({ update }) => [update('a', {})], 'steps.a: an update of nothing'],
    [
      'a value that is added and removed',
      ({ update }) => [update('a', { add: { tags: ['x'] }, remove: { tags: ['x', 'y'] } })],
      'steps.a.remove.tags: a value is added and removed at once',
    ],
    [
      'a failure that nobody waits for',
      ({ call, end }) => [call('a', 'h', {}, { wait: false, failed: [end('b')] })],
      'step "a".failed: a call that is not waited for cannot fail',
    ],
    ['a call of hours', ({ call }) => [call('a', 'h', {}, { timeout: '2 hours' })], 'steps.a.timeout: must be at most an hour'],
    [
      'an urgent ad',
      ({ send }) => [send('a', nudge, { urgent: 'we want to' })],
      'step "a".urgent: template "nudge" is marketing, and no marketing is urgent',
    ],
    [
      'a text that no database stores',
      ({ call }) => [call('a', 'h', { note: 'a\u0000' })],
      'steps.a.payload.note.value: holds a NUL',
    ],
    [
      'a payload of another shape',
      ({ call }) => [call('a', 'h', [] as never)],
      'step "a", payload: must be an object of constants and references, got a list.',
    ],
    [
      'a format outside of a template',
      ({ call, event }) => [call('a', 'h', { price: formatCurrency(event.price) })],
      'format event.price in the template',
    ],
    [
      'more steps than 500',
      ({ wait }) => Array.from({ length: 501 }, (_, index) => wait(`w${index}`, '1 day')),
      'steps: has more than 500 entries',
    ],
  ])('refuses %s', (_, steps, message) => {
    expect(() => compile(steps as (builder: Builder) => readonly Step[])).toThrow(message)
  })

  it.each([
    [{ version: 0 }, 'version: must be a whole number'],
    [{ version: 1.5 }, 'version: must be a whole number'],
    [{ version: 2 ** 31 }, 'version: must be a whole number from 1 to 2147483647, got 2147483648.'],
    [{ window: { from: '9:00', to: '20:00' } }, 'window.from: must be a time of day such as 09:00'],
    [{ window: { from: '09:00', to: '25:00' } }, 'window.to: must be a time of day'],
    [{ window: { from: '09:00', to: '09:00' } }, 'would never open'],
    [{ window: { days: 'sunday', from: '09:00', to: '10:00' } }, 'window.days'],
    [{ reentry: 'always' }, 'reentry'],
    [{ maxEventAge: '1 month' }, 'maxEventAge: a month has no fixed length'],
    [{ successors: { old: 'a' } }, "successors: only counts with inFlight: 'migrate'"],
    [{ inFlight: 'migrate', successors: { old: 'x' } }, 'successors.old: there is no step "x"'],
    [{ inFlight: 'migrate', successors: { a: null } }, 'successors.a: is a step of this version'],
    [{ enterOn: { date: 'renewsOn', at: '09:00', leapDay: 'skip' } }, 'enterOn.leapDay: only counts with yearly: true'],
    [
      { enterOn: { date: 'renewsOn', at: '09:00', days: 1.5 } },
      'enterOn.days: must be a whole number, negative before the date, got 1.5.',
    ],
    [{ enterOn: { date: 'renewsOn' } }, 'enterOn.at: must be a time of day'],
    [{ windw: { from: '09:00', to: '20:00' } }, 'windw: is not known here (did you mean window?)'],
    [{ priority: 1.5 }, 'priority: must be a whole number, got 1.5.'],
    [{ minGap: '-1 hour' }, 'minGap: must be a span'],
    [{ colour: 'red' }, 'scenario "onboarding".colour: is not known here'],
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

it('a window may end with the day', () => {
  const late = model.scenario('late', {
    version: 1,
    window: { from: '20:00', to: '24:00' },
    steps: ({ send }) => [send('a', nudge)],
  })
  expect(late.definition.window).toEqual({ days: 'any', from: '20:00', to: '24:00' })
})
