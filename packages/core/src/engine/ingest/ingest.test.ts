import { describe, expect, it } from 'vitest'
import {
  addContacts,
  contactOf,
  deliveryWorld,
  messagesOf,
  queueMail,
  receipt,
  start,
  type World,
} from '../../../test/delivery/delivery-world.ts'
import { brokeAfterDot, scriptedTransport } from '../../../test/delivery/scripted-transport.ts'
import { consentFor } from '../../domain/consent/prevailing-consent.ts'
import { day, hour, minute } from '../../domain/time/instant.ts'
import { createConsent } from '../consent/create-consent.ts'
import { createSuppressions } from '../consent/create-suppressions.ts'
import { deliverDue } from '../deliver/deliver-due.ts'
import { ingest } from './ingest.ts'

/** A world with one mail sent to each of `count` contacts; answers the message ids. */
const sentWorld = async (count: number): Promise<{ readonly world: World; readonly ids: readonly string[] }> => {
  const world = await deliveryWorld()
  const ids = await queueMail(world, await addContacts(world, count))
  await deliverDue(world.runtime, { limit: count })
  world.clock.advance(hour)
  return { world, ids }
}
const isSuppressed = (world: World, id: string) => createSuppressions(world.runtime).has({ email: `${id}@customer.example` })
const counts = (world: World) => world.storage.read((reader) => reader.reports.counts({}))
const statusOf = async (world: World, id: string, topic: string) =>
  consentFor((await contactOf(world, id)).consent, topic)?.status

describe('events of messages', () => {
  it('are recorded once by their key, and unknown messages are counted', async () => {
    const { world, ids } = await sentWorld(1)
    const event = { messageId: ids[0] ?? '', kind: 'delivered', key: 'sns-1' } as const
    expect(await ingest(world.runtime, [event, event])).toEqual({ recorded: 1, duplicates: 1, unknownMessages: 0 })
    expect(await ingest(world.runtime, [event])).toEqual({ recorded: 0, duplicates: 1, unknownMessages: 0 })
    expect(await ingest(world.runtime, [{ ...event, messageId: '202601nobody' }])).toEqual({
      recorded: 0,
      duplicates: 0,
      unknownMessages: 1,
    })
  })

  it('without a key are told apart live, and recognised when told again with their time', async () => {
    const { world, ids } = await sentWorld(1)
    const click = { messageId: ids[0] ?? '', kind: 'clicked', link: 0, ip: '192.0.2.1' } as const
    await ingest(world.runtime, [click, click])
    expect(await counts(world)).toMatchObject({ clicks: 2, clickers: 1 })
    const told = { ...click, occurredAt: world.clock.now() - minute }
    await ingest(world.runtime, [told])
    await ingest(world.runtime, [told])
    expect(await counts(world)).toMatchObject({ clicks: 3 })
  })

  it('are each answered to their caller when many come at once', async () => {
    const { world, ids } = await sentWorld(20)
    const reports = await Promise.all(
      ids.map((messageId, index) =>
        ingest(world.runtime, index % 2 === 0 ? [{ messageId, kind: 'opened' }] : [{ messageId: 'x', kind: 'opened' }]),
      ),
    )
    expect(reports.map(({ recorded }) => recorded)).toEqual(ids.map((_, index) => (index % 2 === 0 ? 1 : 0)))
    expect(reports.map(({ unknownMessages }) => unknownMessages)).toEqual(ids.map((_, index) => index % 2))
  })

  it('that cannot be read are refused before anything is stored', async () => {
    const { world, ids } = await sentWorld(1)
    const good = { messageId: ids[0] ?? '', kind: 'opened' } as const
    await expect(ingest(world.runtime, [good, { ...good, occurredAt: 'yesterday' }])).rejects.toMatchObject({
      code: 'time.invalid',
    })
    await expect(ingest(world.runtime, [{ ...good, userAgent: 'a\0b' }])).rejects.toMatchObject({ code: 'event.invalid_payload' })
    expect((await messagesOf(world, 'c0'))[0]?.facts.openedAt).toBeNull()
  })
})

describe('bounces', () => {
  it('suppress at once when the user is unknown', async () => {
    const { world, ids } = await sentWorld(2)
    await ingest(world.runtime, [{ messageId: ids[0] ?? '', kind: 'bounced', bounceClass: 'hard-unknown-user' }])
    expect(await isSuppressed(world, 'c0')).toBe(true)
    expect(await isSuppressed(world, 'c1')).toBe(false)
    expect(await counts(world)).toMatchObject({ sent: 2, bounced: 1 })
  })

  it('never count against the recipient when the fault is ours', async () => {
    const { world, ids } = await sentWorld(1)
    await ingest(world.runtime, [{ messageId: ids[0] ?? '', kind: 'bounced', bounceClass: 'policy' }])
    expect(await isSuppressed(world, 'c0')).toBe(false)
    expect((await contactOf(world, 'c0')).softBounces).toBe(0)
  })

  const softBounceEvery = async (
    days: number,
    times: number,
    between?: (world: World, messageId: string) => Promise<unknown>,
  ) => {
    const world = await deliveryWorld()
    await addContacts(world, 1)
    for (let nth = 0; nth < times; nth += 1) {
      const [messageId = ''] = await queueMail(world, ['c0'], receipt, `m${nth}`)
      await deliverDue(world.runtime, { limit: 1 })
      await ingest(world.runtime, [{ messageId, kind: 'bounced', bounceClass: 'mailbox-full', key: `b${nth}` }])
      await ingest(world.runtime, [{ messageId, kind: 'bounced', bounceClass: 'mailbox-full', key: `again${nth}` }])
      await between?.(world, messageId)
      world.clock.advance(days * day)
    }
    return world
  }

  it('suppress a mailbox that is full five sends in a row over two weeks', async () => {
    expect(await isSuppressed(await softBounceEvery(4, 5), 'c0')).toBe(true)
  })

  it('do not suppress after four, nor after five within a few days', async () => {
    expect(await isSuppressed(await softBounceEvery(4, 4), 'c0')).toBe(false)
    expect(await isSuppressed(await softBounceEvery(1, 5), 'c0')).toBe(false)
  })

  it('start again after a delivery', async () => {
    const world = await softBounceEvery(4, 5, async (world, messageId) => {
      if (world.clock.now() === start + 8 * day) await ingest(world.runtime, [{ messageId, kind: 'delivered' }])
    })
    expect(await isSuppressed(world, 'c0')).toBe(false)
    expect((await contactOf(world, 'c0')).softBounces).toBe(2)
  })
})

describe('complaints and leaving', () => {
  it('a complaint stops all marketing, not receipts', async () => {
    const { world, ids } = await sentWorld(1)
    await ingest(world.runtime, [{ messageId: ids[0] ?? '', kind: 'complained' }])
    expect(await statusOf(world, 'c0', 'tips')).toBe('withdrawn')
    await queueMail(world, ['c0'], receipt, 'r')
    expect(await deliverDue(world.runtime, { limit: 10 })).toMatchObject({ sent: 1 })
    await createConsent(world.runtime, { ready: async () => {}, drain: async () => {} }).grant('c0', {
      basis: 'opt-in',
      evidence: { source: 'form' },
    })
    await queueMail(world, ['c0'], undefined, 'n')
    expect(await deliverDue(world.runtime, { limit: 10 })).toMatchObject({ sent: 0, skipped: 1 })
  })

  it('leaving withdraws the topic of the mail, with the evidence of how', async () => {
    const { world, ids } = await sentWorld(1)
    const leave = { messageId: ids[0] ?? '', kind: 'unsubscribed', userAgent: 'Mozilla', raw: { source: 'one-click' } } as const
    expect(await ingest(world.runtime, [leave])).toMatchObject({ recorded: 1 })
    expect(await ingest(world.runtime, [leave])).toMatchObject({ duplicates: 1 })
    expect(await statusOf(world, 'c0', 'news')).toBe('withdrawn')
    expect(await statusOf(world, 'c0', 'tips')).toBe('granted')
    const ledger = await world.storage.read((reader) => reader.consents.ledger('c0'))
    expect(ledger).toMatchObject([
      { kind: 'withdraw', topic: 'news', messageId: ids[0], evidence: { source: 'one-click', userAgent: 'Mozilla' } },
    ])
  })

  it('leaving again after a new grant, through the same mail, is leaving', async () => {
    const { world, ids } = await sentWorld(1)
    const leave = { messageId: ids[0] ?? '', kind: 'unsubscribed' } as const
    await ingest(world.runtime, [leave])
    world.clock.advance(day)
    const consent = createConsent(world.runtime, { ready: async () => {}, drain: async () => {} })
    await consent.grant('c0', { basis: 'opt-in', topics: ['news'], evidence: { source: 'form' } })
    expect(await statusOf(world, 'c0', 'news')).toBe('granted')
    world.clock.advance(day)
    await ingest(world.runtime, [leave])
    expect(await statusOf(world, 'c0', 'news')).toBe('withdrawn')
  })
})

describe('opens and clicks', () => {
  const browser = 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Safari/604.1'
  const factsOf = async (world: World, id: string) => (await messagesOf(world, id))[0]?.facts

  it('of people and of machines are told apart, and both kept', async () => {
    const { world, ids } = await sentWorld(2)
    const [first = '', second = ''] = ids
    await ingest(world.runtime, [
      { messageId: first, kind: 'opened', userAgent: browser },
      { messageId: first, kind: 'clicked', link: 0, userAgent: browser, method: 'GET' },
      { messageId: second, kind: 'opened', userAgent: 'Mozilla/5.0' },
      { messageId: second, kind: 'clicked', link: 0, userAgent: browser, method: 'HEAD' },
    ])
    const now = world.clock.now()
    expect(await factsOf(world, 'c0')).toMatchObject({ openedAt: now, humanOpenedAt: now, clicks: 1, humanClicks: 1 })
    expect(await factsOf(world, 'c1')).toMatchObject({ openedAt: now, humanOpenedAt: null, clicks: 1, humanClicks: 0 })
  })

  it('that follow every link of a mail at once right after sending are a scanner, whether told together or one by one', async () => {
    for (const together of [true, false]) {
      const world = await deliveryWorld()
      const [messageId = ''] = await queueMail(world, await addContacts(world, 1))
      await deliverDue(world.runtime, { limit: 1 })
      world.clock.advance(2_000)
      const clicks = [0, 1, 2].map((link) => ({ messageId, kind: 'clicked', link, userAgent: browser }) as const)
      if (together) await ingest(world.runtime, clicks)
      else for (const click of clicks) await ingest(world.runtime, [click])
      expect(await factsOf(world, 'c0')).toMatchObject({ clicks: 3, humanClicks: 2 })
    }
  })

  it('from one address for twenty recipients within seconds of sending are a scanner', async () => {
    const world = await deliveryWorld()
    const ids = await queueMail(world, await addContacts(world, 25))
    await deliverDue(world.runtime, { limit: 25 })
    world.clock.advance(2_000)
    await ingest(
      world.runtime,
      ids.map((messageId) => ({ messageId, kind: 'clicked', link: 0, ip: '192.0.2.9', userAgent: browser }) as const),
    )
    expect(await counts(world)).toMatchObject({ clickers: 25, humanClickers: 19 })
  })
})

describe('messages of unknown fate', () => {
  it('turn out to have been sent when something happens to them', async () => {
    const world = await deliveryWorld({ transport: scriptedTransport(() => brokeAfterDot) })
    const [messageId = ''] = await queueMail(world, await addContacts(world, 1))
    await deliverDue(world.runtime, { limit: 1 })
    const sentAt = world.clock.now()
    world.clock.advance(day)
    await ingest(world.runtime, [{ messageId, kind: 'opened' }])
    expect((await messagesOf(world, 'c0'))[0]).toMatchObject({ state: 'sent', finishedAt: sentAt })
  })
})
