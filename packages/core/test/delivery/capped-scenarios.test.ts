import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import type { DeclaredScenario } from '../../src/define/declared.ts'
import { defineModel } from '../../src/define/index.ts'
import { createTestTobiishi, type TestOptions } from '../../src/testing/index.ts'

const model = defineModel({
  contact: z.object({}),
  events: { asked: z.object({}), viewed: z.object({}) },
  topics: { news: { title: { ja: 'お知らせ' } }, tips: { title: { ja: '使いかた' } } },
})
const mail = (name: string, topic: 'news' | 'tips' = 'news') =>
  model.template(name, {
    purpose: 'marketing',
    topic,
    subject: ({ line }) => line`${name}`,
    body: ({ text, footer }) => text`本文\n${footer()}`,
  })
const [first, second, third, other] = [mail('first'), mail('second'), mail('third'), mail('other')]
const notice = model.template('notice', {
  purpose: 'transactional',
  subject: ({ line }) => line`notice`,
  body: ({ text }) => text`お知らせです。`,
})

/** first → two days → second. */
const course = model.scenario('course', {
  version: 1,
  enterOn: 'asked',
  steps: ({ send, wait }) => [send('one', first), wait('pause', { days: 2, at: '10:00' }), send('two', second)],
})
const once = (priority: number) =>
  model.scenario('offer', { version: 1, enterOn: 'viewed', priority, steps: ({ send }) => [send('only', other)] })

const everyone = model.segment('everyone', ({ everyone }) => everyone())

const start = (scenarios: readonly DeclaredScenario[], options: Partial<TestOptions<typeof model>> = {}) =>
  createTestTobiishi({
    model,
    scenarios,
    templates: [first, second, third, other, notice],
    caps: [{ name: 'daily', per: 'day', limit: 1 }],
    now: '2026-01-05T10:00:00+09:00',
    ...options,
  })
type Kit = Awaited<ReturnType<typeof start>>

/** `first 2026-01-05 10:00` in Tokyo, in the order of sending, then by name. */
const sentOf = async (t: Kit, id = 'c_1') =>
  (await t.messages.ofContact(id))
    .filter(({ state }) => state === 'sent')
    .toSorted((a, b) => (a.finishedAt ?? 0) - (b.finishedAt ?? 0) || (a.template < b.template ? -1 : 1))
    .map(({ template, finishedAt }) => `${template} ${tokyo(finishedAt)}`)
const skippedOf = async (t: Kit, id = 'c_1') =>
  (await t.messages.ofContact(id))
    .filter(({ state }) => state === 'skipped')
    .map(({ template, reason }) => `${template} ${reason}`)
const tokyo = (at: number | null) => new Date((at ?? 0) + 9 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')

describe('a frequency cap over scenarios', () => {
  it('defers by default, and what follows keeps its distance from the deferred mail', async () => {
    const t = await start([course, once(1)])
    await t.track('c_1', 'viewed', {})
    await t.track('c_1', 'asked', {})
    await t.clock.advance('7 days')
    expect(await sentOf(t)).toEqual(['other 2026-01-05 10:00', 'first 2026-01-06 00:00', 'second 2026-01-08 10:00'])
  })

  it('defers through the quiet hours', async () => {
    const t = await start([course, once(1)], { quietHours: { from: '21:00', to: '08:00' } })
    await t.track('c_1', 'viewed', {})
    await t.track('c_1', 'asked', {})
    await t.clock.advance('7 days')
    expect(await sentOf(t)).toEqual(['other 2026-01-05 10:00', 'first 2026-01-06 08:00', 'second 2026-01-08 10:00'])
  })

  it('with `skip` leaves the mail out and keeps the rest as planned', async () => {
    const t = await start([course, once(1)], { caps: [{ name: 'daily', per: 'day', limit: 1, policy: 'skip' }] })
    await t.track('c_1', 'viewed', {})
    await t.track('c_1', 'asked', {})
    await t.clock.advance('7 days')
    expect(await sentOf(t)).toEqual(['other 2026-01-05 10:00', 'second 2026-01-07 10:00'])
    expect(await skippedOf(t)).toEqual(['first capped'])
  })

  it('with `advance` goes on to the next mail without the wait', async () => {
    const tip = mail('tip', 'tips')
    const withTip = (name: string, enterOn: 'asked' | 'viewed', next: typeof first) =>
      model.scenario(name, {
        version: 1,
        enterOn,
        steps: ({ send, wait }) => [send('one', tip), wait('pause', { days: 2, at: '10:00' }), send('two', next)],
      })
    const t = await start([withTip('course', 'asked', second), withTip('again', 'viewed', third)], {
      templates: [],
      caps: [{ name: 'tips', per: 'month', limit: 1, topic: 'tips', policy: 'advance' }],
    })
    await t.track('c_1', 'asked', {})
    await t.settle()
    await t.track('c_1', 'viewed', {})
    await t.clock.advance('7 days')
    expect(await sentOf(t)).toEqual(['third 2026-01-05 10:00', 'tip 2026-01-05 10:00', 'second 2026-01-07 10:00'])
    expect(await skippedOf(t)).toEqual(['tip capped'])
  })

  it('holds for broadcasts too, which come after scenarios', async () => {
    const t = await start([course])
    await t.track('c_1', 'asked', {})
    await t.broadcasts.send({ template: other, to: everyone })
    await t.clock.advance('1 day')
    expect(await sentOf(t)).toEqual(['first 2026-01-05 10:00', 'other 2026-01-06 00:00'])
  })

  it('does not count transactional mail', async () => {
    const t = await start([course])
    await t.track('c_1', 'asked', {})
    await t.broadcasts.send({ template: notice, to: everyone })
    await t.settle()
    expect(await sentOf(t)).toHaveLength(2)
  })
})

describe('priority between scenarios that want the same contact on the same day', () => {
  it('lets the higher one have the day, also where it comes later that day', async () => {
    const urgentCourse = model.scenario('course', {
      version: 1,
      enterOn: 'asked',
      priority: 10,
      steps: ({ send, wait }) => [wait('until', { days: 0, at: '18:00' }), send('one', first)],
    })
    const t = await start([urgentCourse, once(0)])
    await t.track('c_1', 'asked', {})
    await t.track('c_1', 'viewed', {})
    await t.clock.advance('2 days')
    expect(await sentOf(t)).toEqual(['first 2026-01-05 18:00', 'other 2026-01-06 00:00'])
  })

  it('goes by what was planned first among equals', async () => {
    const t = await start([course, once(0)])
    await t.track('c_1', 'asked', {})
    await t.settle()
    await t.clock.advance('1 hour')
    await t.track('c_1', 'viewed', {})
    await t.clock.advance('1 day')
    expect(await sentOf(t)).toEqual(['first 2026-01-05 10:00', 'other 2026-01-06 00:00'])
  })
})
