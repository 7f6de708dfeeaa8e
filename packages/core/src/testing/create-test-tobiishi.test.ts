import { describe, expect, it, vi } from 'vitest'
import * as z from 'zod'
import { defineModel, honorific, silentLogger, TobiishiError } from '../index.ts'
import { memoryStorage } from '../memory/index.ts'
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
  all(attribute('plan', '=', 'pro'), did('order.placed', { within: '30 days', where: (order) => order('total', '>=', 10_000) })),
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

  it('runs a scenario of ninety days, each mail at its time', async () => {
    const course = model.scenario('course', {
      version: 1,
      enterOn: 'brochure.requested',
      window: { days: 'weekdays', from: '09:00', to: '20:00' },
      steps: ({ send, wait }) =>
        Array.from({ length: 12 }, (_, week) => [
          wait(`week-${week}`, { days: 7, at: '10:00' }),
          send(`mail-${week}`, nudge),
        ]).flat(),
    })
    const t = await createTestTobiishi({ model, scenarios: [course], now: '2026-01-05T01:00:00Z' })
    await t.track('c_1', 'brochure.requested', { brochure: 'A' })
    await t.clock.advance('90 days')
    const messages = await t.messages.ofContact('c_1')
    expect(messages.map(({ finishedAt }) => finishedAt).toReversed()).toEqual(
      Array.from({ length: 12 }, (_, week) => Date.parse('2026-01-12T01:00:00Z') + week * 604_800_000),
    )
    expect(t.clock.now()).toBe(Date.parse('2026-04-05T01:00:00Z'))
  })

  it('grants consent only where the test says nothing of it', async () => {
    const t = await setUp()
    const evidence = { source: 'test' }
    await t.contacts.identify('left', { email: 'left@example.test', withdraw: [{ evidence }] })
    await t.contacts.identify('asked', { email: 'asked@example.test', consent: [{ basis: 'opt-in', evidence }] })
    await t.contacts.identify('silent', { email: 'silent@example.test' })
    for (const id of ['left', 'asked', 'silent']) await t.track(id, 'brochure.requested', { brochure: 'A' })
    await t.settle()
    expect(t.outbox.map(({ to }) => to).toSorted()).toEqual(['asked@example.test', 'silent@example.test'])
    expect(await t.consent.ledger('asked')).toHaveLength(1)
  })

  it('shows the world without its conveniences', async () => {
    const t = await createTestTobiishi({ model, scenarios: [onboarding], grantConsent: false, autoContacts: false })
    await t.contacts.identify('c_1', { email: 'a@example.test' })
    for (const id of ['c_1', 'c_2']) await t.track(id, 'brochure.requested', { brochure: 'A' })
    await t.settle()
    expect((await t.messages.ofContact('c_1')).map(({ reason }) => reason)).toEqual(['no-consent'])
    expect((await t.messages.ofContact('c_2')).map(({ reason }) => reason)).toEqual(['no-address'])
  })

  it('lets the receiving side answer', async () => {
    const t = await createTestTobiishi({
      model,
      scenarios: [onboarding],
      answer: () => ({ kind: 'rejected', bounceClass: 'hard-unknown-user', answer: { code: '550', enhancedCode: '5.1.1' } }),
    })
    await t.track('c_1', 'brochure.requested', { brochure: 'A' })
    await t.settle()
    expect(t.outbox).toEqual([])
    expect((await t.messages.ofContact('c_1')).map(({ state }) => state)).toEqual(['failed'])
    expect(await t.suppressions.has({ email: 'c_1@example.test' })).toBe(true)
  })

  it('follows the links that it shows', async () => {
    const t = await setUp()
    await t.track('c_1', 'brochure.requested', { brochure: 'A' })
    await t.settle()
    const [mail] = t.outbox
    const guide = mail?.links.find(({ label }) => label === '使いかた')
    const answer = await t.handler(new Request(guide?.href ?? ''))
    expect([answer.status, answer.headers.get('location')]).toEqual([302, 'https://example.jp/guide?a=1&b=2'])
    await t.handler(
      new Request(mail?.unsubscribeUrl ?? '', { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) }),
    )
    await t.clock.advance('4 days')
    expect(t.outbox).toHaveLength(1)
  })

  it('tells of a scenario that needs a calendar and has none', async () => {
    const lines: string[] = []
    const write = (event: string) => lines.push(event)
    const logger = { debug: write, info: write, warn: write, error: write }
    await createTestTobiishi({ model, scenarios: [onboarding], logger })
    expect(lines).toEqual(['calendar.missing'])
    await createTestTobiishi({ model, scenarios: [onboarding], logger, isHoliday: () => false })
    expect(lines).toHaveLength(1)
  })

  it('says on the console why a mail could not be rendered, as of a contact that it made without attributes', async () => {
    const written = vi.spyOn(console, 'error').mockImplementation(() => {})
    const planned = model.template('planned', {
      purpose: 'transactional',
      subject: ({ contact, line }) => line`${contact.plan}`,
      body: ({ text }) => text`本文`,
    })
    const plans = model.scenario('plans', {
      version: 1,
      enterOn: 'brochure.requested',
      steps: ({ send }) => [send('planned', planned)],
    })
    const t = await createTestTobiishi({ model, scenarios: [plans] })
    await t.track('c_1', 'brochure.requested', { brochure: 'A' })
    await t.settle()
    const lines = written.mock.calls.map(([line]) => String(line))
    written.mockRestore()
    expect(t.outbox).toEqual([])
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/template\.renderFailed.*planned.*contact\.plan/)
  })

  it('comes to an end also while its storage fails', async () => {
    const storage = memoryStorage()
    let isDown = false
    const t = await createTestTobiishi({
      model,
      scenarios: [onboarding],
      logger: silentLogger,
      storage: {
        ...storage,
        transaction: (work) =>
          storage.transaction((tx) =>
            work({
              ...tx,
              queue: {
                ...tx.queue,
                *mark(...given) {
                  if (isDown) throw new TobiishiError('storage.busy', 'down', { isRetryable: true })
                  return yield* tx.queue.mark(...given)
                },
              },
            }),
          ),
      },
    })
    await t.track('c_1', 'brochure.requested', { brochure: 'A' })
    isDown = true
    await expect(t.clock.advance('1 minute')).rejects.toThrow('down')
    isDown = false
    await t.clock.advance('1 hour')
    expect(t.outbox).toHaveLength(1)
  })

  it('comes to an end whichever of its transactions fails, and goes on afterwards', async () => {
    const calling = model.scenario('calling', {
      version: 1,
      enterOn: 'brochure.requested',
      steps: ({ send, call, wait, event }) => [
        send('hello', welcome, { brochure: event.brochure }),
        call('tell', 'tell'),
        wait('rest', '1 hour'),
        send('nudge', nudge),
      ],
    })
    let failures = 0
    for (let failing = 0; failing < 25; failing += 1) {
      const storage = memoryStorage()
      let left = Number.POSITIVE_INFINITY
      const transaction: typeof storage.transaction = (work) => {
        left -= 1
        if (left !== -1) return storage.transaction(work)
        failures += 1
        return Promise.reject(new TobiishiError('storage.busy', 'down', { isRetryable: true }))
      }
      const handlers = { tell: () => {} }
      const parts = { model, scenarios: [calling], logger: silentLogger, handlers, storage: { ...storage, transaction } }
      const t = await createTestTobiishi(parts)
      await t.track('c_1', 'brochure.requested', { brochure: 'A' })
      left = failing
      await t.clock.advance('2 hours').catch(() => {})
      await t.clock.advance('1 day')
      expect(t.outbox.map(({ subject }) => subject)).toEqual(['ご請求の資料をお届けします', 'その後いかがですか'])
    }
    expect(failures).toBeGreaterThan(10)
  })

  it('tells when a mail was handed over', async () => {
    const t = await createTestTobiishi({ model, scenarios: [onboarding], now: '2026-01-05T01:00:00Z' })
    await t.track('c_1', 'brochure.requested', { brochure: 'A' })
    await t.clock.advance('4 days')
    expect(t.outbox.map(({ at }) => new Date(at).toISOString())).toEqual(['2026-01-05T01:00:00.000Z', '2026-01-08T01:00:00.000Z'])
  })
})

describe('a handler that never settles', () => {
  const asking = model.scenario('asking', {
    version: 1,
    enterOn: 'brochure.requested',
    steps: ({ call, send }) => [call('ask', 'ask', {}, { timeout: '5 minutes', attempts: 2, failed: [send('nudge', nudge)] })],
  })

  it('ends at the time-out of its call by the virtual clock, aborts, and says so once', async () => {
    const logged: { readonly event: string; readonly fields: unknown }[] = []
    const error = (event: string, fields: unknown) => void logged.push({ event, fields })
    const tries: { readonly attempt: number; readonly at: number; readonly signal: AbortSignal }[] = []
    const t = await createTestTobiishi({
      model,
      scenarios: [asking],
      logger: { ...silentLogger, error },
      handlerPatience: 5,
      handlers: {
        ask: ({ attempt, signal }) => {
          tries.push({ attempt, at: t.clock.now(), signal })
          return new Promise(() => {})
        },
      },
    })
    await t.track('c_1', 'brochure.requested', { brochure: 'A' })
    const startedAt = t.clock.now()
    await t.settle()
    expect(t.clock.now()).toBe(startedAt + 5 * 60_000)
    expect(tries.map(({ attempt, signal }) => [attempt, signal.aborted])).toEqual([[1, true]])
    await t.clock.advance('1 hour')
    expect(tries.map(({ attempt }) => attempt)).toEqual([1, 2])
    expect(await t.scenarios.deadCalls()).toMatchObject([{ attempt: 2, error: 'The handler did not end within 300000 ms.' }])
    expect(t.outbox.map(({ subject }) => subject)).toEqual(['その後いかがですか'])
    expect(logged.map(({ event }) => event)).toEqual(['kit.handlerStuck', 'call.gaveUp'])
    expect(logged[0]?.fields).toMatchObject({ handler: 'ask', scenario: 'asking', step: 'ask' })
  })

  it('is not one that only takes its time', async () => {
    const t = await createTestTobiishi({
      model,
      scenarios: [asking],
      handlers: { ask: () => new Promise((resolve) => setImmediate(resolve)) },
    })
    await t.track('c_1', 'brochure.requested', { brochure: 'A' })
    const startedAt = t.clock.now()
    await t.settle()
    expect(t.clock.now()).toBe(startedAt)
    expect(await t.scenarios.enrolments('c_1')).toMatchObject([{ state: 'completed' }])
  })
})
