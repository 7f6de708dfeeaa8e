import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { minute } from '../../src/domain/time/instant.ts'
import { deliverDue } from '../../src/engine/deliver/deliver-due.ts'
import { reapExpired } from '../../src/engine/deliver/reap-expired.ts'
import type { Message } from '../../src/ports/storage/index.ts'
import type { OutgoingMail, TransportResult } from '../../src/ports/transport.ts'
import { addContacts, deliveryWorld, queueMail, receipt, type World } from '../delivery/delivery-world.ts'
import { alive, deathAt, runOff, settled, stallAt, underFate } from '../delivery/fate.ts'
import { accepted, brokeAfterDot, busy, mailboxFull } from '../delivery/scripted-transport.ts'

beforeAll(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterAll(() => {
  vi.useRealTimers()
})

/** The other side: what it was given and said, whoever of ours was still alive to hear it. */
interface OtherSide {
  readonly heard: { readonly messageId: string; readonly result: TransportResult }[]
  readonly receive: (mail: OutgoingMail) => TransportResult
}

const otherSide = (): OtherSide => {
  const heard: OtherSide['heard'][number][] = []
  const answer = (mail: OutgoingMail): TransportResult => {
    const to = mail.envelope.to
    if (to.startsWith('c1@')) return mailboxFull
    if (to.startsWith('c2@') && !heard.some(({ messageId }) => messageId === mail.messageId)) return busy
    return to.startsWith('c3@') ? brokeAfterDot : accepted
  }
  const receive = (mail: OutgoingMail) => {
    const result = answer(mail)
    heard.push({ messageId: mail.messageId, result })
    return result
  }
  return { heard, receive }
}

/** Five newsletters and five receipts, of which one each is refused, postponed and left open. */
const queued = async (): Promise<World> => {
  const world = await deliveryWorld()
  const ids = await addContacts(world, 5)
  await queueMail(world, ids)
  await queueMail(world, ids, receipt, 'r')
  return world
}

/** A healthy process works until nothing is left. */
const drain = async (world: World, other: OtherSide): Promise<void> => {
  const runtime = underFate(world, other.receive, alive())
  for (let round = 0; round < 12; round += 1) {
    world.clock.advance(3 * minute)
    await runOff(reapExpired(runtime))
    await runOff(deliverDue(runtime, { limit: 100 }))
  }
}

const ledger = async (world: World): Promise<readonly Message[]> => {
  const ids = Array.from({ length: 5 }, (_, index) => `c${index}`)
  const lists = await Promise.all(ids.map((id) => world.storage.read((reader) => reader.messages.ofContact(id, { limit: 99 }))))
  return lists.flat()
}

/** Never twice, never silently lost. */
const expectHonest = async (world: World, other: OtherSide): Promise<void> => {
  const messages = await ledger(world)
  expect(await world.storage.read((reader) => reader.queue.depth())).toBe(0)
  for (const message of messages) {
    const calls = other.heard.filter(({ messageId, result }) => messageId === message.id && result.kind !== 'transient')
    expect(calls.length, `${message.idemKey} was handed over ${calls.length} times`).toBeLessThanOrEqual(1)
    const [call] = calls
    const truth =
      call === undefined ? [] : { accepted: ['sent'], rejected: ['failed'], ambiguous: [], transient: [] }[call.result.kind]
    expect([...truth, 'unknown'], `${message.idemKey} is ${message.state}`).toContain(message.state)
  }
  const copied = messages.filter(({ idemKey }) => idemKey.endsWith(':r1'))
  for (const copy of copied) {
    expect(copy.purpose).toBe('transactional')
    const original = messages.find(({ idemKey }) => `${idemKey}:r1` === copy.idemKey)
    expect(['unknown', 'sent', 'failed']).toContain(original?.state)
  }
}

describe('a delivering process', () => {
  it('that dies at any point sends nothing twice and loses nothing silently', { timeout: 60_000 }, async () => {
    let points = 0
    for (let nth = 1; ; nth += 1) {
      const world = await queued()
      const other = otherSide()
      const fate = deathAt(nth)
      const dying = deliverDue(underFate(world, other.receive, fate), { limit: 100 })
      const isDone = await Promise.race([dying.then(() => true), settled(fate).then(() => false)])
      await drain(world, other)
      await expectHonest(world, other)
      points = nth
      if (isDone && !fate.died()) break
    }
    expect(points).toBeGreaterThan(15)
  })

  it('that stands still at any point, while another takes over, sends nothing twice when it goes on', {
    timeout: 60_000,
  }, async () => {
    let points = 0
    for (let nth = 1; ; nth += 1) {
      const world = await queued()
      const other = otherSide()
      const fate = stallAt(nth)
      const stalling = deliverDue(underFate(world, other.receive, fate), { limit: 100 })
      const isDone = await runOff(Promise.race([stalling.then(() => true), fate.stalled.then(() => false)]))
      await settled(fate)
      await drain(world, other)
      const unknown = new Set((await ledger(world)).filter(({ state }) => state === 'unknown').map(({ id }) => id))
      const before = other.heard.length
      fate.resume()
      await runOff(stalling)
      expect(other.heard.slice(before).filter(({ messageId }) => unknown.has(messageId))).toEqual([])
      await drain(world, other)
      await expectHonest(world, other)
      points = nth
      if (isDone) break
    }
    expect(points).toBeGreaterThan(15)
  })

  it('that is well hands everything over once', async () => {
    const world = await queued()
    const other = otherSide()
    await drain(world, other)
    await expectHonest(world, other)
    const states = (await ledger(world)).map(({ idemKey, state }) => `${idemKey} ${state}`).sort()
    expect(states).toEqual([
      'b1:c0 sent',
      'b1:c1 failed',
      'b1:c2 sent',
      'b1:c3 unknown',
      'b1:c4 sent',
      'r:c0 sent',
      'r:c1 failed',
      'r:c2 sent',
      'r:c3 unknown',
      'r:c3:r1 unknown',
      'r:c4 sent',
    ])
  })
})
