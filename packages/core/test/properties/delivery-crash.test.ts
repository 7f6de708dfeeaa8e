import { describe, expect, it } from 'vitest'
import { minute } from '../../src/domain/time/instant.ts'
import { deliverDue } from '../../src/engine/deliver/deliver-due.ts'
import { reapExpired } from '../../src/engine/deliver/reap-expired.ts'
import type { Runtime } from '../../src/engine/runtime.ts'
import type { Message, Storage, StorageTransaction } from '../../src/ports/storage/index.ts'
import type { OutgoingMail, Transport, TransportResult } from '../../src/ports/transport.ts'
import { addContacts, deliveryWorld, queueMail, receipt, type World } from '../delivery/delivery-world.ts'
import { accepted, brokeAfterDot, busy, mailboxFull } from '../delivery/scripted-transport.ts'

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

const never = new Promise<never>(() => {})

/** Interrupts a process at its n-th chance: before or after each transaction and each call. */
interface Fate {
  /** Awaited at every chance. */
  readonly chance: () => Promise<void>
}

/** Dies at the n-th chance: nothing it awaits ever comes back. */
const deathAt = (nth: number): Fate & { readonly died: () => boolean } => {
  let count = 0
  return {
    chance: () => {
      count += 1
      return count >= nth ? never : Promise.resolve()
    },
    died: () => count >= nth,
  }
}

/** Stands still at the n-th chance, as a process under SIGSTOP does, until told to go on; others wait with it. */
const stallAt = (nth: number) => {
  let count = 0
  let goOn = () => {}
  let reached = () => {}
  const gate = new Promise<void>((resolve) => {
    goOn = resolve
  })
  const stalled = new Promise<void>((resolve) => {
    reached = resolve
  })
  let isOpen = false
  const chance = (): Promise<void> => {
    count += 1
    if (count === nth) reached()
    return count >= nth && !isOpen ? gate : Promise.resolve()
  }
  const resume = () => {
    isOpen = true
    goOn()
  }
  return { chance, stalled, resume }
}

const underFate = (world: World, other: OtherSide, fate: Fate): Runtime => {
  const transaction = async <T>(work: Parameters<Storage['transaction']>[0]): Promise<T> => {
    await fate.chance()
    const result = (await world.storage.transaction((tx: StorageTransaction) => work(tx))) as T
    await fate.chance()
    return result
  }
  return {
    ...world.runtime,
    storage: { ...world.storage, transaction: transaction as Storage<unknown>['transaction'] },
    transport: transportTo(other, fate),
  }
}

const transportTo = (other: OtherSide, fate: Fate): Transport => ({
  name: 'other-side',
  concurrency: 2,
  maxCallMs: minute,
  send: async (mail) => {
    const result = other.receive(mail)
    await fate.chance()
    return result
  },
  verify: async () => {},
  close: async () => {},
})

const alive: Fate = { chance: () => Promise.resolve() }

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
  const runtime = underFate(world, other, alive)
  for (let round = 0; round < 12; round += 1) {
    world.clock.advance(3 * minute)
    await reapExpired(runtime)
    await deliverDue(runtime, { limit: 100 })
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
      const dying = deliverDue(underFate(world, other, fate), { limit: 100 })
      const isDone = await Promise.race([dying.then(() => true), settled().then(() => false)])
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
      const stalling = deliverDue(underFate(world, other, fate), { limit: 100 })
      const isDone = await Promise.race([stalling.then(() => true), fate.stalled.then(() => false)])
      await settled()
      await drain(world, other)
      const unknown = new Set((await ledger(world)).filter(({ state }) => state === 'unknown').map(({ id }) => id))
      const before = other.heard.length
      fate.resume()
      await stalling
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

/** Long enough for everything that can go on to have gone on: nothing here waits for more than a few milliseconds. */
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 40; turn += 1) await new Promise((resolve) => setImmediate(resolve))
  await new Promise((resolve) => setTimeout(resolve, 12))
  for (let turn = 0; turn < 40; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}
