import { createTobiishi, defineModel, silentLogger } from '@tobiishi/core'
import type { Clock, Storage, Transport } from '@tobiishi/core/ports'
import * as z from 'zod'

const model = defineModel({
  contact: z.object({}),
  events: {
    'brochure.requested': z.object({ brochure: z.string() }),
    'order.placed': z.object({ order: z.string() }),
  },
  topics: { news: { title: { ja: 'お知らせ' } } },
})

/** Subjects tell the checks what a mail is: each is to reach its contact once. */
export const news = model.template('news', {
  purpose: 'marketing',
  topic: 'news',
  props: z.object({ issue: z.string() }),
  subject: ({ props, line }) => line`news ${props.issue}`,
  body: ({ text, footer }) => text`お知らせ\n${footer()}`,
})
const hello = model.template('hello', {
  purpose: 'marketing',
  topic: 'news',
  subject: ({ line }) => line`hello`,
  body: ({ text, footer }) => text`ようこそ\n${footer()}`,
})
const nudge = model.template('nudge', {
  purpose: 'marketing',
  topic: 'news',
  subject: ({ line }) => line`nudge`,
  body: ({ text, footer }) => text`いかがですか\n${footer()}`,
})
const receipt = model.template('receipt', {
  purpose: 'transactional',
  props: z.object({ order: z.string() }),
  subject: ({ props, line }) => line`receipt ${props.order}`,
  body: ({ text }) => text`ありがとうございます`,
})

export const everyone = model.segment('everyone', ({ everyone: all }) => all())

const onboarding = model.scenario('onboarding', {
  version: 1,
  enterOn: 'brochure.requested',
  exitOn: 'order.placed',
  steps: ({ send, wait }) => [send('hello', hello), wait('a-while', '1 minute'), send('nudge', nudge)],
})
const receipts = model.scenario('receipts', {
  version: 1,
  enterOn: 'order.placed',
  reentry: 'every-event',
  steps: ({ send, event }) => [send('receipt', receipt, { order: event.order })],
})

/** The app of the run, the same in every process. */
export const createMail = (parts: { readonly storage: Storage; readonly transport: Transport; readonly clock: Clock }) =>
  createTobiishi({
    ...parts,
    model,
    scenarios: [onboarding, receipts],
    templates: [news],
    senders: {
      default: {
        legalName: '株式会社飛石',
        displayName: '飛石',
        email: 'news@shop.test',
        postalAddress: '東京都千代田区1-1',
        contact: '03-0000-0000',
      },
    },
    baseUrl: 'https://shop.test/mail',
    secrets: [{ id: 'k1', value: 'a secret of the chaos run, long enough' }],
    addressKey: 'an address key of the chaos run, long enough',
    retry: { firstDelay: 20_000 },
    logger: silentLogger,
  })

export type ChaosMail = ReturnType<typeof createMail>
