import * as z from 'zod'
import { letter, title } from '../mail/letter.ts'
import { model } from '../mail/model.ts'

const lookAgain = model.template('browsing-look-again', {
  purpose: 'marketing',
  topic: 'offers',
  props: z.object({ name: z.string(), url: z.string() }),
  subject: (its) => title(its, its.line`${its.props.name}をご検討中の方へ`, its.line`Still thinking about ${its.props.name}?`),
  body: (its) =>
    letter(its, {
      ja: its.mjml`${its.props.name}をご覧いただき、ありがとうございます。お使いの方の声と、よくあるご質問をまとめました。`,
      en: its.mjml`You looked at ${its.props.name}. Here is what its owners say, and what others asked.`,
      link: its.props.url,
      button: { ja: 'もう一度見る', en: 'Look again' },
    }),
})

/** Interested, has not bought, and was not written to about it lately. */
const keen = model.segment('keen-viewers', ({ all, not, did, received }) =>
  all(
    did('item.viewed', { within: '7 days', count: ['>=', 3] }),
    not(did('order.placed', { within: '7 days' })),
    not(received({ scenario: 'browsing', within: '14 days' })),
  ),
)

/**
 * 閲覧リターゲティング: viewed, but did not buy.
 *
 * Purpose: an answer to the doubts of those who keep looking.
 * Enters: any view, when not in it. Leaves: an order (goal), or something put into the cart: from then on `cart` takes care.
 * Mail goes to the keen only: three views in seven days, no order, none of these mails for 14 days.
 * Measure: conversion rate (order.placed); click rate; mails per contact and month.
 * Change first: what makes a viewer keen. Write only with consent to measuring on the site (facts §5).
 */
export const browsing = model.scenario('browsing', {
  version: 1,
  enterOn: 'item.viewed',
  goal: 'order.placed',
  exitOn: 'cart.updated',
  reentry: 'after-exit',
  maxEventAge: '6 hours',
  window: { from: '09:00', to: '21:00' },
  priority: -10,
  steps: ({ send, wait, branch, event }) => [
    wait('next-evening', { days: 1, at: '19:00' }),
    branch('keen', keen, { yes: [send('look-again', lookAgain, { name: event.name, url: event.url })] }),
  ],
})
