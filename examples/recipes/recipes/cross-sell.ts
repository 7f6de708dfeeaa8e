import { letter, title } from '../mail/letter.ts'
import { model } from '../mail/model.ts'

const beans = model.template('cross-sell-beans', {
  purpose: 'marketing',
  topic: 'offers',
  subject: (its) => title(its, 'お求めの機器に合う豆を選びました', 'Beans for your machine'),
  body: (its) =>
    letter(its, {
      ja: 'お使いの機器の蒸らし時間に合わせて、焙煎士が3種類を選びました。はじめの1袋は送料無料でお届けします。',
      en: 'Our roasters chose three beans for the way your machine brews. The first bag ships for free.',
      link: '/items?for=machine',
      button: { ja: '合う豆を見る', en: 'See the beans' },
    }),
})

const beansAgain = model.template('cross-sell-beans-again', {
  purpose: 'marketing',
  topic: 'offers',
  subject: (its) => title(its, 'はじめの1袋の送料無料は今週までです', 'Free shipping ends this week'),
  body: (its) =>
    letter(its, {
      ja: '機器に合う豆の送料無料は、今週の日曜日までです。迷われたら、いちばん選ばれている中煎りからどうぞ。',
      en: 'Free shipping of your first bag ends on Sunday. Most people begin with the medium roast.',
      link: '/items/medium-roast',
      button: { ja: '中煎りを見る', en: 'See the medium roast' },
    }),
})

const haveBeans = model.segment('buyers-of-beans', ({ did }) =>
  did('order.placed', { within: '30 days', where: (order) => order('category', '=', 'beans') }),
)

/**
 * クロスセル: what goes with what was bought.
 *
 * Purpose: the second category, beans for whoever bought a machine.
 * Enters: the delivery of a machine. Leaves: an order of beans (goal), a return. Who bought beans with the machine gets no mail.
 * Measure: conversion rate (order.placed of beans); open rate of the reminder, which only those get who did not open.
 * Change first: the pair of categories; then days until the first beans run out.
 */
export const crossSell = model.scenario('cross-sell', {
  version: 1,
  enterOn: { event: 'order.delivered', where: (order) => order('category', '=', 'machine') },
  exitOn: 'order.returned',
  goal: { event: 'order.placed', where: (order) => order('category', '=', 'beans') },
  reentry: { cooldown: '180 days' },
  window: { from: '09:00', to: '20:00' },
  steps: ({ send, wait, branch, opened, end }) => [
    wait('first-cups', { days: 10, at: '19:00' }),
    branch('has-beans', haveBeans, { yes: [end('served')] }),
    send('beans', beans),
    wait('until-friday', { weekday: 'friday', at: '19:00' }),
    branch('saw-it', opened('beans'), { no: [send('beans-again', beansAgain)] }),
  ],
})
