import { defineModel } from '@tobiishi/core'
import * as z from 'zod'

/** The one place where types are declared: what a contact has, what contacts do, and which streams of mail they can leave. */
export const model = defineModel({
  contact: z.object({ plan: z.enum(['free', 'pro']), birthday: z.iso.date().optional() }),
  events: {
    'member.registered': z.object({ shop: z.string() }),
    'brochure.requested': z.object({ brochure: z.string() }),
    'inquiry.received': z.object({ number: z.string() }),
    'order.placed': z.object({ total: z.number(), items: z.number() }),
  },
  topics: {
    welcome: { title: { ja: 'はじめての方へのご案内', en: 'Welcome series' } },
    education: { title: { ja: '庭づくり講座', en: 'Garden lessons' } },
    news: { title: { ja: '飛石ショップ通信', en: 'Shop news' } },
  },
})
