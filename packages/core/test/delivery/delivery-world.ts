import { randomBytes } from 'node:crypto'
import * as z from 'zod'
import type { DeclaredTemplate } from '../../src/define/declared.ts'
import { defineModel } from '../../src/define/index.ts'
import type { ConsentState } from '../../src/domain/consent/consent.ts'
import type { Contact } from '../../src/domain/contact/contact.ts'
import { contactHash } from '../../src/domain/contact/contact-hash.ts'
import { bucketOf, day, hour, minute } from '../../src/domain/time/instant.ts'
import type { Runtime, Settings } from '../../src/engine/runtime.ts'
import type { Handler } from '../../src/engine/tobiishi.ts'
import { memoryStorage } from '../../src/memory/index.ts'
import { createAddressKeys, createSigner, prepareTemplate } from '../../src/message/index.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { Message, MessageFacts, QueueEntry, Storage } from '../../src/ports/storage/index.ts'
import { type ScriptedTransport, scriptedTransport } from './scripted-transport.ts'

export const start = Date.parse('2026-01-05T01:00:00Z')

/** A clock that stands still until it is moved. */
export interface ManualClock extends Clock {
  advance(ms: number): void
}

export const manualClock = (): ManualClock => {
  let now = start
  let sleepers: { readonly until: number; readonly wake: () => void }[] = []
  return {
    now: () => now,
    monotonic: () => now - start,
    sleepUntil: (until, signal) =>
      new Promise((wake) => {
        if (until <= now || signal?.aborted) return wake()
        sleepers = [...sleepers, { until, wake }]
        signal?.addEventListener('abort', () => wake(), { once: true })
      }),
    advance: (ms) => {
      now += ms
      const due = sleepers.filter(({ until }) => until <= now)
      sleepers = sleepers.filter(({ until }) => until > now)
      for (const { wake } of due) wake()
    },
  }
}

export const model = defineModel({
  contact: z.object({ plan: z.enum(['free', 'pro']).optional() }),
  events: { 'order.placed': z.object({ total: z.number() }) },
  topics: { news: { title: { ja: 'お知らせ' } }, tips: { title: { ja: '使いかた' } } },
})
export const everyone = model.segment('everyone', ({ everyone }) => everyone())
export const pros = model.segment('pros', ({ attribute }) => attribute('plan', '=', 'pro'))

export const news = model.template('news', {
  purpose: 'marketing',
  topic: 'news',
  props: z.object({ product: z.string().optional() }),
  subject: ({ line }) => line`新着のお知らせ`,
  body: ({ text, footer }) => text`こちらをご覧ください。 https://shop.example/new ${footer()}`,
})
export const receipt = model.template('receipt', {
  purpose: 'transactional',
  subject: ({ line }) => line`ご注文の確認`,
  body: ({ text }) => text`ご注文ありがとうございます。`,
})
const settings: Settings = {
  senders: {
    default: {
      legalName: '株式会社飛石',
      displayName: '飛石ショップ',
      email: 'news@shop.example',
      postalAddress: '東京都千代田区1-1',
      contact: '03-0000-0000',
    },
  },
  baseUrl: 'https://shop.example/mail',
  timeZone: 'Asia/Tokyo',
  defaultLocale: 'ja',
  jurisdiction: 'JP',
  audience: 'consumer',
  environment: 'test',
  bounceAddress: null,
  retry: { attempts: 3, firstDelay: minute, maxDelay: hour },
  unknownPolicy: { marketing: 'drop', transactional: 'resend' },
  attribution: { by: 'click', within: 5 * day, events: ['order.placed'] },
  isHoliday: () => false,
  quietHours: null,
  caps: [],
  callConcurrency: 5,
}

export interface World {
  readonly runtime: Runtime
  readonly storage: Storage<unknown>
  readonly clock: ManualClock
  readonly transport: ScriptedTransport
  readonly logged: { readonly level: string; readonly event: string; readonly fields: Readonly<Record<string, unknown>> }[]
  /** Another process on the same rows and clock. */
  readonly restart: (transport?: ScriptedTransport) => Promise<World>
}

export interface WorldOptions {
  readonly transport?: ScriptedTransport
  readonly settings?: Partial<Settings>
  readonly templates?: readonly DeclaredTemplate[]
  readonly handlers?: { readonly [name: string]: Handler }
}

/** A runtime over real parts: storage in memory, prepared text templates, a clock that is moved by hand, a scripted other side. */
export const deliveryWorld = async (options: WorldOptions = {}): Promise<World> =>
  worldOn(memoryStorage(), manualClock(), options)

const worldOn = async (storage: Storage<unknown>, clock: ManualClock, options: WorldOptions): Promise<World> => {
  const transport = options.transport ?? scriptedTransport()
  const logged: World['logged'][number][] = []
  const log =
    (level: string) =>
    (event: string, fields: Readonly<Record<string, unknown>> = {}) => {
      logged.push({ level, event, fields })
    }
  const signer = createSigner([{ id: 'k1', value: 's'.repeat(40) }])
  const keys = createAddressKeys('a'.repeat(40))
  const all = { ...settings, ...options.settings }
  const templates = options.templates ?? [news, receipt]
  const prepareOptions = {
    toHtml: null,
    sender: all.senders.default ?? fail(),
    signer,
    baseUrl: all.baseUrl,
    bounceAddress: null,
    audience: all.audience,
    jurisdiction: all.jurisdiction,
    defaultLocale: all.defaultLocale,
  }
  const prepared = await Promise.all(templates.map((template) => prepareTemplate(template, prepareOptions)))
  const runtime: Runtime = {
    settings: all,
    model,
    scenarios: new Map(),
    handlers: new Map(Object.entries(options.handlers ?? {})),
    stored: { versions: new Map(), watching: null, leftAlone: new Set(), actsOnMail: false, asksWhoWasSent: false },
    templates: new Map(templates.map((template) => [template.name, template])),
    prepared: new Map(prepared.map((template) => [template.name, template])),
    storage,
    transport,
    markup: null,
    clock,
    waker: { hint: () => {}, wait: async () => {} },
    logger: { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') },
    signer,
    suppressionKeys: keys,
    addressKeyCheck: keys.check,
    owner: 'worker',
    randomId: () => randomBytes(12).toString('base64url'),
  }
  const restart = (next?: ScriptedTransport) => worldOn(storage, clock, { ...options, transport: next ?? scriptedTransport() })
  return { runtime, storage, clock, transport, logged, restart }
}

const fail = (): never => {
  throw new Error('no sender')
}

const optedIn: ConsentState = { all: { status: 'granted', basis: 'opt-in', since: start - day }, topics: {} }

/** Puts contacts `c0`… with an address and consent into the storage. */
export const addContacts = async (world: World, count: number, change: Partial<Contact> = {}): Promise<string[]> => {
  const ids = Array.from({ length: count }, (_, index) => `c${index}`)
  const rows = ids.map((id) => ({ id, ...contactHash(id) }))
  await world.storage.transaction(function* (tx) {
    yield* tx.contacts.ensure(rows, start)
    const contacts = yield* tx.contacts.lock(ids, { skipLocked: false })
    yield* tx.contacts.save(
      contacts.map((contact) => ({
        ...contact,
        email: `${contact.id}@customer.example`,
        emailKey: `${contact.id}@customer.example`,
        consent: optedIn,
        ...change,
      })),
    )
  })
  return ids
}

/** What is special about queued mail. */
export interface MailChange {
  readonly message?: Partial<Message>
  readonly queue?: Partial<QueueEntry>
}

/** Queues one mail a contact, due at once, as a broadcast without a row would. */
export const queueMail = async (
  world: World,
  contactIds: readonly string[],
  template: DeclaredTemplate = news,
  key = 'b1',
  change: MailChange = {},
): Promise<string[]> => {
  const now = world.clock.now()
  const rows = contactIds.map((contactId): { message: Message; queue: QueueEntry } => {
    const id = `${bucketOf(now)}${world.runtime.randomId()}`
    return {
      message: {
        id,
        bucket: bucketOf(now),
        idemKey: `${key}:${contactId}`,
        contactId,
        template: template.name,
        purpose: template.purpose,
        topic: template.topic,
        isHtml: false,
        props: {},
        scenario: null,
        scenarioVersion: null,
        stepId: null,
        enrolmentId: null,
        broadcastId: null,
        state: 'queued',
        reason: null,
        plannedAt: now,
        createdAt: now,
        finishedAt: null,
        templateHash: null,
        providerId: null,
        answer: null,
        unknownToken: null,
        urgent: null,
        ...change.message,
      },
      queue: {
        messageId: id,
        contactId,
        enrolmentId: null,
        enrolmentRev: 0,
        scenario: null,
        broadcastId: null,
        class: template.purpose === 'transactional' ? 0 : 2,
        route: 'other',
        lane: contactHash(contactId).lane,
        runAt: now,
        expiresAt: now + day,
        ...change.queue,
      },
    }
  })
  await world.storage.transaction((tx) => tx.messages.enqueue(rows))
  return rows.map(({ message }) => message.id)
}

/** The messages of a contact, newest first. */
export const messagesOf = (world: World, contactId: string): Promise<(Message & { readonly facts: MessageFacts })[]> =>
  world.storage.read((reader) => reader.messages.ofContact(contactId, { limit: 100 }))

export const contactOf = async (world: World, id: string): Promise<Contact> => {
  const [contact] = await world.storage.read((reader) => reader.contacts.get([id]))
  return contact ?? fail()
}
