import * as z from 'zod'
import { letter, title } from '../mail/letter.ts'
import { model } from '../mail/model.ts'

const receipt = model.template('brochure-receipt', {
  purpose: 'transactional',
  props: z.object({ brochure: z.string() }),
  subject: (its) =>
    title(its, its.line`「${its.props.brochure}」のご請求を承りました`, its.line`Your request: ${its.props.brochure}`),
  body: (its) =>
    letter(its, {
      ja: its.mjml`「${its.props.brochure}」をご請求いただき、ありがとうございます。資料は下のボタンからご覧いただけます。`,
      en: its.mjml`Thank you for asking for "${its.props.brochure}". You can read it here at once.`,
      link: '/brochure',
      button: { ja: '資料を開く', en: 'Open the brochure' },
    }),
})

/**
 * 資料請求の受付: hands over what was asked for.
 *
 * Purpose: the answer that everyone expects within a minute; everything else belongs into `brochure-education`.
 * Enters: every request, at any hour. Leaves: at once. No advertisement in it, so it needs no consent and has no opt-out.
 * Measure: delivery rate, minutes from request to mail.
 * Change first: the link. With an offer in it, it would be marketing mail.
 */
export const brochureReceipt = model.scenario('brochure-receipt', {
  version: 1,
  enterOn: 'brochure.requested',
  reentry: 'every-event',
  minGap: '0 hours',
  steps: ({ send, event }) => [
    send('receipt', receipt, { brochure: event.brochure }, { urgent: 'Answers a request that was made a moment ago.' }),
  ],
})
