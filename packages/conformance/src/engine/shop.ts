import { defineModel } from '@tobiishi/core'
import * as z from 'zod'

/** The shop of the engine's cases: its customers, their events, its mail. */
export const model = defineModel({
  contact: z.object({
    plan: z.enum(['free', 'pro']).optional(),
    birthday: z.iso.date().optional(),
    renewsOn: z.iso.date().optional(),
    trialEndsAt: z.iso.datetime({ offset: true }).optional(),
    tags: z.array(z.string()).optional(),
    visits: z.number().optional(),
  }),
  events: {
    'brochure.requested': z.object({ brochure: z.string() }),
    'order.placed': z.object({ total: z.number() }),
    'page.viewed': z.object({ page: z.string() }),
  },
  topics: { news: { title: { ja: 'お知らせ' } }, onboarding: { title: { ja: 'ご利用ガイド' } } },
})

/** A text-only marketing template whose subject is its name. */
export const plain = (name: string, topic: 'news' | 'onboarding' = 'onboarding') =>
  model.template(name, {
    purpose: 'marketing',
    topic,
    subject: ({ line }) => line`${name}`,
    body: ({ text, footer }) => text`本文\n${footer()}`,
  })

export const nudge = plain('nudge')
export const tips = plain('tips')
export const thanks = plain('thanks')
export const news = plain('news', 'news')
export const hello = model.template('hello', {
  purpose: 'marketing',
  topic: 'onboarding',
  props: z.object({ brochure: z.string() }),
  subject: ({ props, line }) => line`hello ${props.brochure}`,
  body: ({ text, footer }) => text`本文\n${footer()}`,
})
export const receipt = model.template('receipt', {
  purpose: 'transactional',
  subject: ({ line }) => line`receipt`,
  body: ({ text }) => text`ありがとうございます`,
})

export const everyone = model.segment('everyone', ({ everyone: all }) => all())
export const pros = model.segment('pros', ({ attribute }) => attribute('plan', '=', 'pro'))
export const buyers = model.segment('buyers', ({ did }) => did('order.placed', { where: (order) => order('total', '>=', 1_000) }))

/** A brochure → hello → three days, at ten → nudge, unless an order comes in between. */
export const onboarding = model.scenario('onboarding', {
  version: 1,
  enterOn: 'brochure.requested',
  exitOn: 'order.placed',
  steps: ({ send, wait, event }) => [
    send('hello', hello, { brochure: event.brochure }),
    wait('settle', { days: 3, at: '10:00' }),
    send('nudge', nudge),
  ],
})

/** An order → its receipt, each time. */
export const receipts = model.scenario('receipts', {
  version: 1,
  enterOn: 'order.placed',
  reentry: 'every-event',
  steps: ({ send }) => [send('receipt', receipt)],
})

/** Started by hand only. */
export const winBack = model.scenario('win-back', {
  version: 1,
  exitOn: 'order.placed',
  steps: ({ send, wait }) => [send('first', nudge), wait('a-week', '7 days'), send('second', thanks)],
})
