import { describe, expect, expectTypeOf, it } from 'vitest'
import * as z from 'zod'
import { defineModel, or, type Ref, type Scenario, type ScenarioDefinition } from '../../src/index.ts'

// What compiles here must compile, what has @ts-expect-error must not; `tsc -p tsconfig.json` is the judge. Each line that
// the types refuse is run as well, since JavaScript has no types: it must throw and name what is wrong.

const model = defineModel({
  contact: z.object({
    plan: z.enum(['free', 'pro']).optional(),
    points: z.number().optional(),
    tags: z.array(z.string()).optional(),
    birthday: z.iso.date().optional(),
    renewsAt: z.iso.datetime({ offset: true }).nullable().optional(),
    name: z.string().optional(),
    visits: z.array(z.iso.datetime()).optional(),
  }),
  events: {
    'brochure.requested': z.object({ brochure: z.string(), coupon: z.string().optional() }),
    'order.placed': z.object({ total: z.number(), shop: z.object({ name: z.string() }) }),
    visited: z.object({}),
  },
  topics: { news: { title: { ja: 'お知らせ' } } },
})
const pros = model.segment('pros', ({ attribute }) => attribute('plan', '=', 'pro'))
const news = model.template('news', {
  purpose: 'marketing',
  topic: 'news',
  subject: ({ line }) => line`件名`,
  body: ({ text, footer }) => text`${footer()}`,
})
const receipt = model.template('receipt', {
  purpose: 'transactional',
  props: z.object({ total: z.number() }),
  subject: ({ line }) => line`件名`,
  body: ({ text }) => text`本文`,
})

type Options = Parameters<typeof model.scenario>[1]
type Steps = Options['steps']
const declare = (options: Partial<Options>) => () =>
  model.scenario('x', { version: 1, steps: ({ end }) => [end('a')], ...options })
const steps = (build: Parameters<typeof model.scenario<'order.placed'>>[1]['steps']) => () =>
  model.scenario('x', { version: 1, enterOn: 'order.placed', steps: build })

describe('what compiles', () => {
  it('knows the payload of the event that starts it, in both forms', () => {
    model.scenario('plain', {
      version: 1,
      enterOn: 'order.placed',
      steps: ({ event, send }) => {
        expectTypeOf(event.total).toEqualTypeOf<Ref<number>>()
        expectTypeOf(event.shop.name).toEqualTypeOf<Ref<string>>()
        return [send('a', receipt, { total: event.total })]
      },
    })
    const scenario = model.scenario('with-where', {
      version: 1,
      enterOn: {
        event: 'order.placed',
        where: (order, { all, not }) => all(order('total', '>=', 1_000), not(order('total', '=', 2_000))),
      },
      steps: ({ event, send }) => {
        expectTypeOf(event.total).toEqualTypeOf<Ref<number>>()
        return [send('a', receipt, { total: event.total })]
      },
    })
    expectTypeOf(scenario).toEqualTypeOf<Scenario>()
    expectTypeOf(scenario.toJSON()).toEqualTypeOf<ScenarioDefinition>()
    expect(scenario.definition.trigger).toMatchObject({ kind: 'event', event: 'order.placed', where: { kind: 'all' } })
  })

  it('knows no payload where no event starts it', () => {
    const nothing: Steps = ({ event, end }) => {
      expectTypeOf(event).toEqualTypeOf<Record<never, never>>()
      return [end('a')]
    }
    model.scenario('a', { version: 1, enterOn: { segment: pros, on: 'exit' }, steps: nothing })
    model.scenario('b', {
      version: 1,
      enterOn: { date: 'birthday', days: -7, at: '09:00', yearly: true, leapDay: 'mar-1' },
      steps: ({ event, end }) => {
        expectTypeOf(event).toEqualTypeOf<Record<never, never>>()
        return [end('a')]
      },
    })
    model.scenario('c', { version: 1, steps: nothing })
  })

  it('takes every option', () => {
    const { definition, isDraft } = model.scenario('all', {
      version: 3,
      enterOn: 'visited',
      exitOn: ['order.placed'],
      exitWhen: pros,
      goal: { event: 'order.placed', where: (order) => order('total', '>', 0) },
      reentry: { cooldown: '30 days' },
      window: { days: 'business', from: '09:00', to: '20:00' },
      maxEventAge: '30 seconds',
      minGap: '0 hours',
      priority: -3,
      inFlight: 'migrate',
      successors: { old: 'a', gone: null },
      draft: true,
      steps: ({ end }) => [end('a')],
    })
    expect(isDraft).toBe(true)
    expect(definition).toMatchObject({
      exitWhen: 'pros',
      goal: { kind: 'event', event: 'order.placed' },
      reentry: { kind: 'cooldown', ms: 2_592_000_000 },
      maxEventAge: 30_000,
      minGap: 0,
      priority: -3,
      inFlight: 'migrate',
      successors: { old: 'a', gone: null },
    })
    model.scenario('g', { version: 1, goal: 'order.placed', steps: ({ end }) => [end('a')] })
    model.scenario('h', { version: 1, goal: { segment: pros }, reentry: 'after-exit', steps: ({ end }) => [end('a')] })
  })

  it('takes every step', () => {
    const { definition } = model.scenario('steps', {
      version: 1,
      enterOn: 'order.placed',
      steps: ({
        send,
        wait,
        waitFor,
        branch,
        split,
        update,
        call,
        goTo,
        end,
        event,
        opened,
        clicked,
        delivered,
        bounced,
        sent,
      }) => [
        send('hello', receipt, { total: event.total }, { urgent: 'bought', late: 'exit', sendWithin: '90 seconds' }),
        wait('a', '10 seconds'),
        wait('b', { businessDays: 3, at: '10:00' }, { from: 'entry', past: 'exit' }),
        wait('c', { weekday: 'monday', at: '08:30' }, { from: 'previous' }),
        wait('d', { days: -7 }, { from: { attribute: 'renewsAt' }, past: { within: '2 days' } }),
        wait('e', { months: 1 }, { from: { event: 'visited' }, past: 'skip' }),
        waitFor('f', {
          for: [
            { event: 'order.placed', where: (order) => order('total', '>=', 10_000), steps: [end('big')] },
            { event: 'brochure.requested', where: (brochure) => brochure('brochure', '=', 'A') },
            { segment: pros, steps: [] },
            { mail: opened('hello'), steps: [send('thanks', news)] },
          ],
          timeout: { after: '3 days', steps: [end('nothing')] },
          since: 'step',
        }),
        branch('g', clicked('hello', { link: 'https://example.jp/' }), { yes: [branch('h', pros, { no: [end('no')] })] }),
        branch('i', delivered('hello'), { no: [end('lost')] }),
        branch('j', bounced('hello'), { yes: [end('gone')] }),
        branch('k', sent('hello'), { no: [end('quiet')] }),
        split('l', {
          experiment: 'subject',
          arms: { short: { weight: 1, steps: [send('short', news)] }, long: { weight: 2 } },
          holdout: 1,
        }),
        update('m', {
          set: { plan: 'pro', points: event.total, name: event.shop.name, birthday: null },
          add: { tags: ['buyer'], visits: ['2026-01-01T00:00:00Z'] },
        }),
        update('n', { remove: { tags: ['lead'] } }),
        call('o', 'crm.note', { total: event.total, shop: event.shop, source: 'mail', list: [1, { deep: true }] }),
        call('p', 'crm.note'),
        call('q', 'crm.note', {}, { wait: false, timeout: '5 seconds', attempts: 3 }),
        call('r', 'crm.note', event, { failed: [end('failed')] }),
        goTo('s', 'other', { total: event.total }),
      ],
    })
    expect(Object.keys(definition.steps)).toHaveLength(29)
    model.scenario('next', {
      version: 1,
      enterOn: 'brochure.requested',
      steps: ({ update, goTo, event }) => [
        update('a', { set: { name: event.coupon } }),
        update('b', { set: { name: or(event.coupon, 'none') } }),
        goTo('c', model.scenario('target', { version: 1, steps: ({ end }) => [end('a')] })),
      ],
    })
  })
})

describe('what neither compiles nor runs', () => {
  it('triggers', () => {
    // @ts-expect-error unknown event
    expect(declare({ enterOn: { event: 'nope' } })).toThrow('enterOn.event: the model has no event "nope"')
    expect(() =>
      model.scenario('x', {
        version: 1,
        // @ts-expect-error unknown payload field
        enterOn: { event: 'order.placed', where: (order) => order('brochure', '=', 'A') },
        steps: ({ end }) => [end('a')],
      }),
    ).toThrow('"brochure"')
    expect(() =>
      model.scenario('x', {
        version: 1,
        // @ts-expect-error not a condition
        enterOn: { event: 'order.placed', where: () => true },
        steps: ({ end }) => [end('a')],
      }),
    ).toThrow('enterOn.where: needs a condition over the payload')
    expect(() =>
      model.scenario('x', {
        version: 1,
        enterOn: { event: 'order.placed' },
        // @ts-expect-error no such payload field
        steps: ({ send, event }) => [send('a', receipt, { total: event.sum })],
      }),
    ).toThrow('event.sum does not exist')
    expect(() =>
      model.scenario('x', {
        version: 1,
        enterOn: { segment: pros },
        // @ts-expect-error a segment brings no payload
        steps: ({ send, event }) => [send('a', receipt, { total: event.total })],
      }),
    ).toThrow('event.total does not exist')
    // @ts-expect-error not a segment
    expect(declare({ enterOn: { segment: 'pros' } })).toThrow(
      'enterOn.segment: it must be a segment made by model.segment, got "pros"',
    )
    // @ts-expect-error not a way of a segment
    expect(declare({ enterOn: { segment: pros, on: 'leave' } })).toThrow("enterOn.on: must be 'entry' or 'exit'")
    // @ts-expect-error an instant is no date
    expect(declare({ enterOn: { date: 'renewsAt', at: '09:00' } })).toThrow('enterOn.date: the model has no date "renewsAt"')
    // @ts-expect-error no time of day
    expect(declare({ enterOn: { date: 'birthday' } })).toThrow('enterOn.at: must be a time of day')
    // @ts-expect-error no such day
    expect(declare({ enterOn: { date: 'birthday', at: '09:00', yearly: true, leapDay: 'feb-29' } })).toThrow('enterOn.leapDay')
    // @ts-expect-error misspelt
    expect(declare({ enterOn: { date: 'birthday', at: '09:00', year: true } })).toThrow('enterOn.year: is not known here')
    // @ts-expect-error nothing
    expect(declare({ enterOn: {} })).toThrow('enterOn: must be the name of an event')
  })

  it('goals, exits and policies', () => {
    // @ts-expect-error unknown event
    expect(declare({ goal: 'nope' })).toThrow('goal: the model has no event "nope"')
    // @ts-expect-error a payload of another event
    expect(declare({ goal: { event: 'visited', where: (payload) => payload('total', '>', 1) } })).toThrow('"total"')
    // @ts-expect-error not a segment
    expect(declare({ exitWhen: 'pros' })).toThrow('exitWhen: it must be a segment')
    // @ts-expect-error no such policy
    expect(declare({ reentry: 'always' })).toThrow("reentry: must be 'once', 'after-exit', 'every-event'")
    // @ts-expect-error no length of time is a month
    expect(declare({ reentry: { cooldown: '1 month' } })).toThrow('reentry.cooldown: a month has no fixed length')
    // @ts-expect-error no such policy
    expect(declare({ inFlight: 'move' })).toThrow("inFlight: must be 'pin' or 'migrate' or 'exit'")
    // @ts-expect-error not an id
    expect(declare({ inFlight: 'migrate', successors: { old: 1 } })).toThrow('successors.old: must be the id of a step')
    // @ts-expect-error not a number
    expect(declare({ priority: 'high' })).toThrow('priority: must be a whole number')
    // @ts-expect-error not a yes or no
    expect(declare({ draft: 'yes' })).toThrow('draft: must be true or false')
    // @ts-expect-error misspelt
    expect(declare({ exitsOn: 'visited' })).toThrow('scenario "x".exitsOn: is not known here')
  })

  it('waits', () => {
    // @ts-expect-error no such day
    expect(steps(({ wait }) => [wait('a', { weekday: 'mon' })])).toThrow('step "a".weekday: must be one of sunday, monday')
    // @ts-expect-error kinds of waits do not mix
    expect(steps(({ wait }) => [wait('a', { businessDays: 1, hours: 2 })])).toThrow('step "a".hours: is not known here')
    // @ts-expect-error a text is no date
    expect(steps(({ wait }) => [wait('a', { days: 1 }, { from: { attribute: 'plan' } })])).toThrow('no date or instant "plan"')
    // @ts-expect-error unknown event
    expect(steps(({ wait }) => [wait('a', { days: 1 }, { from: { event: 'nope' } })])).toThrow('the model has no event "nope"')
    // @ts-expect-error no such anchor
    expect(steps(({ wait }) => [wait('a', { days: 1 }, { from: 'now' })])).toThrow("step \"a\".from: must be 'previous', 'entry'")
    // @ts-expect-error no such policy
    expect(steps(({ wait }) => [wait('a', { days: 1 }, { from: 'entry', past: 'send' })])).toThrow('step "a".past')
    // @ts-expect-error misspelt
    expect(steps(({ wait }) => [wait('a', { days: 1 }, { since: 'entry' })])).toThrow('step "a".since: is not known here')
  })

  it('waits for something', () => {
    const timeout = { after: '1 day' } as const
    expect(
      // @ts-expect-error unknown event
      steps(({ waitFor }) => [waitFor('a', { for: [{ event: 'nope' }], timeout })]),
    ).toThrow('step "a".for[0].event: the model has no event "nope"')
    expect(
      // @ts-expect-error a payload of another event
      steps(({ waitFor }) => [waitFor('a', { for: [{ event: 'visited', where: (p) => p('total', '=', 1) }], timeout })]),
    ).toThrow('"total"')
    // @ts-expect-error no time-out
    expect(steps(({ waitFor }) => [waitFor('a', { for: [{ event: 'visited' }] })])).toThrow('step "a".timeout.after')
    // @ts-expect-error not a mail condition
    expect(steps(({ waitFor }) => [waitFor('a', { for: [{ mail: 'hello' }], timeout })])).toThrow(
      'step "a".for[0]: waits for nothing',
    )
    expect(
      // @ts-expect-error no such start
      steps(({ waitFor }) => [waitFor('a', { for: [{ segment: pros }], timeout, since: 'start' })]),
    ).toThrow("step \"a\".since: must be 'entry' or 'previous' or 'step'")
  })

  it('forks', () => {
    // @ts-expect-error neither a segment nor a mail condition
    expect(steps(({ branch, end }) => [branch('a', 'opened', { yes: [end('b')] })])).toThrow('made by model.segment')
    // @ts-expect-error misspelt
    expect(steps(({ branch, end }) => [branch('a', pros, { yeah: [end('b')] })])).toThrow('step "a".yeah: is not known here')
    // @ts-expect-error not an address
    expect(steps(({ branch, end, clicked }) => [branch('a', clicked('b', { link: true }), { yes: [end('c')] })])).toThrow(
      'clicked("b").link',
    )
    // @ts-expect-error no weight
    expect(steps(({ split }) => [split('a', { arms: { one: {}, two: { weight: 1 } } })])).toThrow('step "a".arms.one.weight')
    // @ts-expect-error a weight in words
    expect(steps(({ split }) => [split('a', { arms: { one: { weight: 'half' }, two: { weight: 1 } } })])).toThrow(
      'arms.one.weight',
    )
    // @ts-expect-error no arms
    expect(steps(({ split }) => [split('a', {})])).toThrow('step "a".arms')
  })

  it('updates', () => {
    // @ts-expect-error unknown attribute
    expect(steps(({ update }) => [update('a', { set: { colour: 'red' } })])).toThrow(
      'step "a".set.colour: the model has no attribute',
    )
    // @ts-expect-error a value that the enum does not have
    expect(steps(({ update }) => [update('a', { set: { plan: 'gold' } })])).toThrow('step "a".set.plan')
    // @ts-expect-error a number for a text
    expect(steps(({ update, event }) => [update('a', { set: { name: event.total } })])).toThrow('event.total does not fit')
    // @ts-expect-error not a list
    expect(steps(({ update }) => [update('a', { add: { plan: ['pro'] } })])).toThrow('step "a".add.plan: is no list')
    // @ts-expect-error a list of texts
    expect(steps(({ update }) => [update('a', { add: { tags: [1] } })])).toThrow('step "a".add.tags[0]')
    // @ts-expect-error undefined
    expect(steps(({ update }) => [update('a', { set: { name: undefined } })])).toThrow('step "a".set.name: is undefined')
    // @ts-expect-error misspelt
    expect(steps(({ update }) => [update('a', { unset: { name: null } })])).toThrow('step "a".unset: is not known here')
  })

  it('calls and chains', () => {
    // @ts-expect-error a function cannot be stored
    expect(steps(({ call }) => [call('a', 'h', { now: () => 1 })])).toThrow('step "a", payload.now: must be a JSON value')
    // @ts-expect-error no such event field
    expect(steps(({ call, event }) => [call('a', 'h', { sum: event.sum })])).toThrow('event.sum does not exist')
    // @ts-expect-error not a number
    expect(steps(({ call }) => [call('a', 'h', {}, { attempts: 'many' })])).toThrow('step "a".attempts')
    // @ts-expect-error misspelt
    expect(steps(({ call }) => [call('a', 'h', {}, { retries: 3 })])).toThrow('step "a".retries: is not known here')
    // @ts-expect-error no scenario
    expect(steps(({ goTo }) => [goTo('a', 1)])).toThrow('step "a", scenario: a name has')
    // @ts-expect-error not a text
    expect(steps(({ send, event }) => [send('a', receipt, { total: event.total }, { urgent: true })])).toThrow('step "a".urgent')
  })
})
