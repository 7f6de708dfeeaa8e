import { letter, title } from '../mail/letter.ts'
import { model } from '../mail/model.ts'

const tips = model.template('usage-tips', {
  purpose: 'marketing',
  topic: 'guide',
  subject: (its) => title(its, '5分で済む使いかたをご存じですか', 'The five-minute way'),
  body: (its) =>
    letter(its, {
      ja: '最近はお忙しいでしょうか。1日5分で記録が続く使いかたを、3人の利用者に伺いました。',
      en: 'Busy days? Three users show how five minutes a day are enough.',
      link: '/guide/five-minutes',
      button: { ja: '続けかたを見る', en: 'See how' },
    }),
})

const help = model.template('usage-help', {
  purpose: 'marketing',
  topic: 'guide',
  subject: (its) => title(its, 'お困りのことはありませんか', 'Can we help?'),
  body: (its) =>
    letter(its, {
      ja: 'うまくいかないことがあれば、このメールにご返信ください。担当者が1営業日以内にお答えします。',
      en: 'If something does not work, answer this mail. We write back within one working day.',
      link: '/help',
      button: { ja: 'よくあるご質問', en: 'Help' },
    }),
})

/** Used it well in the last 60 days, hardly in the last 14. */
const fallingUsage = model.segment('falling-usage', ({ all, did }) =>
  all(did('app.used', { within: '60 days', count: ['>=', 12] }), did('app.used', { within: '14 days', count: ['<=', 1] })),
)
const backInUse = model.segment('back-in-use', ({ did }) => did('app.used', { within: '7 days', count: ['>=', 2] }))
const paying = model.segment('paying', ({ attribute }) => attribute('plan', '=', 'pro'))

/**
 * 利用低下: uses less than before, and has not left yet.
 *
 * Purpose: fewer cancellations; help comes before the complaint.
 * Enters: when use has fallen, at most every 60 days. Leaves: back in use (goal), cancelled.
 * After a week paying customers are called by a person (`callBack`), the others get a second mail.
 * Measure: share back in use within 14 days; cancellations within 90 days, against those of last year.
 * Change first: the counts: look at how often your good customers come.
 */
export const fallingUse = model.scenario('falling-usage', {
  version: 1,
  enterOn: { segment: fallingUsage },
  goal: { segment: backInUse },
  exitOn: 'subscription.cancelled',
  reentry: { cooldown: '60 days' },
  window: { days: 'weekdays', from: '09:00', to: '20:00' },
  steps: ({ send, wait, branch, call }) => [
    send('tips', tips),
    wait('a-week', { days: 7, at: '10:00' }),
    branch('pays', paying, { yes: [call('call-back', 'callBack', { why: 'falling usage' })], no: [send('help', help)] }),
  ],
})
