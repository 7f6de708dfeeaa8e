import { model } from './model.ts'
import { bigSpenders } from './segments.ts'
import { brochureReceipt, comeBack, lastCall, lesson1, lesson2, offer, proThanks, welcome, welcomeTips } from './templates.ts'

const officeHours = { days: 'any', from: '09:00', to: '20:00' } as const

/** 会員登録 → ようこそ → 3日後 → 7日後. */
export const welcomeSeries = model.scenario('welcome-series', {
  version: 1,
  enterOn: 'member.registered',
  window: officeHours,
  steps: ({ send, wait, branch }) => [
    send('hello', welcome),
    wait('settle', { days: 3, at: '10:00' }),
    send('tips', welcomeTips),
    wait('a-week', { days: 7, at: '10:00' }),
    branch('spender', bigSpenders, { yes: [send('pro', proThanks)], no: [] }),
  ],
})

/** 資料請求 → 受付 → 講座3回; ends with the first order. */
export const education = model.scenario('education', {
  version: 1,
  enterOn: 'brochure.requested',
  exitOn: 'order.placed',
  window: { days: 'business', from: '09:00', to: '18:00' },
  steps: ({ send, wait, event }) => [
    send('receipt', brochureReceipt, { brochure: event.brochure }),
    wait('arrives', { days: 3, at: '10:00' }),
    send('lesson-1', lesson1, { brochure: event.brochure }),
    wait('read', { days: 5, at: '10:00' }),
    send('lesson-2', lesson2),
    wait('grow', { days: 7, at: '10:00' }),
    send('offer', offer),
  ],
})

/** 休眠顧客の掘り起こし; started by hand for everyone in a segment. */
export const winBack = model.scenario('win-back', {
  version: 1,
  exitOn: 'order.placed',
  window: officeHours,
  steps: ({ send, wait }) => [send('come-back', comeBack), wait('think', { days: 7, at: '11:00' }), send('last-call', lastCall)],
})
