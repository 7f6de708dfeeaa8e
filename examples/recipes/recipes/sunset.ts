import { letter, title } from '../mail/letter.ts'
import { model } from '../mail/model.ts'

const lastAsk = model.template('sunset-last-ask', {
  purpose: 'marketing',
  topic: 'offers',
  subject: (its) => title(its, 'メールの配信を続けてもよろしいですか', 'Shall we keep writing to you?'),
  body: (its) =>
    letter(its, {
      ja: 'この半年ほど、メールをご覧いただいていないようです。続けてよろしければ、2週間以内に下のボタンを押してください。押されない場合、ご案内のメールをお休みします。会員登録とポイントはそのままです。',
      en: 'You have not used our mails for half a year. If you want them, press the button within two weeks; otherwise they rest. Your account and points stay.',
      link: '/mypage/mail/keep',
      button: { ja: '配信を続ける', en: 'Keep writing' },
    }),
})

/** No human click in 180 days (facts §7), of those who had the time and the mail for one. */
const neverClicking = model.segment('never-clicking', ({ all, not, did, received, clicked, attribute }) =>
  all(
    received({ within: '180 days', count: ['>=', 6] }),
    not(clicked({ within: '180 days' })),
    not(did('member.registered', { within: '180 days' })),
    not(did('order.placed', { within: '180 days' })),
    not(attribute('mailing', '=', 'paused')),
  ),
)

/** Whom broadcasts and other scenarios should go to. */
export const listeners = model.segment('listeners', ({ not, attribute }) => not(attribute('mailing', '=', 'paused')))

/**
 * 反応のない方への配信停止(サンセット): a last question, then silence.
 *
 * Purpose: a list that is read. Mail that nobody opens costs money and the good standing of the domain with Gmail and others.
 * Enters: six mails and no click in 180 days; asked a week later, unless the sixth is clicked. Leaves: by a click or an order, kept
 * for 180 days more; else paused after two weeks.
 * Who is paused and orders within a year gets mail again. Paused is no withdrawal: consent and its evidence stay as they are.
 * Measure: share that stays; complaint rate and open rate of the whole list before and after.
 * Change first: 180 days: longer for goods that are bought once a year. Broadcast to `listeners`.
 */
export const sunset = model.scenario('sunset', {
  version: 1,
  enterOn: { segment: neverClicking },
  reentry: 'after-exit',
  window: { days: 'business', from: '10:00', to: '18:00' },
  priority: -20,
  steps: ({ send, wait, waitFor, branch, clicked, update, end }) => [
    wait('time-to-read', { weeks: 1, at: '10:00' }),
    branch('still', neverClicking, { no: [end('reads')] }),
    send('last-ask', lastAsk),
    waitFor('answer', {
      for: [
        { mail: clicked('last-ask'), steps: [end('kept')] },
        { event: 'order.placed', steps: [end('buys')] },
      ],
      timeout: { after: { weeks: 2 } },
    }),
    update('pause', { set: { mailing: 'paused' } }),
    waitFor('comes-back', {
      for: [
        { event: 'order.placed', steps: [update('resume', { set: { mailing: 'all' } })] },
        { mail: clicked('last-ask'), steps: [update('resume-by-click', { set: { mailing: 'all' } })] },
      ],
      timeout: { after: { months: 12 } },
    }),
  ],
})
