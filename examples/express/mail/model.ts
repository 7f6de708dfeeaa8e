import { defineModel } from '@tobiishi/core'
import * as z from 'zod'

export const model = defineModel({
  contact: z.object({ plan: z.enum(['free', 'pro']) }),
  events: { 'user.registered': z.object({ plan: z.enum(['free', 'pro']) }), 'order.placed': z.object({ total: z.number() }) },
  topics: { onboarding: { title: { ja: 'ご利用ガイド', en: 'Getting started' } } },
})
