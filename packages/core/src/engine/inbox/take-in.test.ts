import { describe, expect, it } from 'vitest'
import { model, onboarding } from '../../../test/shop.ts'
import type { ConsentInput } from '../../index.ts'
import { memoryStorage } from '../../memory/index.ts'
import type { Logger } from '../../ports/index.ts'
import { createTestTobiishi, type TestOptions } from '../../testing/index.ts'

const now = '2026-01-05T01:00:00Z'
const at = Date.parse(now)
const setUp = (more: Partial<TestOptions<typeof model>> = {}) =>
  createTestTobiishi({ model, scenarios: [onboarding], now, autoContacts: false, grantConsent: false, ...more })
const code = (expected: string, sentence?: RegExp) =>
  expect.objectContaining({ code: expected, ...(sentence === undefined ? {} : { message: expect.stringMatching(sentence) }) })
const grant: ConsentInput = { basis: 'opt-in', evidence: { source: 'form:/signup' } }

describe('contacts.identify', () => {
  it('refuses an address that is not text', async () => {
    const t = await setUp()
    const email = 5 as unknown as string
    await expect(t.contacts.identify('c_1', { email })).rejects.toEqual(code('contact.invalid_address', /^email: /))
  })

  it('refuses evidence that is not text at once, instead of losing the whole profile later', async () => {
    const t = await setUp()
    const evidence = { source: 'form', ip: 5 } as unknown as ConsentInput['evidence']
    const profile = { email: 'a@example.test', consent: [{ ...grant, evidence }] }
    await expect(t.contacts.identify('c_1', profile)).rejects.toEqual(
      code('contact.invalid_attributes', /consent\.0\.evidence\.ip/),
    )
  })

  it('is worked in before it resolves', async () => {
    const t = await setUp()
    await t.contacts.identify('c_1', {
      email: ' Ａ@Example.TEST ',
      name: { family: '山田' },
      locale: 'ja-jp',
      attributes: { plan: 'free', joinedAt: '2026-01-01T09:00:00+09:00' },
    })
    expect(await t.contacts.get('c_1')).toMatchObject({
      email: 'A@example.test',
      emailKey: 'a@example.test',
      name: { family: '山田' },
      locale: 'ja-JP',
      attributes: { plan: 'free', joinedAt: '2026-01-01T00:00:00.000Z' },
    })
  })

  it('changes only what is given, and clears with null', async () => {
    const t = await setUp()
    await t.contacts.identify('c_1', { email: 'a@example.test', locale: 'ja', attributes: { plan: 'free', points: 3 } })
    await t.contacts.identify('c_1', { locale: null, attributes: { plan: 'pro' } })
    expect(await t.contacts.get('c_1')).toMatchObject({
      email: 'a@example.test',
      locale: null,
      attributes: { plan: 'pro', points: 3 },
    })
    await t.contacts.identify('c_1', { email: null })
    expect(await t.contacts.get('c_1')).toMatchObject({ email: null, emailKey: null })
  })

  it('writes consent with its evidence, the refusal winning over a grant of the same instant', async () => {
    const t = await setUp()
    await t.contacts.identify('c_1', {
      email: 'a@example.test',
      consent: [grant],
      withdraw: [{ topics: ['news'], evidence: { source: 'csv:customers.csv#12' } }],
    })
    const { consent, consentRev } = (await t.contacts.get('c_1')) ?? {}
    expect(consent).toMatchObject({ all: { status: 'granted' }, topics: { news: { status: 'withdrawn' } } })
    expect(consentRev).toBeGreaterThan(0)
    expect(await t.consent.ledger('c_1')).toMatchObject([
      { kind: 'grant', topic: null, basis: 'opt-in', evidence: { source: 'form:/signup' }, occurredAt: at },
      { kind: 'withdraw', topic: 'news', evidence: { source: 'csv:customers.csv#12' } },
    ])
  })

  it.each<[string, object, string, RegExp]>([
    ['an address', { email: 'a@@b' }, 'contact.invalid_address', /^email: /],
    [
      'an unknown attribute',
      { attributes: { plant: 'x' } },
      'contact.invalid_attributes',
      /attributes\.plant.*no such attribute/,
    ],
    [
      'a wrong attribute',
      { attributes: { plan: 'gold-1234' } },
      'contact.invalid_attributes',
      /attributes\.plan: (?!.*gold-1234)/,
    ],
    ['a zone', { timeZone: 'Tokyo' }, 'contact.invalid_attributes', /timeZone/],
    ['a name with a line break', { name: { family: 'a\r\nBcc: b' } }, 'contact.invalid_attributes', /name\.family/],
    ['half a character', { name: { family: '\ud800' } }, 'contact.invalid_attributes', /name\.family/],
    ['an unknown topic', { consent: [{ ...grant, topics: ['gossip'] }] }, 'topic.unknown', /consent\.0\.topics.*gossip/],
    [
      'a basis that does not count',
      { consent: [{ ...grant, basis: 'trading-relation' }] },
      'consent.basis_refused',
      /consent\.0/,
    ],
    [
      'consent without evidence',
      { consent: [{ basis: 'opt-in', evidence: {} }] },
      'contact.invalid_attributes',
      /evidence\.source/,
    ],
  ])('refuses %s with its path and without its value', async (_what, profile, expected, sentence) => {
    const t = await setUp()
    await expect(t.contacts.identify('c_1', profile)).rejects.toThrow(code(expected, sentence))
    expect(await t.contacts.get('c_1')).toBeNull()
  })

  it('refuses an address that another contact has', async () => {
    const t = await setUp()
    await t.contacts.identify('c_1', { email: 'a@example.test' })
    await expect(t.contacts.identify('c_2', { email: 'A@EXAMPLE.test' })).rejects.toThrow(code('contact.address_taken'))
    await expect(t.contacts.identify('c_1', { email: 'A@example.test' })).resolves.toBeUndefined()
  })

  it('refuses an empty id', async () => {
    const t = await setUp()
    await expect(t.contacts.identify('', {})).rejects.toThrow(code('contact.invalid_attributes', /^id /))
  })
})

describe('contacts.identifyMany', () => {
  it('answers a row of another shape and takes the others', async () => {
    const t = await setUp()
    const rows = [null, { id: 'c_1', profile: { email: 'a@example.test' } }, { id: 'c_2' }] as unknown as Parameters<
      typeof t.contacts.identifyMany
    >[0]
    const { taken, refused } = await t.contacts.identifyMany(rows)
    expect(taken).toBe(1)
    expect(refused.map(({ index }) => index)).toEqual([0, 2])
  })

  it('takes the good rows and lists the bad ones by their place', async () => {
    const t = await setUp()
    await t.contacts.identify('c_0', { email: 'zero@example.test' })
    const answer = await t.contacts.identifyMany([
      { id: 'c_1', profile: { email: 'one@example.test' } },
      { id: 'c_2', profile: { email: 'broken' } },
      { id: 'c_3', profile: { email: 'ONE@example.test' } },
      { id: 'c_4', profile: { email: 'zero@example.test' } },
      { id: 'c_5', profile: { email: 'five@example.test', attributes: { plan: 'pro' } } },
    ])
    expect(answer.taken).toBe(2)
    expect(answer.refused.map(({ index, code }) => [index, code])).toEqual([
      [1, 'contact.invalid_address'],
      [2, 'contact.address_taken'],
      [3, 'contact.address_taken'],
    ])
    expect(await t.contacts.get('c_5')).toMatchObject({ attributes: { plan: 'pro' } })
    expect(await t.contacts.get('c_2')).toBeNull()
  })

  it('takes any iterable, tells how far it is, and ends at an abort', async () => {
    const t = await setUp()
    const controller = new AbortController()
    const seen: number[] = []
    function* rows() {
      for (let index = 0; index < 5_000; index += 1) yield { id: `c_${index}`, profile: {} }
    }
    const onProgress = ({ done }: { done: number }) => {
      seen.push(done)
      if (done >= 1_000) controller.abort()
    }
    const { taken } = await t.contacts.identifyMany(rows(), { signal: controller.signal, onProgress })
    expect(taken).toBe(1_000)
    expect(seen).toEqual([200, 400, 600, 800, 1_000])
  })
})

describe('track', () => {
  it('makes an unknown contact without an address, to whom no mail goes', async () => {
    const t = await setUp()
    await t.track('c_1', 'brochure.requested', { brochure: 'A' })
    await t.settle()
    expect(await t.contacts.get('c_1')).toMatchObject({ email: null })
    expect(await t.messages.ofContact('c_1')).toMatchObject([{ state: 'skipped', reason: 'no-address' }])
  })

  it('has one effect for one event id, and reports another payload under it', async () => {
    const lines: string[] = []
    const write = (event: string) => lines.push(event)
    const logger: Logger = { debug: write, info: write, warn: write, error: write }
    const storage = memoryStorage()
    const t = await setUp({ logger, storage })
    await t.track('c_1', 'order.placed', { total: 1 }, { id: 'o1' })
    await t.track('c_1', 'order.placed', { total: 1 }, { id: 'o1' })
    await t.settle()
    expect(lines).not.toContain('event.conflicted')
    await t.track('c_1', 'order.placed', { total: 2 }, { id: 'o1' })
    await t.settle()
    expect(lines).toContain('event.conflicted')
    const events = await storage.read((reader) => reader.events.ofContact('c_1', { limit: 10 }))
    expect(events.map(({ id, payload }) => [id, payload])).toEqual([['o1', { total: 1 }]])
  })

  it.each<[string, unknown[], string, RegExp]>([
    ['an unknown event', ['c_1', 'order.shipped', {}], 'event.unknown', /order\.shipped/],
    ['a wrong payload', ['c_1', 'order.placed', { total: 'secret' }], 'event.invalid_payload', /payload\.total: (?!.*secret)/],
    ['a field that is not declared', ['c_1', 'order.placed', { total: 1, sku: 'x' }], 'event.invalid_payload', /sku/],
    ['the future', ['c_1', 'order.placed', { total: 1 }, { occurredAt: at + 300_001 }], 'event.in_future', /five minutes/],
    [
      'a time without offset',
      ['c_1', 'order.placed', { total: 1 }, { occurredAt: '2026-01-05T10:00:00' }],
      'time.invalid',
      /offset/,
    ],
  ])('refuses %s', async (_what, call, expected, sentence) => {
    const t = await setUp()
    await expect(Reflect.apply(t.track, t, call)).rejects.toThrow(code(expected, sentence))
  })

  it('allows for clocks that differ by five minutes', async () => {
    const t = await setUp()
    await expect(t.track('c_1', 'order.placed', { total: 1 }, { occurredAt: at + 300_000 })).resolves.toBeUndefined()
  })
})

describe('trackMany', () => {
  it('takes the good rows and lists the bad ones', async () => {
    const t = await setUp()
    const answer = await t.trackMany([
      { contactId: 'c_1', event: 'order.placed', payload: { total: 1 }, id: 'o1', occurredAt: '2020-01-01T00:00:00+09:00' },
      { contactId: 'c_1', event: 'order.shipped', payload: {} },
      { contactId: 'c_1', event: 'order.placed', payload: { total: '1' } },
    ])
    expect(answer).toMatchObject({
      taken: 1,
      refused: [
        { index: 1, code: 'event.unknown' },
        { index: 2, code: 'event.invalid_payload' },
      ],
    })
  })
})
