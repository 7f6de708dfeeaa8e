import * as z from 'zod'
import { letter, title } from '../mail/letter.ts'
import { model } from '../mail/model.ts'

const howTo = model.template('follow-up-how-to', {
  purpose: 'marketing',
  topic: 'guide',
  props: z.object({ name: z.string() }),
  subject: (its) =>
    title(its, its.line`${its.props.name}を長くお使いいただくために`, its.line`Getting the most out of ${its.props.name}`),
  body: (its) =>
    letter(its, {
      ja: its.mjml`${its.props.name}はもうお試しいただけましたか。最初の1週間で知っておくと役に立つことを、3つにまとめました。`,
      en: its.mjml`Have you tried ${its.props.name} yet? Three things that are good to know in the first week.`,
      link: '/guide/first-week',
      button: { ja: '使いかたを見る', en: 'See how to use it' },
    }),
})

const firstRefill = model.template('follow-up-first-refill', {
  purpose: 'marketing',
  topic: 'offers',
  subject: (its) => title(its, '2回目のお買い物でお使いいただける特典です', 'For your second order'),
  body: (its) =>
    letter(its, {
      ja: '2回目のご注文でお使いいただける、10%割引のコード MATA10 をお届けします。',
      en: 'Take 10 % off your second order with the code MATA10.',
      link: '/items?coupon=MATA10',
      button: { ja: '商品を見る', en: 'See the shop' },
    }),
})

const regularThanks = model.template('follow-up-regular-thanks', {
  purpose: 'marketing',
  topic: 'offers',
  subject: (its) => title(its, 'いつもありがとうございます。先行販売のご案内', 'Thank you, and a first look'),
  body: (its) =>
    letter(its, {
      ja: 'いつもお選びいただき、ありがとうございます。来月発売の豆を、ひと足先にお求めいただけます。',
      en: 'Thank you for coming back. You may order next month’s beans before everyone else.',
      link: '/items/preview',
      button: { ja: '先行販売を見る', en: 'See what is new' },
    }),
})

const regulars = model.segment('regular-buyers', ({ did }) => did('order.placed', { count: ['>=', 2], within: '365 days' }))

/**
 * 購入後フォロー: help with what was bought, then a reason to come back.
 *
 * Purpose: a good start with the product, and the second order (F2 転換).
 * Enters: a delivery, at most once in 30 days. Leaves: a return of goods, or the next order (goal).
 * Measure: conversion rate (order.placed) of `first-refill` against `regular-thanks`; returns per delivery.
 * Change first: days until the product is used up (`use`).
 */
export const purchaseFollowUp = model.scenario('purchase-follow-up', {
  version: 1,
  enterOn: 'order.delivered',
  exitOn: 'order.returned',
  goal: 'order.placed',
  reentry: { cooldown: '30 days' },
  window: { from: '09:00', to: '20:00' },
  steps: ({ send, wait, branch, event }) => [
    wait('unpack', { days: 2, at: '10:00' }),
    send('how-to', howTo, { name: event.name }),
    wait('use', { days: 18, at: '19:00' }),
    branch('regular', regulars, { yes: [send('regular-thanks', regularThanks)], no: [send('first-refill', firstRefill)] }),
  ],
})
