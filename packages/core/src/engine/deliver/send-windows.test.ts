import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import type { DeclaredScenario } from '../../define/declared.ts'
import { defineModel } from '../../define/index.ts'
import { TobiishiError } from '../../errors/index.ts'
import { memoryStorage } from '../../memory/index.ts'
import type { Storage } from '../../ports/storage/index.ts'
import type { TransportResult } from '../../ports/transport.ts'
import { createTestTobiishi, type TestOptions } from '../../testing/index.ts'

const model = defineModel({
  contact: z.object({}),
  events: { asked: z.object({}) },
  topics: { news: { title: { ja: 'お知らせ' } } },
})
const hello = model.template('hello', {
  purpose: 'marketing',
  topic: 'news',
  subject: ({ line }) => line`こんにちは`,
  body: ({ text, footer }) => text`本文\n${footer()}`,
})
const scenario = (version: number, days: 'any' | 'business', hours: number) =>
  model.scenario('office', {
    version,
    enterOn: 'asked',
    window: { days, from: '09:00', to: '20:00' },
    steps: ({ send }) => [send('hello', hello, { sendWithin: `${hours} hours` })],
  })
const unhurried = scenario(1, 'business', 100)
const always = model.scenario('office', { version: 2, enterOn: 'asked', steps: ({ send }) => [send('hello', hello)] })

const unreachable: TransportResult = { kind: 'transient', answer: { text: 'connection refused' } }
const friday1900 = '2026-01-09T10:00:00Z'
const saturday0500 = '2026-01-09T20:00:00Z'

const start = (storage: Storage<unknown>, options: Partial<TestOptions<typeof model, unknown>>) =>
  createTestTobiishi({ model, storage, templates: [hello], ...options })
type Kit = Awaited<ReturnType<typeof start>>

/** `sent 2026-01-10T00:00`, `skipped expired …`, `queued`. */
const fate = async (t: Kit, id = 'c_1') => {
  const [message] = await t.messages.ofContact(id)
  if (message === undefined) return 'none'
  const { state, reason, finishedAt } = message
  const when = finishedAt === null ? [] : [new Date(finishedAt).toISOString().slice(0, 16)]
  return [state, ...(reason === null ? [] : [reason]), ...when].join(' ')
}

/** The rows of a process that queued a mail on Friday at 19:00 in Tokyo, could not reach the mail server, and ended. */
const leftOnFriday = async (declared: DeclaredScenario) => {
  const storage: Storage<unknown> = memoryStorage()
  const t = await start(storage, { scenarios: [declared], now: friday1900, answer: () => unreachable })
  await t.track('c_1', 'asked', {})
  await t.settle()
  expect(await fate(t)).toBe('queued')
  return storage
}

describe('a late worker outside the window', () => {
  it('waits for the next opening, over weekend and holiday', async () => {
    const storage = await leftOnFriday(unhurried)
    const isHoliday = (date: string) => date === '2026-01-12'
    const t = await start(storage, { scenarios: [unhurried], now: saturday0500, isHoliday })
    expect(await t.settle()).toMatchObject({ sent: 0, failed: 0, skipped: 0, retried: 1 })
    await t.clock.advance('4 days')
    expect(await fate(t)).toBe('sent 2026-01-13T00:00')
  })

  it('skips what would have expired by then', async () => {
    const declared = scenario(1, 'business', 24)
    const t = await start(await leftOnFriday(declared), { scenarios: [declared], now: saturday0500 })
    expect(await t.settle()).toMatchObject({ sent: 0, failed: 0, skipped: 1 })
    expect(await fate(t)).toBe('skipped expired 2026-01-09T20:00')
  })

  it.each([
    ['declares another version', [always]],
    ['does not declare the scenario', []],
  ])('keeps to the window of the version that planned the mail, also where it %s', async (_what, scenarios) => {
    const t = await start(await leftOnFriday(unhurried), { scenarios, now: saturday0500 })
    await t.settle()
    expect(t.outbox).toEqual([])
    await t.clock.advance('4 days')
    expect(await fate(t)).toBe('sent 2026-01-12T00:00')
  })

  it("looks at the contact's own clock", async () => {
    const storage: Storage<unknown> = memoryStorage()
    const options = { scenarios: [scenario(1, 'any', 24)], answer: () => unreachable }
    const before = await start(storage, { ...options, now: friday1900 })
    await before.contacts.identify('c_1', { email: 'a@customer.example', timeZone: 'Europe/Berlin' })
    await before.track('c_1', 'asked', {})
    await before.settle()
    const after = await start(storage, { scenarios: options.scenarios, now: '2026-01-09T18:00:00Z' })
    await after.settle()
    expect(await fate(after)).toBe('sent 2026-01-09T18:00')
  })

  it('sends nothing while the calendar cannot tell, says so, and goes on with the rest', async () => {
    const lines: string[] = []
    const write = (event: string) => void lines.push(event)
    const isHoliday = (): boolean => {
      throw new TobiishiError('time.beyond_horizon', 'no data')
    }
    const logger = { debug() {}, info() {}, warn: write, error: write }
    const storage = await leftOnFriday(unhurried)
    const t = await start(storage, { scenarios: [unhurried], now: '2026-01-12T01:00:00Z', isHoliday, logger })
    await t.broadcasts.send({ template: hello, to: model.segment('everyone', ({ everyone }) => everyone()) })
    expect(await t.settle()).toMatchObject({ sent: 1, failed: 0, skipped: 0 })
    expect(lines).toContain('window.undecided')
    const fixed = await start(storage, { scenarios: [unhurried], now: '2026-01-12T02:00:00Z' })
    expect(await fixed.settle()).toMatchObject({ sent: 1 })
  })
})

describe('a retry', () => {
  it('does not fall into the night: it waits for the morning', async () => {
    const calls: string[] = []
    const clock: { now(): number } = { now: () => 0 }
    const t = await start(memoryStorage(), {
      scenarios: [scenario(1, 'any', 24)],
      now: friday1900,
      answer: () => {
        calls.push(new Date(clock.now()).toISOString())
        return clock.now() < Date.parse('2026-01-09T20:00:00Z') ? unreachable : undefined
      },
    })
    clock.now = () => t.clock.now()
    await t.track('c_1', 'asked', {})
    await t.clock.advance('1 day')
    expect(await fate(t)).toBe('sent 2026-01-10T00:00')
    expect(calls.slice(0, -1).filter((at) => at >= '2026-01-09T11:00:00')).toEqual([])
  })
})
