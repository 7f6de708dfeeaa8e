import { letter, title } from '../mail/letter.ts'
import { model } from '../mail/model.ts'

const gift = model.template('birthday-gift', {
  purpose: 'marketing',
  topic: 'offers',
  subject: (its) => title(its, 'もうすぐお誕生日ですね。贈りものをご用意しました', 'Your birthday is near: a gift from us'),
  body: (its) =>
    letter(its, {
      ja: 'お誕生日を前に、ささやかな贈りものです。コード OIWAI で、お好きな商品が15%割引になります。お誕生日の1週間後までお使いいただけます。',
      en: 'A small gift ahead of the day: 15 % off anything with the code OIWAI, until a week after your birthday.',
      link: '/items?coupon=OIWAI',
      button: { ja: '贈りものを使う', en: 'Use my gift' },
    }),
})

const today = model.template('birthday-today', {
  purpose: 'marketing',
  topic: 'offers',
  subject: (its) => title(its, 'お誕生日おめでとうございます', 'Happy birthday'),
  body: (its) =>
    letter(its, {
      ja: 'お誕生日おめでとうございます。よい一年になりますように。15%割引のコード OIWAI は、あと1週間お使いいただけます。',
      en: 'Happy birthday, and a good year to you. Your 15 % (OIWAI) are there for one more week.',
      link: '/items?coupon=OIWAI',
      button: { ja: '贈りものを使う', en: 'Use my gift' },
    }),
})

/** Whoever corrects the date enters by the new one too. */
const gifted = model.segment('gifted-this-year', ({ received }) => received({ scenario: 'birthday', within: '300 days' }))
const shoppers = model.segment('shopped-this-week', ({ did }) => did('order.placed', { within: '7 days' }))

/**
 * 誕生日: a gift a week before, a wish on the day.
 *
 * Purpose: goodwill, and an order in the birthday month.
 * Enters: a week before the birthday, each year; 29 February is celebrated on the 28th in other years. Leaves: after the day.
 * Who bought in that week has used the gift, and is not written to again.
 * Measure: conversion rate (order.placed); orders with the code against birthdays; unsubscribe rate per mail.
 * Change first: the gift. Who tells a birthday that is less than a week away is greeted from next year on.
 */
export const birthday = model.scenario('birthday', {
  version: 1,
  enterOn: { date: 'birthday', days: -7, at: '10:00', yearly: true, leapDay: 'feb-28' },
  window: { from: '09:00', to: '20:00' },
  priority: 15,
  steps: ({ send, wait, branch, end }) => [
    branch('once-a-year', gifted, { yes: [end('gifted')] }),
    send('gift', gift),
    wait('the-day', { days: 7, at: '09:00' }, { from: 'entry' }),
    branch('used', shoppers, { no: [send('today', today)] }),
  ],
})
