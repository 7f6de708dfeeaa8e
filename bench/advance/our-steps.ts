import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { createTobiishi, defineModel, silentLogger } from '@tobiishi/core'
import type { Clock, Storage, Transport, TransportResult } from '@tobiishi/core/ports'
import * as z from 'zod'
import { baseUrl, secrets, sender } from '../fixtures/sender.ts'

/** Rounds that the scenario has steps for. */
export const mostRounds = 16
const day = 86_400_000
/** 2026-01-05, 10:00 in Tokyo. */
const start = Date.UTC(2026, 0, 5, 1)

const model = defineModel({
  contact: z.object({ plan: z.enum(['free', 'pro']), points: z.number() }),
  events: { joined: z.object({}) },
  topics: { news: { title: { ja: 'お知らせ' } } },
})
const pros = model.segment('pros', ({ attribute }) => attribute('plan', '=', 'pro'))
const mailOf = (name: string) =>
  model.template(name, {
    purpose: 'marketing',
    topic: 'news',
    subject: ({ line }) => line`${name}`,
    body: ({ text, footer }) => text`本文\n${footer()}`,
  })
const forPros = mailOf('for-pros')
const forOthers = mailOf('for-others')

/** Every day at ten: a wait that ends, a branch on an attribute, a mail for the night. Three steps and a message row a contact and round. */
const steps = model.scenario('steps', {
  version: 1,
  enterOn: 'joined',
  window: { from: '23:00', to: '23:59' },
  steps: ({ wait, branch, send }) =>
    Array.from({ length: mostRounds + 1 }, (_, round) => [
      wait(`wait-${round}`, { days: 1, at: '10:00' }),
      branch(`branch-${round}`, pros, { yes: [send(`pro-${round}`, forPros)], no: [send(`other-${round}`, forOthers)] }),
    ]).flat(),
})

const accepted: TransportResult = { kind: 'accepted', providerId: null, answer: {} }
const transport: Transport = {
  name: 'nowhere',
  concurrency: 50,
  maxCallMs: 10_000,
  send: async () => accepted,
  verify: async () => {},
  close: async () => {},
}

export interface OurSteps {
  /** Lets a day pass and does its steps; steps a second. What it queued is sent afterwards, outside of the measurement. */
  round(): Promise<number>
  close(): Promise<void>
}

/** Contacts in the scenario on a storage, each at its first wait. */
export const ourSteps = async (storage: Storage<never>, contacts: number): Promise<OurSteps> => {
  await storage.migrate()
  let now = start
  const clock: Clock = {
    now: () => now,
    monotonic: () => performance.now(),
    sleepUntil: async (until, signal) => {
      await sleep(Math.max(0, until - now), undefined, signal === undefined ? {} : { signal }).catch(() => {})
    },
  }
  const mail = createTobiishi({
    model,
    scenarios: [steps],
    storage,
    transport,
    clock,
    senders: { default: sender },
    baseUrl,
    secrets,
    addressKey: 'the address key of the benches, 32 bytes or more',
    logger: silentLogger,
  })
  const consent = [{ basis: 'opt-in' as const, evidence: { source: 'bench' } }]
  const ids = Array.from({ length: contacts }, (_, index) => `c_${index}`)
  await mail.contacts.identifyMany(
    ids.map((id, index) => ({
      id,
      profile: { email: `${id}@example.jp`, attributes: { plan: index % 2 === 0 ? 'pro' : 'free', points: index }, consent },
    })),
  )
  await mail.trackMany(
    ids.map((id) => ({ contactId: id, event: 'joined', payload: {}, id })),
    { startScenarios: true },
  )
  await mail.tick()

  let rounds = 0
  return {
    round: async () => {
      rounds += 1
      now = start + rounds * day
      const started = performance.now()
      const report = await mail.tick()
      const seconds = (performance.now() - started) / 1_000
      assert.equal(report.sent, 0, 'mail went out before its window')
      const kpi = await mail.reports.kpi({ scenario: 'steps' })
      assert.equal(kpi.queued, contacts, 'not every contact has its mail queued')
      now += 13.5 * 3_600_000
      const night = await mail.tick()
      assert.equal(night.sent, contacts, 'not every mail went out at night')
      return (3 * contacts) / seconds
    },
    close: () => mail.close(),
  }
}
