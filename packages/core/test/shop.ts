import * as z from 'zod'
import { defineModel } from '../src/index.ts'

/** A small shop as the engine's tests know it. */
export const model = defineModel({
  contact: z.object({
    plan: z.enum(['free', 'pro']).optional(),
    points: z.number().optional(),
    joinedAt: z.iso.datetime({ offset: true }).optional(),
  }),
  events: {
    'brochure.requested': z.object({ brochure: z.string() }),
    'order.placed': z.object({ total: z.number() }),
  },
  topics: { news: { title: { ja: 'お知らせ' } }, onboarding: { title: { ja: 'ご利用ガイド' } } },
})

/** A text-only marketing template whose subject is its name. */
export const plain = (name: string) =>
  model.template(name, {
    purpose: 'marketing',
    topic: 'onboarding',
    subject: ({ line }) => line`${name}`,
    body: ({ text, footer }) => text`本文\n${footer()}`,
  })

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
export const nudge = plain('nudge')
export const thanks = plain('thanks')

export const pro = model.segment('pro', ({ attribute }) => attribute('plan', '=', 'pro'))
export const buyers = model.segment('buyers', ({ did }) => did('order.placed'))

/** Requests a brochure → hello → three days → nudge, unless an order comes in between. */
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
