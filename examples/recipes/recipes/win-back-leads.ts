import { letter, title } from '../mail/letter.ts'
import { model } from '../mail/model.ts'

const update = model.template('leads-update', {
  purpose: 'marketing',
  topic: 'lessons',
  subject: (its) => title(its, '以前ご検討いただいた件、その後いかがでしょうか', 'How did it go on?'),
  body: (its) =>
    letter(its, {
      ja: '以前はご検討いただき、ありがとうございました。その後、月額での導入と小型の機器が加わり、条件が変わりました。1枚にまとめています。',
      en: 'Thank you for considering us. Since then we added monthly plans and a small machine: here is what changed, on one page.',
      link: '/business/changes',
      button: { ja: '変わった点を見る', en: 'See what changed' },
    }),
})

const question = model.template('leads-question', {
  purpose: 'marketing',
  topic: 'lessons',
  subject: (its) => title(its, '1つだけお聞かせください', 'One question only'),
  body: (its) =>
    letter(its, {
      ja: '今後のご予定を1つだけ教えていただけますか。「予定なし」とお答えいただければ、この件のご連絡は終わりにします。',
      en: 'May we ask what your plans are? Answer "none", and we will not write about it again.',
      link: '/business/plans',
      button: { ja: '1問だけ答える', en: 'Answer' },
    }),
})

/**
 * 休眠顧客 in the B2B sense (facts §7). An order makes the status `won`, so a lead is who has not ordered since. Record the event
 * before the status, or both in one transaction: between the two, somebody new would look like somebody forgotten.
 */
const dormantLeads = model.segment('dormant-leads', ({ all, any, not, attribute, did }) =>
  all(
    attribute('leadStatus', 'in', ['inquired', 'lost']),
    any(did('inquiry.received'), did('deal.lost')),
    not(did('inquiry.received', { within: '90 days' })),
    not(did('deal.lost', { within: '90 days' })),
    not(did('sales.contacted', { within: '90 days' })),
  ),
)

/**
 * 休眠顧客の掘り起こし(見込み客): an inquiry or a lost deal, no order since, and no contact for 90 days.
 *
 * Purpose: a second talk, for the price of two mails.
 * Enters: when the 90 days are over, by the passing of time alone; again after the next 90 days of silence. Leaves: an inquiry
 * (goal), a talk, an order.
 * Who clicks is handed to sales; the others are asked one question.
 * Measure: talks out of `tell-sales`; conversion rate (inquiry.received); unsubscribe rate per mail.
 * Change first: what has changed since they said no.
 */
export const winBackLeads = model.scenario('win-back-leads', {
  version: 1,
  enterOn: { segment: dormantLeads },
  goal: 'inquiry.received',
  exitOn: ['sales.contacted', 'order.placed'],
  reentry: 'after-exit',
  window: { days: 'business', from: '09:00', to: '18:00' },
  steps: ({ send, waitFor, clicked, call, end }) => [
    send('update', update),
    waitFor('interest', {
      for: [{ mail: clicked('update'), steps: [call('tell-sales', 'tellSales', { source: 'win-back' }), end('with-sales')] }],
      timeout: { after: { businessDays: 7, at: '10:00' } },
    }),
    send('question', question),
  ],
})
