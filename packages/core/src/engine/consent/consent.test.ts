import { describe, expect, it } from 'vitest'
import {
  addContacts,
  contactOf,
  deliveryWorld,
  messagesOf,
  queueMail,
  start,
  type World,
} from '../../../test/delivery/delivery-world.ts'
import { consentFor } from '../../domain/consent/prevailing-consent.ts'
import { hour } from '../../domain/time/instant.ts'
import { deliverDue } from '../deliver/deliver-due.ts'
import { createConsent } from './create-consent.ts'
import { createSuppressions } from './create-suppressions.ts'

const consentOf = (world: World, drain: (ids: readonly string[]) => Promise<void> = async () => {}) =>
  createConsent(world.runtime, { ready: async () => {}, drain })
const evidence = { source: 'form:/signup', statement: 'お知らせを受け取る' }
const statusOf = async (world: World, id: string, topic: string) =>
  consentFor((await contactOf(world, id)).consent, topic)?.status

describe('consent', () => {
  it('keeps a ledger with its evidence, and what holds beside it', async () => {
    const world = await deliveryWorld()
    await addContacts(world, 1, { consent: { all: null, topics: {} } })
    const consent = consentOf(world)
    await consent.grant('c0', { basis: 'opt-in', topics: ['news'], evidence })
    world.clock.advance(hour)
    await consent.withdraw('c0', { topics: ['news'], evidence: { source: 'phone' } })
    expect(await consent.ledger('c0')).toMatchObject([
      { kind: 'grant', topic: 'news', basis: 'opt-in', evidence, occurredAt: start },
      { kind: 'withdraw', topic: 'news', basis: null, evidence: { source: 'phone' }, occurredAt: start + hour },
    ])
    expect(await statusOf(world, 'c0', 'news')).toBe('withdrawn')
    expect(await statusOf(world, 'c0', 'tips')).toBeUndefined()
    world.clock.advance(hour)
    await consent.grant('c0', { basis: 'double-opt-in', topics: ['news'], evidence })
    expect(await statusOf(world, 'c0', 'news')).toBe('granted')
    expect((await contactOf(world, 'c0')).consentRev).toBe(3)
  })

  it('refuses a business card as basis for consumers, unknown topics and unknown contacts', async () => {
    const world = await deliveryWorld()
    await addContacts(world, 1)
    const consent = consentOf(world)
    const card = { basis: 'written-address', evidence } as const
    await expect(consent.grant('c0', card)).rejects.toMatchObject({ code: 'consent.basis_refused' })
    await expect(consent.withdraw('c0', { topics: ['nwes'], evidence })).rejects.toMatchObject({ code: 'topic.unknown' })
    await expect(consent.withdraw('who', { evidence })).rejects.toMatchObject({ code: 'contact.unknown' })
  })

  it('works in what waits for the contact first', async () => {
    const world = await deliveryWorld()
    const consent = consentOf(world, async () => {
      await addContacts(world, 1)
    })
    await consent.withdraw('c0', { evidence })
    expect(await statusOf(world, 'c0', 'news')).toBe('withdrawn')
  })

  it('counts a withdrawal for the message that led to it, once', async () => {
    const world = await deliveryWorld()
    const [messageId = ''] = await queueMail(world, await addContacts(world, 1))
    await deliverDue(world.runtime, { limit: 10 })
    await consentOf(world).withdraw('c0', { evidence: { source: 'unsubscribe-page' }, messageId })
    await consentOf(world).withdraw('c0', { evidence: { source: 'unsubscribe-page' }, messageId })
    expect((await messagesOf(world, 'c0'))[0]?.facts.unsubscribedAt).toBe(start)
    const counts = await world.storage.read((reader) => reader.reports.counts({}))
    expect(counts).toMatchObject({ unsubscribed: 1, leftContacts: 1, registeredContacts: 1 })
  })
})

describe('suppressions', () => {
  it('refuse what would suppress less than was meant, without repeating the address', async () => {
    const suppressions = createSuppressions((await deliveryWorld()).runtime)
    const both = { email: 'a@example.jp', domain: 'other.example' }
    const text = 'a@example.jp' as unknown as typeof both
    const scope = 'al' as 'all'
    const refused = { code: 'contact.invalid_address', message: expect.not.stringContaining('a@example.jp') }
    await expect(suppressions.add(both)).rejects.toMatchObject(refused)
    await expect(suppressions.add(text)).rejects.toMatchObject(refused)
    await expect(suppressions.add({ email: 'a@example.jp' }, { scope })).rejects.toMatchObject({ code: 'config.invalid' })
  })

  it('block an address however it is written, until removed', async () => {
    const world = await deliveryWorld()
    const suppressions = createSuppressions(world.runtime)
    await suppressions.add({ email: 'Ａ@Example.JP' }, { note: 'asked by phone' })
    expect(await suppressions.has({ email: 'a@example.jp' })).toBe(true)
    await suppressions.remove({ email: 'a@EXAMPLE.jp' })
    expect(await suppressions.has({ email: 'a@example.jp' })).toBe(false)
  })

  it('block every address of a domain', async () => {
    const world = await deliveryWorld()
    const suppressions = createSuppressions(world.runtime)
    await suppressions.add({ domain: '例え.jp' })
    expect(await suppressions.has({ email: 'a@xn--r8jz45g.jp' })).toBe(true)
    expect(await suppressions.has({ email: 'a@other.jp' })).toBe(false)
  })

  it('store no address in clear', async () => {
    const world = await deliveryWorld()
    await createSuppressions(world.runtime).add({ email: 'a@example.jp' })
    const key = world.runtime.suppressionKeys.address('a@example.jp')
    const rows = await world.storage.read((reader) => reader.suppressions.find([key]))
    expect(rows).toHaveLength(1)
    expect(JSON.stringify(rows)).not.toContain('example.jp')
  })

  it('send decided mail of the address round again', async () => {
    const world = await deliveryWorld()
    await addContacts(world, 1)
    await createSuppressions(world.runtime).add({ email: 'c0@customer.example' })
    expect((await contactOf(world, 'c0')).consentRev).toBe(1)
  })

  it('refuse what is no address', async () => {
    const world = await deliveryWorld()
    const suppressions = createSuppressions(world.runtime)
    await expect(suppressions.add({ email: 'nobody' })).rejects.toMatchObject({ code: 'contact.invalid_address' })
  })
})
