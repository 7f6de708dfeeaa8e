import { letter, title } from '../mail/letter.ts'
import { model } from '../mail/model.ts'

const news = model.template('win-back-news', {
  purpose: 'marketing',
  topic: 'offers',
  subject: (its) => title(its, 'お久しぶりです。この間に新しくなったこと', 'It has been a while: what is new'),
  body: (its) =>
    letter(its, {
      ja: '前回のご注文からしばらくたちました。その間に加わった5つの豆と、焙煎の日を選べるお届けをご紹介します。',
      en: 'Since your last order we added five beans, and you can now choose the day of roasting.',
      link: '/new',
      button: { ja: '新しい豆を見る', en: 'See what is new' },
    }),
})

const coupon = model.template('win-back-coupon', {
  purpose: 'marketing',
  topic: 'offers',
  subject: (its) => title(its, 'もう一度お会いしたくて、10%割引をご用意しました', 'We would like to see you again: 10 % off'),
  body: (its) =>
    letter(its, {
      ja: 'コード MODORU10 で、次のご注文が10%割引になります。期限は2週間です。',
      en: '10 % off your next order with the code MODORU10, for two weeks.',
      link: '/items?coupon=MODORU10',
      button: { ja: '割引で買う', en: 'Use my discount' },
    }),
})

/**
 * 休眠顧客の掘り起こし(購入者): an old customer who buys no more.
 *
 * Purpose: to win buyers back, and to know what the discount is worth.
 * Enters: on the day on which the last order is too old for this buyer: more than 90 days, and more than twice the usual gap
 * (facts §7). The app writes that day with every order: `attributes: { dormantOn: dormantOn(datesOfOrders) }`.
 * Leaves: an order (goal), which moves the day on; each new day enters once.
 * Measure: orders within 60 days, each arm against the holdout (one in ten); value of the orders less the discount.
 * Change first: the two offers. Who was dormant before you began has a day in the past: enrol those by hand, in portions.
 */
export const winBackBuyers = model.scenario('win-back-buyers', {
  version: 1,
  enterOn: { date: 'dormantOn', at: '11:00' },
  goal: 'order.placed',
  window: { from: '09:00', to: '20:00' },
  priority: 5,
  steps: ({ send, wait, split }) => [
    split('offer', {
      experiment: 'win-back-1',
      arms: {
        news: { weight: 45, steps: [send('news', news), wait('think', { days: 14, at: '11:00' }), send('late-coupon', coupon)] },
        coupon: { weight: 45, steps: [send('coupon', coupon)] },
      },
      holdout: 10,
    }),
  ],
})
