import fc from 'fast-check'
import * as z from 'zod'
import { defineModel, or, type Step } from '../../src/index.ts'

/** A model that has something for every word of a scenario. */
export const model = defineModel({
  contact: z.object({
    plan: z.enum(['free', 'pro']).optional(),
    points: z.number().default(0),
    tags: z.array(z.string()).optional(),
    birthday: z.iso.date().optional(),
    renewsAt: z.iso.datetime({ offset: true }).optional(),
  }),
  events: {
    'order.placed': z.object({
      total: z.number(),
      note: z.string().optional(),
      currency: z.string().default('JPY'),
      shop: z.object({ name: z.string() }).optional(),
    }),
    visited: z.object({ page: z.string() }),
  },
  topics: { news: { title: { ja: 'お知らせ' } } },
})
const pros = model.segment('pros', ({ attribute }) => attribute('plan', '=', 'pro'))
const buyers = model.segment('buyers', ({ did }) => did('order.placed', { where: (order) => order('total', '>', 0) }))
const news = model.template('news', {
  purpose: 'marketing',
  topic: 'news',
  subject: ({ line }) => line`件名`,
  body: ({ text, footer }) => text`${footer()}`,
})
const receipt = model.template('receipt', {
  purpose: 'transactional',
  props: z.object({ total: z.number(), note: z.string().optional(), unit: z.string().default('円') }),
  subject: ({ line }) => line`件名`,
  body: ({ text }) => text`本文`,
})
export const templates = [news, receipt]

type Options = Parameters<typeof model.scenario<'order.placed'>>[1]
type Builder = Parameters<Options['steps']>[0]
/** Steps in the making: ids are given while they are made, so that each is new. */
interface Draft {
  readonly build: (builder: Builder, ids: Ids) => readonly Step[]
  /** Nothing may follow. */
  readonly ends: boolean
}

class Ids {
  #count = 0
  /** Sends that every way to the next step has passed. */
  readonly sent: readonly string[]
  readonly #source: Ids | null

  constructor(sent: readonly string[] = [], source: Ids | null = null) {
    this.sent = sent
    this.#source = source
  }

  next(kind: string): string {
    if (this.#source !== null) return this.#source.next(kind)
    this.#count += 1
    return `${kind}-${this.#count}`
  }

  after(send: string): Ids {
    return new Ids([...this.sent, send], this.#source ?? this)
  }
}

const empty: Draft = { build: () => [], ends: false }

/** A step before others. */
const before = (rest: Draft, step: (builder: Builder, ids: Ids) => Step): Draft => ({
  build: (builder, ids) => {
    const made = step(builder, ids)
    return [made, ...rest.build(builder, made.kind === 'send' ? ids.after(made.id) : ids)]
  },
  ends: rest.ends,
})
const waits = fc.constantFrom(
  '72 hours' as const,
  '10 seconds' as const,
  '3 days' as const,
  { days: 3, at: '10:00' } as const,
  { businessDays: 0 } as const,
  { weekday: 'monday', at: '09:00' } as const,
)

/** A step and everything after it. */
const sendDraft = (rest: Draft): fc.Arbitrary<Draft> =>
  fc
    .record({
      isReceipt: fc.boolean(),
      options: fc.constantFrom({}, { late: 'exit' as const }, { sendWithin: '90 minutes' as const }),
      isUrgent: fc.boolean(),
    })
    .map(({ isReceipt, options, isUrgent }) =>
      before(rest, ({ send, event }, ids) => {
        const props = { total: event.total, note: event.note, unit: event.currency }
        const urgent = isUrgent ? { urgent: 'お取引のご連絡' } : {}
        return isReceipt
          ? send(ids.next('send'), receipt, props, { ...options, ...urgent })
          : send(ids.next('send'), news, options)
      }),
    )

const waitDraft = (rest: Draft): fc.Arbitrary<Draft> =>
  fc.tuple(waits, fc.constantFrom('plain', 'entry', 'attribute', 'date', 'event')).map(([wait, from]) =>
    before(rest, (builder, ids) => {
      const id = ids.next('wait')
      if (from === 'plain') return builder.wait(id, wait)
      if (from === 'entry') return builder.wait(id, wait, { from: 'entry', past: 'exit' })
      if (from === 'event') return builder.wait(id, wait, { from: { event: 'visited' }, past: 'skip' })
      if (from === 'date')
        return builder.wait(id, { businessDays: -3 }, { from: { attribute: 'birthday' }, past: { within: '2 days' } })
      return builder.wait(id, { days: -7, at: '09:00' }, { from: { attribute: 'renewsAt' } })
    }),
  )

const doDraft = (rest: Draft, failed: Draft): fc.Arbitrary<Draft> =>
  fc.constantFrom('set', 'remove', 'call', 'tell', 'try').map((kind) =>
    before(rest, (builder, ids) => {
      const { update, call, event } = builder
      const id = ids.next('do')
      if (kind === 'set') return update(id, { set: { points: event.total, plan: null }, add: { tags: ['buyer'] } })
      if (kind === 'remove') return update(id, { set: { points: 3 }, remove: { tags: ['lead', 'new'] } })
      if (kind === 'tell') return call(id, 'crm.note', {}, { wait: false, attempts: 3, timeout: '5 seconds' })
      if (kind === 'try') return call(id, 'crm.note', { all: event.shop }, { failed: failed.build(builder, ids) })
      return call(id, 'crm.note', { total: event.total, note: or(event.note, 'none'), list: [1, { a: null }] })
    }),
  )

/** One arm always ends; the others go on if they can. */
const forkDraft = (rest: Draft, one: Draft, other: Draft): fc.Arbitrary<Draft> =>
  fc.constantFrom('mail', 'segment', 'split', 'wait').map((kind) => {
    const ends = kind !== 'wait' && other.ends
    const after = ends ? { build: empty.build, ends } : rest
    return before(after, (builder, ids) => {
      const { branch, waitFor, split, opened, clicked, end } = builder
      const id = ids.next('fork')
      const mail = ids.sent.at(-1)
      const yes = [...one.build(builder, ids), ...(one.ends ? [] : [end(ids.next('end'))])]
      const no = other.build(builder, ids)
      if (kind === 'mail' && mail !== undefined) return branch(id, clicked(mail, { link: 7 }), { yes, no })
      if (kind === 'split')
        return split(id, {
          arms: { a: { weight: 2, steps: yes }, b: { weight: 1, steps: no } },
          holdout: 1,
          experiment: 'shared',
        })
      if (kind !== 'wait') return branch(id, kind === 'mail' ? pros : buyers, { yes, no })
      return waitFor(id, {
        for: [
          { event: 'order.placed', where: (order, { any }) => any(order('total', '>=', 1), order('note', 'isSet')), steps: yes },
          { segment: pros },
          ...(mail === undefined ? [] : [{ mail: opened(mail), steps: [] }]),
        ],
        timeout: { after: '3 days', steps: no },
        since: 'previous',
      })
    })
  })

const endDraft: fc.Arbitrary<Draft> = fc.boolean().map((goes) => ({
  build: ({ end, goTo, event }, ids) => [goes ? goTo(ids.next('go'), 'other', { total: event.total }) : end(ids.next('end'))],
  ends: true,
}))

const drafts = (depth: number): fc.Arbitrary<Draft> => {
  if (depth === 0) return fc.constant(empty)
  const rest = drafts(depth - 1)
  return fc.oneof(
    fc.constant(empty),
    rest.chain(sendDraft),
    rest.chain(sendDraft),
    rest.chain(waitDraft),
    fc.tuple(rest, rest).chain(([after, failed]) => doDraft(after, failed)),
    fc.tuple(rest, rest, rest).chain(([after, one, other]) => forkDraft(after, one, other)),
    endDraft,
  )
}

const settings: fc.Arbitrary<Omit<Options, 'steps'>> = fc.record({
  version: fc.integer({ min: 1, max: 9 }),
  enterOn: fc.constantFrom<NonNullable<Options['enterOn']> & ('order.placed' | { event: 'order.placed' })>('order.placed', {
    event: 'order.placed',
    where: (order) => order('total', '>=', 1_000),
  }),
  reentry: fc.constantFrom<NonNullable<Options['reentry']>>('once', 'after-exit', 'every-event', { cooldown: '30 days' }),
  minGap: fc.constantFrom('0 hours' as const, '90 minutes' as const),
  inFlight: fc.constantFrom('pin' as const, 'migrate' as const, 'exit' as const),
})

/** Scenarios as apps write them. */
export const scenarios = fc.tuple(settings, drafts(5)).map(([options, draft]) =>
  model.scenario('program', {
    ...options,
    exitOn: 'visited',
    steps: (builder) => [builder.send('first', news), ...draft.build(builder, new Ids(['first']))],
  }),
)

/** Scenarios in the words that the first release had. */
export const firstScenarios = fc
  .record({
    version: fc.integer({ min: 1, max: 9 }),
    reentry: fc.constantFrom('once' as const, 'every-event' as const),
    window: fc.constantFrom({ from: '22:00', to: '06:00' } as const, { days: 'business', from: '09:00', to: '20:00' } as const),
    isByHand: fc.boolean(),
    order: fc.array(fc.constantFrom('send', 'wait', 'branch', 'stop'), { minLength: 1, maxLength: 5 }),
  })
  .map(({ order, isByHand, ...options }) =>
    model.scenario('first', {
      ...options,
      ...(isByHand ? {} : { enterOn: 'visited' }),
      exitOn: ['order.placed'],
      steps: ({ send, wait, branch, end }) =>
        order.map((kind, index) => {
          const id = `${kind}-${index}`
          if (kind === 'send') return send(id, news, { late: 'send' })
          if (kind === 'wait') return wait(id, { days: index + 1, at: '10:00' })
          return branch(id, kind === 'stop' ? pros : buyers, {
            no: [kind === 'stop' ? end(`end-${index}`) : send(`s-${index}`, news)],
          })
        }),
    }),
  )
