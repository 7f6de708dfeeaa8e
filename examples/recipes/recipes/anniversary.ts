import { letter, title } from '../mail/letter.ts'
import { model } from '../mail/model.ts'

const thanks = model.template('anniversary-thanks', {
  purpose: 'marketing',
  topic: 'offers',
  subject: (its) => title(its, '会員になっていただいて、また1年がたちました', 'Another year together'),
  body: (its) =>
    letter(its, {
      ja: '今日はご入会の記念日です。いつもありがとうございます。次のお買い物でお使いいただける500ポイントをお贈りします。',
      en: 'You joined us on this day. Thank you: 500 points for your next order.',
      link: '/mypage/points',
      button: { ja: 'ポイントを確認する', en: 'See my points' },
    }),
})

const loyalThanks = model.template('anniversary-loyal-thanks', {
  purpose: 'marketing',
  topic: 'offers',
  subject: (its) => title(its, 'この1年のご愛顧に、焙煎士からお礼を申し上げます', 'A thank-you from our roasters'),
  body: (its) =>
    letter(its, {
      ja: '今日はご入会の記念日です。この1年に何度もお選びいただいた方だけに、限定の豆をお送りします。お届け先をお選びください。',
      en: 'You joined us on this day, and came back often this year. Choose where we may send a bag that is not for sale.',
      link: '/mypage/gift',
      button: { ja: '受け取る', en: 'Get my gift' },
    }),
})

/** `yearly` begins with the date itself: the day of joining is no anniversary. */
const newcomers = model.segment('newcomers', ({ did }) => did('member.registered', { within: '300 days' }))
const loyal = model.segment('loyal-this-year', ({ did }) => did('order.placed', { within: '365 days', count: ['>=', 5] }))

/**
 * 記念日: thanks on the day of joining, each year.
 *
 * Purpose: recognition; the loyal are told that they are seen.
 * Enters: on the anniversary of `joinedOn`, each year. Leaves: at once.
 * Measure: conversion rate (order.placed) of `thanks`; share of gifts that are taken.
 * Change first: who counts as loyal, and the gifts.
 */
export const anniversary = model.scenario('anniversary', {
  version: 1,
  enterOn: { date: 'joinedOn', at: '10:00', yearly: true },
  window: { from: '09:00', to: '20:00' },
  priority: 15,
  steps: ({ send, branch, end }) => [
    branch('newcomer', newcomers, { yes: [end('too-early')] }),
    branch('loyal', loyal, { yes: [send('loyal-thanks', loyalThanks)], no: [send('thanks', thanks)] }),
  ],
})
