import { letter, title } from '../mail/letter.ts'
import { model } from '../mail/model.ts'

const oneMore = model.template('campaign-one-more', {
  purpose: 'marketing',
  topic: 'offers',
  subject: (its) => title(its, 'あと1回のお買い物で達成です', 'Only one more purchase to go'),
  body: (its) =>
    letter(its, {
      ja: '夏のスタンプラリーは、あと1個で達成です。達成された方全員に、限定のマグカップを差し上げます。',
      en: 'One more stamp completes your summer card. Everyone who completes it gets a mug that is not for sale.',
      link: '/campaign/summer',
      button: { ja: 'スタンプを確認する', en: 'See my card' },
    }),
})

const weekend = model.template('campaign-weekend', {
  purpose: 'marketing',
  topic: 'offers',
  subject: (its) => title(its, '週末のお買い物で、スタンプがそろいます', 'Complete your card this weekend'),
  body: (its) =>
    letter(its, {
      ja: 'スタンプはあと1個です。週末のお買い物に、この夏の新しい豆はいかがですか。',
      en: 'One stamp is missing. How about one of our summer beans this weekend?',
      link: '/items?season=summer',
      button: { ja: '夏の豆を見る', en: 'See summer beans' },
    }),
})

const complete = model.template('campaign-complete', {
  purpose: 'marketing',
  topic: 'offers',
  subject: (its) => title(its, '達成おめでとうございます', 'You made it'),
  body: (its) =>
    letter(its, {
      ja: 'スタンプラリーの達成、おめでとうございます。マグカップのお届け先をお知らせください。',
      en: 'Your card is complete. Tell us where to send your mug.',
      link: '/campaign/summer/prize',
      button: { ja: 'お届け先を入力する', en: 'Get my mug' },
    }),
})

const campaign = 'summer-2026'
const goal = 5
const nearlyThere = model.segment('one-stamp-to-go', ({ did }) =>
  did('stamp.earned', { count: ['=', goal - 1], where: (stamp) => stamp('campaign', '=', campaign) }),
)
const there = model.segment('card-complete', ({ did }) =>
  did('stamp.earned', { count: ['>=', goal], where: (stamp) => stamp('campaign', '=', campaign) }),
)

/**
 * キャンペーンの進み具合: "only one more purchase to go".
 *
 * Purpose: the last purchase of a stamp card; the nearer the goal, the stronger the pull.
 * Enters: with the last stamp but one, once a campaign. Leaves: congratulated, or two weeks later.
 * Measure: share of entered who complete; conversion rate (stamp.earned); days from `one-more` to the last stamp.
 * Change first: campaign, number of stamps, the prize. A new campaign is a new scenario name: who may enter counts by name.
 */
export const campaignProgress = model.scenario('campaign-summer-2026', {
  version: 1,
  enterOn: { segment: nearlyThere },
  window: { from: '09:00', to: '21:00' },
  priority: 10,
  steps: ({ send, waitFor, end }) => [
    send('one-more', oneMore),
    waitFor('completes', {
      for: [{ segment: there, steps: [send('complete', complete), end('done')] }],
      timeout: { after: { weekday: 'friday', at: '18:00' } },
    }),
    send('weekend', weekend),
    waitFor('completes-late', {
      for: [{ segment: there, steps: [send('complete-late', complete)] }],
      timeout: { after: { weeks: 2 } },
    }),
  ],
})
