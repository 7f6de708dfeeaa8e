import * as z from 'zod'
import { letter, title } from '../mail/letter.ts'
import { model } from '../mail/model.ts'
import { keepWarm } from './keep-warm.ts'

const basics = model.template('education-basics', {
  purpose: 'marketing',
  topic: 'lessons',
  props: z.object({ brochure: z.string() }),
  subject: (its) => title(its, 'オフィスコーヒー導入の基本(1/2)', 'Coffee at the office, part 1 of 2'),
  body: (its) =>
    letter(its, {
      ja: its.mjml`先日お送りした「${its.props.brochure}」はご覧いただけましたか。費用の考えかたを、1杯あたりの金額でまとめました。`,
      en: its.mjml`Have you had time for "${its.props.brochure}"? Here is how to think about cost: per cup.`,
      link: '/business/cost',
      button: { ja: '費用の考えかたを読む', en: 'Read about cost' },
    }),
})

const example = model.template('education-example', {
  purpose: 'marketing',
  topic: 'lessons',
  subject: (its) => title(its, '30名のオフィスの導入例(2/2)', 'An office of thirty, part 2 of 2'),
  body: (its) =>
    letter(its, {
      ja: '導入から1か月で何が変わったかを、総務のご担当者に伺いました。機器の置き場所と掃除の分担も写真でご覧いただけます。',
      en: 'We asked an office manager what changed in the first month, with pictures of where it stands and who cleans it.',
      link: '/business/cases/office-30',
      button: { ja: '導入例を見る', en: 'See the example' },
    }),
})

const consultation = model.template('education-consultation', {
  purpose: 'marketing',
  topic: 'lessons',
  subject: (its) => title(its, '15分のオンライン相談を承ります', 'Fifteen minutes with us, online'),
  body: (its) =>
    letter(its, {
      ja: '人数と設置場所を伺えれば、その場で概算をお出しします。ご検討の前の情報収集でもかまいません。',
      en: 'Tell us how many you are and where it would stand, and we name a price at once. Just looking is fine.',
      link: '/business/consultation',
      button: { ja: '日時を選ぶ', en: 'Choose a time' },
    }),
})

/** Handed to sales before. */
const warmLeads = model.segment('warm-leads', ({ attribute }) => attribute('tags', 'has', 'warm-lead'))

/**
 * 資料請求後の教育: lessons for those who asked for a brochure.
 *
 * Purpose: from a request to a talk with sales, at the reader's pace.
 * Enters: a request (`brochure-receipt` answers it), again after 90 days. Leaves: an inquiry (goal), a talk with sales, an order.
 * Who clicks the example is tagged, handed to sales and gets no more mail; who does not is offered a talk, and goes on to
 * `keep-warm`. A later request of who has the tag goes to sales at once.
 * Measure: conversion rate (inquiry.received); click rate of `example`; calls made out of `tell-sales`.
 * Change first: the two lessons; then how many open days lie between them.
 */
export const brochureEducation = model.scenario('brochure-education', {
  version: 1,
  enterOn: 'brochure.requested',
  goal: 'inquiry.received',
  exitOn: ['sales.contacted', 'order.placed'],
  reentry: { cooldown: '90 days' },
  window: { days: 'business', from: '09:00', to: '18:00' },
  priority: 10,
  steps: ({ send, wait, waitFor, branch, clicked, update, call, end, goTo, event }) => [
    branch('known', warmLeads, {
      yes: [call('tell-sales-again', 'tellSales', { brochure: event.brochure }), end('with-sales-again')],
    }),
    wait('arrives', { businessDays: 3, at: '10:00' }),
    send('basics', basics, { brochure: event.brochure }),
    wait('read', { businessDays: 4, at: '10:00' }),
    send('example', example),
    waitFor('interest', {
      for: [
        {
          mail: clicked('example'),
          steps: [
            update('mark', { add: { tags: ['warm-lead'] } }),
            call('tell-sales', 'tellSales', { brochure: event.brochure }),
            end('with-sales'),
          ],
        },
      ],
      timeout: { after: { businessDays: 5, at: '10:00' } },
    }),
    send('consultation', consultation),
    wait('a-month', { months: 1, at: '10:00' }),
    goTo('keep-warm', keepWarm),
  ],
})
