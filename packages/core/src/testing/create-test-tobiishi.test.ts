import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { defineModel, honorific } from '../index.ts'
import { createTestTobiishi } from './index.ts'

const model = defineModel({
  contact: z.object({ plan: z.enum(['free', 'pro']), company: z.string().optional() }),
  events: {
    'brochure.requested': z.object({ brochure: z.string() }),
    'order.placed': z.object({ total: z.number() }),
  },
  topics: { onboarding: { title: { ja: 'ご利用ガイド', en: 'Getting started' } } },
})
const bigSpenders = model.segment('big-spenders', ({ attribute, did, all }) =>
  all(
    attribute('plan', '=', 'pro'),
    did('order.placed', { within: '30 days', where: (order) => order('total', '>=', 10_000) }),
  ),
)
const welcome = model.template('welcome', {
  purpose: 'marketing',
  topic: 'onboarding',
  props: z.object({ brochure: z.string() }),
  subject: ({ line }) => line`ご請求の資料をお届けします`,
  preheader: ({ props, line }) => line`${props.brochure} の使いかた`,
  body: ({ recipient, props, mjml, footer }) =>
    mjml`<mj-section><mj-column><mj-text>${honorific(recipient)} ${props.brochure}</mj-text><mj-button href="https://example.jp/guide?a=1&amp;b=2">使いかた</mj-button></mj-column></mj-section>${footer()}`,
})
const nudge = model.template('nudge', {
  purpose: 'marketing',
  topic: 'onboarding',
  subject: ({ line }) => line`その後いかがですか`,
  body: ({ text, footer }) => text`いかがですか\n${footer()}`,
})
const onboarding = model.scenario('onboarding', {
  version: 1,
  enterOn: 'brochure.requested',
  exitOn: 'order.placed',
  reentry: 'once',
  window: { days: 'business', from: '09:00', to: '20:00' },
  steps: ({ send, wait, branch, event }) => [
    send('hello', welcome, { brochure: event.brochure }),
    wait('settle', { days: 3, at: '10:00' }),
    branch('spender', bigSpenders, { yes: [], no: [send('nudge', nudge)] }),
  ],
})
const setUp = () =>
  createTestTobiishi({ model, scenarios: [onboarding], templates: [welcome, nudge], now: '2026-01-05T01:00:00Z' })

describe('the testing kit', () => {
  it('runs the first scenario of the documentation', async () => {
    const t = await setUp()
    await t.track('c_1', 'brochure.requested', { brochure: 'A' })
    await t.clock.advance('4 days')
    expect(t.outbox.map((message) => message.subject)).toEqual(['ご請求の資料をお届けします', 'その後いかがですか'])
  })

  it('shows mail as its reader has it', async () => {
    const t = await setUp()
    await t.contacts.identify('c_1', { email: 'Hanako@Example.test', name: { family: '山田', given: '花子' } })
    await t.track('c_1', 'brochure.requested', { brochure: '<A>' })
    await t.settle()
    const [mail] = t.outbox
    expect(mail?.to).toBe('Hanako@example.test')
    expect(mail?.from).toContain('テスト')
    expect(mail?.html).toContain('山田 花子 様 &lt;A&gt;')
    expect(mail?.text).toContain('山田 花子 様 <A>')
    expect(mail?.links.map(({ label }) => label)).toContain('使いかた')
    expect(mail?.links[0]?.href).toMatch(/^https:\/\/app\.test\/mail\/c\//)
    expect(mail?.unsubscribeUrl).toMatch(/^https:\/\/app\.test\/mail\/u\//)
  })
})
