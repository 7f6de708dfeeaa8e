import * as z from 'zod'
import { letter, title } from '../mail/letter.ts'
import { model } from '../mail/model.ts'

const props = z.object({ name: z.string() })

const ask = model.template('review-ask', {
  purpose: 'marketing',
  topic: 'voices',
  props,
  subject: (its) =>
    title(its, its.line`${its.props.name}はいかがでしたか(1分で終わります)`, its.line`How is ${its.props.name}? (one minute)`),
  body: (its) =>
    letter(its, {
      ja: its.mjml`${its.props.name}の感想をお聞かせください。星を選ぶだけでも大丈夫です。よい点も困った点も、そのままお書きください。`,
      en: its.mjml`How do you find ${its.props.name}? A click on the stars is enough; the good and the bad are welcome.`,
      link: '/reviews/new',
      button: { ja: '感想を書く', en: 'Write a review' },
    }),
})

const thanks = model.template('review-thanks', {
  purpose: 'marketing',
  topic: 'voices',
  subject: (its) => title(its, 'レビューのご投稿ありがとうございました', 'Thank you for your review'),
  body: (its) =>
    letter(its, {
      ja: 'うれしいご感想をありがとうございました。ほかの方の選ぶ手がかりになります。',
      en: 'Thank you for your kind words. They help others to choose.',
      link: '/reviews/mine',
      button: { ja: '投稿したレビューを見る', en: 'See my review' },
    }),
})

const sorry = model.template('review-sorry', {
  purpose: 'marketing',
  topic: 'voices',
  subject: (its) => title(its, 'ご期待に添えず申し訳ありません', 'We are sorry'),
  body: (its) =>
    letter(its, {
      ja: 'ご期待に添えず申し訳ありません。担当者から改めてご連絡いたします。よろしければ、詳しい状況をお聞かせください。',
      en: 'We are sorry that it was not what you hoped for. Someone will write to you; please tell us more if you like.',
      link: '/feedback',
      button: { ja: '状況を伝える', en: 'Tell us more' },
    }),
})

/**
 * レビュー依頼とフィードバック: asks once, reminds once, and answers what is said.
 *
 * Purpose: reviews that help others, and unhappy customers found before they leave.
 * Enters: a delivery, at most every 60 days. Leaves: a return. Good reviews are thanked for, bad ones go to support (`callBack`) too.
 * Nobody is paid for stars, and everyone is asked alike: asking the happy only is misleading (景品表示法, ステルスマーケティング規制).
 * Measure: reviews per mail delivered; share of ratings up to 3; hours until support answered.
 * Change first: days until the product has been used.
 */
export const reviewRequest = model.scenario('review-request', {
  version: 1,
  enterOn: 'order.delivered',
  exitOn: 'order.returned',
  reentry: { cooldown: '60 days' },
  window: { from: '10:00', to: '20:00' },
  priority: -5,
  steps: ({ send, waitFor, call, end, event }) => {
    const answers = (when: string) =>
      [
        {
          event: 'review.posted',
          where: (review) => review('rating', '>=', 4),
          steps: [send(`thanks-${when}`, thanks), end(`happy-${when}`)],
        },
        {
          event: 'review.posted',
          steps: [call(`support-${when}`, 'callBack', { why: 'review' }), send(`sorry-${when}`, sorry), end(`unhappy-${when}`)],
        },
      ] satisfies Parameters<typeof waitFor>[1]['for']
    return [
      waitFor('use-it', { for: answers('unasked'), timeout: { after: { days: 10, at: '12:00' } } }),
      send('ask', ask, { name: event.name }),
      waitFor('answer', { for: answers('asked'), timeout: { after: { days: 7, at: '19:00' } } }),
      send('remind', ask, { name: event.name }),
      waitFor('late-answer', { for: answers('reminded'), timeout: { after: { days: 14 } } }),
    ]
  },
})
