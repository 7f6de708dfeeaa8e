import { describe, expect, it } from 'vitest'
import {
  addContacts,
  deliveryWorld,
  everyone,
  messagesOf,
  model,
  news,
  pros,
  receipt,
  type World,
} from '../../../test/delivery/delivery-world.ts'
import { accepted, scriptedTransport } from '../../../test/delivery/scripted-transport.ts'
import { hour } from '../../domain/time/instant.ts'
import type { Storage, StorageTransaction } from '../../ports/storage/index.ts'
import { createTestTobiishi } from '../../testing/index.ts'
import { createConsent } from '../consent/create-consent.ts'
import { createSuppressions } from '../consent/create-suppressions.ts'
import { deliverDue } from '../deliver/deliver-due.ts'
import { createBroadcasts } from './create-broadcasts.ts'
import { expandBroadcasts } from './expand-broadcasts.ts'

const broadcastsOf = (world: World) => createBroadcasts(world.runtime)
const consentOf = (world: World) => createConsent(world.runtime, { ready: async () => {}, drain: async () => {} })
const expand = (world: World) => expandBroadcasts(world.runtime, {})
const deliver = (world: World) => deliverDue(world.runtime, { limit: 10_000 })

/** Changes contacts as an `identify` would. */
const change = (world: World, ids: readonly string[], plan: string | null, email?: null) =>
  world.storage.transaction(function* (tx) {
    const contacts = yield* tx.contacts.lock(ids, { skipLocked: false })
    const address = email === null ? { email: null, emailKey: null } : {}
    yield* tx.contacts.save(contacts.map((contact) => ({ ...contact, ...address, attributes: plan === null ? {} : { plan } })))
  })

describe('preview', () => {
  it('says whom it would reach and why not the others, as sending then does', async () => {
    const world = await deliveryWorld()
    await addContacts(world, 2_500)
    await consentOf(world).withdraw('c0', { topics: ['news'], evidence: { source: 'phone' } })
    await consentOf(world).withdraw('c1', { topics: ['tips'], evidence: { source: 'phone' } })
    await createSuppressions(world.runtime).add({ email: 'c2@customer.example' }, { scope: 'marketing' })
    await change(world, ['c3'], null, null)
    const audience = await broadcastsOf(world).preview({ template: news, to: everyone })
    const leftOut = { 'consent-withdrawn': 1, suppressed: 1, 'no-address': 1 }
    expect(audience).toEqual({ inSegment: 2_500, willReceive: 2_497, leftOut })
    await broadcastsOf(world).send({ template: news, to: everyone })
    await expand(world)
    await deliver(world)
    const counts = await world.storage.read((reader) => reader.reports.counts({}))
    expect(counts).toMatchObject({ sent: 2_497, skippedByReason: leftOut })
  })

  it('needs no consent for transactional mail', async () => {
    const world = await deliveryWorld()
    await addContacts(world, 2, { consent: { all: null, topics: {} } })
    expect(await broadcastsOf(world).preview({ template: news, to: everyone })).toMatchObject({ leftOut: { 'no-consent': 2 } })
    expect(await broadcastsOf(world).preview({ template: receipt, to: everyone })).toMatchObject({ willReceive: 2 })
  })
})

describe('send', () => {
  it('waits for its time, then freezes who is in the segment', async () => {
    const world = await deliveryWorld()
    await addContacts(world, 4)
    await change(world, ['c0', 'c1'], 'pro')
    const { id } = await broadcastsOf(world).send({ template: news, to: pros, at: new Date(world.clock.now() + hour) })
    expect(await expand(world)).toBe(0)
    await change(world, ['c2'], 'pro')
    world.clock.advance(hour)
    expect(await expand(world)).toBe(3)
    await change(world, ['c3'], 'pro')
    expect(await expand(world)).toBe(0)
    expect(await broadcastsOf(world).get(id)).toMatchObject({ state: 'sending', audience: 3, startedAt: world.clock.now() })
    expect(await deliver(world)).toMatchObject({ sent: 3 })
  })

  it('reaches everyone where ids of contacts and broadcasts hold colons', async () => {
    const t = await createTestTobiishi({ model, templates: [news] })
    await t.contacts.identify('1', { email: 'one@customer.example' })
    await t.contacts.identify('2026:1', { email: 'two@customer.example' })
    await t.broadcasts.send({ id: 'news', template: news, to: everyone })
    await t.broadcasts.send({ id: 'news:2026', template: news, to: everyone })
    await t.settle()
    expect(t.outbox.map(({ to }) => to).sort()).toEqual(['one', 'one', 'two', 'two'].map((name) => `${name}@customer.example`))
  })

  it('is one broadcast however often it is sent under one id', async () => {
    const world = await deliveryWorld()
    await addContacts(world, 2)
    const first = await broadcastsOf(world).send({ id: 'may', template: news, to: everyone, props: { product: 'A' } })
    await expand(world)
    const second = await broadcastsOf(world).send({ id: 'may', template: news, to: everyone, props: { product: 'B' } })
    expect(second).toMatchObject({ props: first.props, state: 'sending' })
    await expand(world)
    expect(await deliver(world)).toMatchObject({ sent: 2 })
  })

  it('refuses unknown templates and wrong props, naming what is wrong', async () => {
    const world = await deliveryWorld({ templates: [news] })
    await expect(broadcastsOf(world).send({ template: receipt, to: everyone })).rejects.toMatchObject({
      code: 'template.unknown',
    })
    await expect(broadcastsOf(world).send({ template: news, to: everyone, props: { product: 1 } })).rejects.toThrow(
      'props.product',
    )
    await expect(broadcastsOf(world).send({ template: news, to: everyone, props: { produkt: 'x' } })).rejects.toThrow('produkt')
  })

  it('mails nobody twice when the process dies while expanding', async () => {
    const world = await deliveryWorld()
    await addContacts(world, 3_500)
    await broadcastsOf(world).send({ id: 'b', template: news, to: everyone })
    const dying = { ...world, runtime: { ...world.runtime, storage: dyingAfter(world.storage, 3) } }
    await expect(expand(dying)).rejects.toThrow('power cut')
    expect(await world.storage.read((reader) => reader.queue.depth())).toBe(500)
    expect(await expand(await world.restart())).toBe(3_000)
    expect(await deliver(world)).toMatchObject({ sent: 3_500 })
    expect(new Set(world.transport.calls.map(({ envelope }) => envelope.to)).size).toBe(3_500)
  })
})

/** A storage whose process dies in the middle of the transaction after `count` committed ones. */
const dyingAfter = (storage: Storage<unknown>, count: number): Storage<unknown> => {
  let committed = 0
  return {
    ...storage,
    transaction: (work) => {
      committed += 1
      if (committed <= count) return storage.transaction(work)
      return storage.transaction(function* (tx: StorageTransaction) {
        yield* work(tx)
        throw new Error('power cut')
      })
    },
  }
}

describe('cancel', () => {
  it('sends nothing when cancelled before its time', async () => {
    const world = await deliveryWorld()
    await addContacts(world, 2)
    const { id } = await broadcastsOf(world).send({ template: news, to: everyone, at: world.clock.now() + hour })
    expect(await broadcastsOf(world).cancel(id)).toEqual({ dropped: 0 })
    world.clock.advance(hour)
    expect(await expand(world)).toBe(0)
    expect(await deliver(world)).toMatchObject({ sent: 0, skipped: 0 })
  })

  it('lets what is marked finish and drops the rest, while sending', async () => {
    const transport = scriptedTransport(() => 'hang', 2)
    const world = await deliveryWorld({ transport })
    await addContacts(world, 10)
    const { id } = await broadcastsOf(world).send({ template: news, to: everyone })
    await expand(world)
    const delivering = deliver(world)
    await transport.called(2)
    expect(await broadcastsOf(world).cancel(id)).toEqual({ dropped: 8 })
    transport.answer(accepted)
    expect(await delivering).toMatchObject({ sent: 2 })
    expect(transport.calls).toHaveLength(2)
    expect(await broadcastsOf(world).cancel(id)).toEqual({ dropped: 0 })
    const reasons = await Promise.all(
      Array.from({ length: 10 }, async (_, index) => (await messagesOf(world, `c${index}`))[0]?.reason),
    )
    expect(reasons.filter((reason) => reason === 'cancelled')).toHaveLength(8)
  })

  it('refuses an unknown id', async () => {
    const world = await deliveryWorld()
    await expect(broadcastsOf(world).cancel('none')).rejects.toMatchObject({ code: 'broadcast.unknown' })
  })
})
