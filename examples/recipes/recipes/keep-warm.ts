import { letter, title } from '../mail/letter.ts'
import { model } from '../mail/model.ts'

const checklist = model.template('keep-warm-checklist', {
  purpose: 'marketing',
  topic: 'lessons',
  subject: (its) => title(its, '比較するときの7つの確認点', 'Seven things to compare'),
  body: (its) =>
    letter(its, {
      ja: '機器を比べるときに見落としやすい点を、1枚の表にまとめました。社内の回覧にもお使いください。',
      en: 'What is easily overlooked when comparing machines, on one page. Feel free to pass it on.',
      link: '/business/checklist',
      button: { ja: '確認表を開く', en: 'Open the list' },
    }),
})

const budget = model.template('keep-warm-budget', {
  purpose: 'marketing',
  topic: 'lessons',
  subject: (its) => title(its, '稟議にそのまま使える費用の表', 'A cost sheet for your approval'),
  body: (its) =>
    letter(its, {
      ja: '初期費用と1年間の費用を、人数を入れるだけで計算できる表をご用意しました。',
      en: 'Enter how many you are, and see what the first year costs.',
      link: '/business/cost-sheet',
      button: { ja: '費用の表を開く', en: 'Open the sheet' },
    }),
})

const tasting = model.template('keep-warm-tasting', {
  purpose: 'marketing',
  topic: 'lessons',
  subject: (its) => title(its, '試飲会のご案内(無料)', 'Come and taste, for free'),
  body: (its) =>
    letter(its, {
      ja: 'ショールームで毎月試飲会を開いています。3種類の機器を同じ豆で飲みくらべていただけます。',
      en: 'Each month you can taste the same beans from three machines in our showroom.',
      link: '/business/tasting',
      button: { ja: '日程を見る', en: 'See the dates' },
    }),
})

const readers = model.segment('readers-of-keep-warm', ({ clicked }) => clicked({ scenario: 'keep-warm', within: '120 days' }))

/**
 * 見込み客の温め(キープウォーム): once a month something useful, for those who are not ready yet.
 *
 * Purpose: to be remembered when the budget is there.
 * Enters: from `brochure-education`, or by hand (`mail.enrol`), when not in it. Leaves: an inquiry (goal), a talk, an order, a lost deal.
 * Who has clicked any of the three is handed to sales at the end.
 * Measure: unique clickers over the whole scenario; conversion rate (inquiry.received); unsubscribe rate per mail.
 * Change first: the three letters, each season.
 */
export const keepWarm = model.scenario('keep-warm', {
  version: 1,
  goal: 'inquiry.received',
  exitOn: ['sales.contacted', 'order.placed', 'deal.lost'],
  reentry: 'after-exit',
  window: { days: 'business', from: '09:00', to: '18:00' },
  steps: ({ send, wait, branch, call }) => [
    send('checklist', checklist),
    wait('month-1', { months: 1, at: '10:00' }),
    send('budget', budget),
    wait('month-2', { months: 1, at: '10:00' }),
    send('tasting', tasting),
    wait('weeks', { weeks: 2, at: '10:00' }),
    branch('reader', readers, { yes: [call('tell-sales', 'tellSales', { source: 'keep-warm' })] }),
  ],
})
