/** What check-packages runs in a fresh project: the packages as published, on plain Node. */
import { sqliteStorage } from '@tobiishi/adapters-sqlite'
import { defineModel, honorific } from '@tobiishi/core'
import { createTestTobiishi } from '@tobiishi/core/testing'
import { mjml } from '@tobiishi/render-mjml'
import * as z from 'zod'

const model = defineModel({
  contact: z.object({}),
  events: { 'brochure.requested': z.object({ brochure: z.string() }) },
  topics: { onboarding: { title: { ja: 'ご利用ガイド', en: 'Getting started' } } },
})
const welcome = model.template('welcome', {
  purpose: 'marketing',
  topic: 'onboarding',
  subject: ({ line }) => line`ようこそ`,
  body: ({ recipient, mjml, footer }) =>
    mjml`<mj-section><mj-column><mj-text>${honorific(recipient)}</mj-text></mj-column></mj-section>${footer()}`,
})
const onboarding = model.scenario('onboarding', {
  version: 1,
  enterOn: 'brochure.requested',
  steps: ({ send }) => [send('hello', welcome)],
})

const storage = sqliteStorage({ database: 'user.db' })
await storage.migrate()
const mail = await createTestTobiishi({
  model,
  scenarios: [onboarding],
  templates: [],
  storage,
  markup: mjml(),
  now: '2026-01-05T01:00:00Z',
})
await mail.track('c_1', 'brochure.requested', { brochure: 'A' })
await mail.clock.advance('1 hour')
if (mail.outbox[0]?.subject !== 'ようこそ') throw new Error('the packed packages did not send the mail')
await mail.close()
console.log('a mail from the packed tarballs')
