import { formatDate, or } from '@tobiishi/core'
import { letter, title } from '../mail/letter.ts'
import { model } from '../mail/model.ts'

const ahead = model.template('renewal-ahead', {
  purpose: 'transactional',
  subject: (its) => title(its, '【重要】ご契約の更新日が近づいています', 'Your contract ends soon'),
  body: (its) => {
    const date = or(formatDate(its.contact.renewsOn, { weekday: true }), '―')
    return letter(its, {
      ja: its.mjml`現在のご契約は${date}までです。ご継続の場合はお手続きをお願いいたします。変更や解約も同じ画面で承ります。`,
      en: its.mjml`Your contract runs until ${date}. You can renew, change or end it on one page.`,
      link: '/mypage/contract',
      button: { ja: '契約内容を確認する', en: 'See my contract' },
    })
  },
})

const tomorrow = model.template('renewal-tomorrow', {
  purpose: 'transactional',
  subject: (its) => title(its, '【重要】ご契約は明日までです', 'Your contract ends tomorrow'),
  body: (its) =>
    letter(its, {
      ja: 'ご契約は明日で終了します。お手続きがない場合、明後日からご利用いただけなくなります。データは90日間保管します。',
      en: 'Your contract ends tomorrow. Without a renewal you cannot use the service after that; your data is kept for 90 days.',
      link: '/mypage/contract',
      button: { ja: '更新の手続きへ', en: 'Renew' },
    }),
})

/**
 * 契約更新のお知らせ: 30 days, 7 days and 1 day before the contract ends.
 *
 * Purpose: nobody loses a contract by forgetting it.
 * Enters: 30 days before `renewsOn`, for each date once. Leaves: renewed, cancelled, or moved: another date enters by itself.
 * Whose new date is nearer than 30 days is enrolled by hand. A date that is merely corrected moves the reminders of who is in it:
 * the waits count back from the date itself, and `after-exit` keeps the corrected one from starting a second course beside them.
 * A reminder whose day has passed is left out.
 * A notice of contract without advertising, so caps and quiet hours do not hold it. With an offer in it, make it marketing.
 * Measure: renewals by the date; delivery rate; renewals before the last mail.
 * Change first: the days, by how long your customers need to decide.
 */
export const renewal = model.scenario('renewal', {
  version: 1,
  enterOn: { date: 'renewsOn', days: -30, at: '10:00' },
  reentry: 'after-exit',
  exitOn: ['subscription.renewed', 'subscription.moved', 'subscription.cancelled'],
  window: { from: '09:00', to: '18:00' },
  steps: ({ send, wait }) => [
    send('month-before', ahead),
    wait('until-week', { days: -7, at: '10:00' }, { from: { attribute: 'renewsOn' } }),
    send('week-before', ahead),
    wait('until-eve', { days: -1, at: '10:00' }, { from: { attribute: 'renewsOn' } }),
    send('day-before', tomorrow),
  ],
})
