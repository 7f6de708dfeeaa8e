import { defineModel } from '@tobiishi/core'
import * as z from 'zod'

/**
 * What all recipes together know of a customer. Take the lines that your recipe uses, in the words of your own app, and leave
 * the rest.
 */
export const model = defineModel({
  contact: z.object({
    plan: z.enum(['free', 'pro']).optional(),
    birthday: z.iso.date().optional(),
    /** Member since. */
    joinedOn: z.iso.date().optional(),
    /** Last day of the contract. */
    renewsOn: z.iso.date().optional(),
    /** `dormantOn(dates of orders)`, written with each order. */
    dormantOn: z.iso.date().optional(),
    /** Of business customers, kept by the sales team: the last thing that happened. */
    leadStatus: z.enum(['inquired', 'lost', 'won']).optional(),
    /** `paused`: marketing mail rests. */
    mailing: z.enum(['all', 'paused']).optional(),
    tags: z.array(z.string()).optional(),
  }),
  events: {
    'member.registered': z.object({}),
    'brochure.requested': z.object({ brochure: z.string() }),
    'inquiry.received': z.object({ about: z.string() }),
    'deal.lost': z.object({ reason: z.string() }),
    'sales.contacted': z.object({ channel: z.enum(['phone', 'visit', 'online']) }),
    'item.viewed': z.object({ name: z.string(), url: z.string() }),
    'cart.updated': z.object({ items: z.number(), url: z.string() }),
    'order.placed': z.object({ category: z.enum(['machine', 'beans', 'other']), total: z.number() }),
    'order.delivered': z.object({ category: z.enum(['machine', 'beans', 'other']), name: z.string() }),
    'order.returned': z.object({ name: z.string() }),
    'review.posted': z.object({ rating: z.number() }),
    'stamp.earned': z.object({ campaign: z.string() }),
    'app.used': z.object({}),
    'subscription.renewed': z.object({}),
    /** Its last day was moved. */
    'subscription.moved': z.object({}),
    'subscription.cancelled': z.object({}),
  },
  topics: {
    guide: { title: { ja: 'ご利用ガイド', en: 'Getting started' } },
    lessons: { title: { ja: '導入のヒント', en: 'Lessons for business' } },
    offers: { title: { ja: 'おすすめ・特典のご案内', en: 'Offers' } },
    voices: { title: { ja: 'レビューのお願い', en: 'Reviews and feedback' } },
  },
})
