import * as z from 'zod'
import { defineModel } from '../src/index.ts'

/** A club with every kind of attribute that scenarios act on, as the tests of the engine's scenarios know it. */
export const model = defineModel({
  contact: z.object({
    plan: z.enum(['free', 'pro']).optional(),
    birthday: z.iso.date().optional(),
    renewsOn: z.iso.date().optional(),
    tags: z.array(z.string()).optional(),
    visits: z.number().optional(),
  }),
  events: {
    joined: z.object({ by: z.string() }),
    bought: z.object({ total: z.number() }),
    viewed: z.object({ page: z.string() }),
  },
  topics: { news: { title: { ja: 'お知らせ' } } },
})

/** A text-only marketing mail whose subject is its name. */
export const mail = (name: string) =>
  model.template(name, {
    purpose: 'marketing',
    topic: 'news',
    subject: ({ line }) => line`${name}`,
    body: ({ text, footer }) => text`本文\n${footer()}`,
  })

export const first = mail('first')
export const second = mail('second')
export const third = mail('third')

export const pros = model.segment('pros', ({ attribute }) => attribute('plan', '=', 'pro'))
export const buyers = model.segment('buyers', ({ did }) => did('bought'))
export const recentBuyers = model.segment('recent-buyers', ({ did }) => did('bought', { within: '30 days' }))

/** Monday 10:00 in Tokyo. */
export const now = '2026-01-05T01:00:00Z'
export const hour = 3_600_000
export const day = 24 * hour
export const at = (text: string): number => Date.parse(text)
