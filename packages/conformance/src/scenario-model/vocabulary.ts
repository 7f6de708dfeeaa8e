import { defineModel } from '@tobiishi/core'
import * as z from 'zod'

const event = z.object({ n: z.number() })

/** The shop of the random commands. */
export const model = defineModel({
  contact: z.object({
    plan: z.enum(['free', 'pro']).optional(),
    stage: z.string().optional(),
    renewsOn: z.iso.date().optional(),
    tags: z.array(z.string()).optional(),
  }),
  events: { signed: event, viewed: event, bought: event, cancelled: event },
  topics: { news: { title: { ja: 'お知らせ' } }, tips: { title: { ja: '使いかた' } } },
})

export const eventNames = ['signed', 'viewed', 'bought', 'cancelled'] as const
export type EventName = (typeof eventNames)[number]

/** A text-only marketing mail. */
export const mail = (name: string, topic: 'news' | 'tips' = 'tips') =>
  model.template(name, {
    purpose: 'marketing',
    topic,
    subject: ({ line }) => line`${name}`,
    body: ({ text, footer }) => text`本文\n${footer()}`,
  })

/** A text-only mail that needs no consent. */
export const notice = (name: string) =>
  model.template(name, {
    purpose: 'transactional',
    subject: ({ line }) => line`${name}`,
    body: ({ text }) => text`本文`,
  })

export const pros = model.segment('pros', ({ attribute }) => attribute('plan', '=', 'pro'))
export const customers = model.segment('customers', ({ attribute }) => attribute('stage', '=', 'customer'))
/** Left by time alone, two days after the last view. */
export const recent = model.segment('recent', ({ did }) => did('viewed', { within: '2 days' }))
