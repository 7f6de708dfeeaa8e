import * as z from 'zod'
import { letter, title } from '../mail/letter.ts'
import { model } from '../mail/model.ts'

const props = z.object({ url: z.string() })

const forgotten = model.template('cart-forgotten', {
  purpose: 'marketing',
  topic: 'offers',
  props,
  subject: (its) => title(its, 'お買い物の途中ではありませんか', 'Still in your cart'),
  body: (its) =>
    letter(its, {
      ja: 'カートの商品をお取り置きしています。ご不明な点があれば、このメールにそのままご返信ください。',
      en: 'We are keeping what is in your cart. Questions? Just answer this mail.',
      link: its.props.url,
      button: { ja: 'カートに戻る', en: 'Back to my cart' },
    }),
})

const lastCall = model.template('cart-last-call', {
  purpose: 'marketing',
  topic: 'offers',
  props,
  subject: (its) => title(its, 'カートの商品のお取り置きは本日までです', 'We keep your cart until tonight'),
  body: (its) =>
    letter(its, {
      ja: 'お取り置きは本日までとなります。送料やお支払い方法は、ご注文の確定前にお確かめいただけます。',
      en: 'We keep it until tonight. You see shipping and payment before you confirm.',
      link: its.props.url,
      button: { ja: 'カートを確認する', en: 'See my cart' },
    }),
})

/**
 * カゴ落ち: brings back whoever left a filled cart.
 *
 * Purpose: orders that were almost placed.
 * Enters: a cart with something in it, at most once in 7 days. Leaves: an order (goal).
 * The two hours count from the latest change of the cart, so nobody is reminded while still choosing. What the mail links to is
 * the cart, not its contents: they would be those of the first change.
 * Measure: conversion rate (order.placed) and its value by step; unsubscribe rate per mail.
 * Change first: the two hours; then whether the second mail offers something.
 */
export const cart = model.scenario('cart', {
  version: 1,
  enterOn: { event: 'cart.updated', where: (cart) => cart('items', '>=', 1) },
  goal: 'order.placed',
  reentry: { cooldown: '7 days' },
  maxEventAge: '6 hours',
  window: { from: '08:00', to: '22:00' },
  priority: 10,
  steps: ({ send, wait, event }) => [
    wait('quiet', '2 hours', { from: { event: 'cart.updated' } }),
    send('forgotten', forgotten, { url: event.url }, { sendWithin: '12 hours' }),
    wait('next-evening', { days: 1, at: '20:00' }),
    send('last-call', lastCall, { url: event.url }, { sendWithin: '3 hours' }),
  ],
})
