import { letter, title } from '../mail/letter.ts'
import { model } from '../mail/model.ts'

const trial = model.template('up-sell-trial', {
  purpose: 'marketing',
  topic: 'offers',
  subject: (its) => title(its, 'プロプランを14日間無料でお試しください', 'Pro, free for fourteen days'),
  body: (its) =>
    letter(its, {
      ja: 'いつもご利用ありがとうございます。記録の件数に上限のないプロプランを、14日間無料でお試しいただけます。',
      en: 'You use us a lot, thank you. Try Pro, with no limit on your records, free for fourteen days.',
      link: '/pro/trial',
      button: { ja: '無料で試す', en: 'Try it for free' },
    }),
})

const saving = model.template('up-sell-saving', {
  purpose: 'marketing',
  topic: 'offers',
  subject: (its) => title(its, '年払いなら2か月分お得です', 'Two months free with a year'),
  body: (its) =>
    letter(its, {
      ja: 'プロプランは年払いで2か月分お得です。今の使いかたですと、来月には無料プランの上限に届きます。',
      en: 'A year of Pro costs ten months. At your pace you reach the limit of the free plan next month.',
      link: '/pro/yearly',
      button: { ja: '料金を見る', en: 'See the price' },
    }),
})

const heavyFreeUsers = model.segment('heavy-free-users', ({ all, attribute, did }) =>
  all(attribute('plan', '=', 'free'), did('app.used', { within: '30 days', count: ['>=', 20] })),
)
const proCustomers = model.segment('pro-customers', ({ attribute }) => attribute('plan', '=', 'pro'))

/**
 * アップセル: the larger plan for those who outgrow the small one.
 *
 * Purpose: to find out which offer moves heavy users to Pro, and how many would have gone anyway.
 * Enters: whoever comes to 20 days of use in 30 on the free plan, at most every 90 days. Leaves: being on Pro (goal).
 * Two arms are mailed; one in ten stays without mail. All mail stands inside the arms: behind the split the holdout gets it too.
 * Measure: share on Pro after 30 days, arm against arm, and both against the holdout; conversion rate.
 * Change first: the two offers. Keep the name of the experiment while it runs, and take a new one with new offers.
 */
export const upSell = model.scenario('up-sell', {
  version: 1,
  enterOn: { segment: heavyFreeUsers },
  goal: { segment: proCustomers },
  reentry: { cooldown: '90 days' },
  window: { days: 'business', from: '09:00', to: '18:00' },
  steps: ({ send, wait, split }) => [
    split('offer', {
      experiment: 'up-sell-1',
      arms: {
        trial: {
          weight: 45,
          steps: [send('trial', trial), wait('think', { businessDays: 7, at: '10:00' }), send('trial-again', trial)],
        },
        saving: { weight: 45, steps: [send('saving', saving)] },
      },
      holdout: 10,
    }),
  ],
})
