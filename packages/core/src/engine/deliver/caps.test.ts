import { describe, expect, it } from 'vitest'
import {
  addContacts,
  deliveryWorld,
  messagesOf,
  news,
  queueMail,
  receipt,
  start,
  type World,
  type WorldOptions,
} from '../../../test/delivery/delivery-world.ts'
import { definition, enrolment, enter, inboxOf, publish, queueStep } from '../../../test/delivery/scenario-rows.ts'
import { accepted, mailboxFull, scriptedTransport } from '../../../test/delivery/scripted-transport.ts'
import { day, hour } from '../../domain/time/instant.ts'
import type { StorageTransaction } from '../../ports/storage/index.ts'
import { createConsent } from '../consent/create-consent.ts'
import type { CheckedCap } from '../runtime.ts'
import { deliverDue } from './deliver-due.ts'

const daily: CheckedCap = { name: 'daily', per: 'day', limit: 1, topic: null, policy: 'defer' }
const midnight = Date.parse('2026-01-06T00:00:00+09:00')

const capped = (caps: readonly CheckedCap[] = [daily], options: WorldOptions = {}) =>
  deliveryWorld({ ...options, settings: { caps, ...options.settings } })
const deliver = (world: World, limit = 1_000) => deliverDue(world.runtime, { limit })

/** `b1 sent`, `b2 skipped capped`, `b2 queued`. */
const fates = async (world: World, id = 'c0') =>
  (await messagesOf(world, id))
    .map(({ idemKey, state, reason }) => [idemKey.split(':')[0], state, ...(reason === null ? [] : [reason])].join(' '))
    .sort()

const runsAt = async (world: World, key: string, id = 'c0') => {
  const waiting = await world.storage.read((reader) => reader.messages.waitingOf([id]))
  const messages = await messagesOf(world, id)
  const found = messages.find(({ idemKey }) => idemKey.startsWith(`${key}:`))
  return waiting.find(({ messageId }) => messageId === found?.id)?.runAt
}

describe('a cap', () => {
  it('lets one mail a day through and sends the other when the next day begins, planned as it was', async () => {
    const world = await capped()
    const ids = await addContacts(world, 3)
    await queueMail(world, ids, news, 'b1')
    await queueMail(world, ids, news, 'b2')
    expect(await deliver(world)).toMatchObject({ sent: 3, retried: 3, skipped: 0 })
    expect(await deliver(world)).toMatchObject({ sent: 0, retried: 0 })
    world.clock.advance(midnight - start)
    expect(await deliver(world)).toMatchObject({ sent: 3 })
    expect(world.transport.calls).toHaveLength(6)
    expect((await messagesOf(world, 'c0')).map(({ plannedAt }) => plannedAt)).toEqual([start, start])
  })

  it("counts the contact's own day", async () => {
    const world = await capped()
    await addContacts(world, 1, { timeZone: 'Pacific/Honolulu' })
    await queueMail(world, ['c0'], news, 'b1')
    await queueMail(world, ['c0'], news, 'b2')
    await deliver(world)
    const second = (await fates(world)).includes('b1 queued') ? 'b1' : 'b2'
    expect(await runsAt(world, second)).toBe(Date.parse('2026-01-05T00:00:00-10:00'))
  })

  it('neither stops transactional mail nor counts it', async () => {
    const world = await capped()
    await addContacts(world, 1)
    await queueMail(world, ['c0'], receipt, 'r1')
    await queueMail(world, ['c0'], receipt, 'r2')
    await queueMail(world, ['c0'], news, 'b1')
    expect(await deliver(world)).toMatchObject({ sent: 3 })
  })

  it('of a topic leaves other topics alone', async () => {
    const world = await capped([{ ...daily, topic: 'tips' }])
    await addContacts(world, 1)
    await queueMail(world, ['c0'], news, 'b1')
    await queueMail(world, ['c0'], news, 'b2')
    expect(await deliver(world)).toMatchObject({ sent: 2 })
  })

  it('is given back by a mail that was refused, and kept by one that nobody knows about', async () => {
    for (const [answer, sent] of [
      [mailboxFull, 1],
      [{ kind: 'ambiguous', answer: {} } as const, 0],
    ] as const) {
      const transport = scriptedTransport((_mail, nth) => (nth === 1 ? answer : accepted))
      const world = await capped([daily], { transport })
      await addContacts(world, 1)
      await queueMail(world, ['c0'], news, 'b1')
      await deliver(world)
      await queueMail(world, ['c0'], news, 'b2')
      expect(await deliver(world)).toMatchObject({ sent })
    }
  })

  it('holds for two workers at once, each with a mail of the same contact', async () => {
    const transport = scriptedTransport(() => new Promise((resolve) => setImmediate(resolve, accepted)))
    const world = await capped([daily], { transport })
    const ids = await addContacts(world, 40)
    await queueMail(world, ids, news, 'b1')
    await queueMail(world, ids, news, 'b2')
    const reports = await Promise.all([deliver(world, 40), deliver(world, 40)])
    await deliver(world)
    expect(transport.calls).toHaveLength(40)
    expect(new Set(transport.calls.map(({ envelope }) => envelope.to)).size).toBe(40)
    expect(reports.reduce((sum, { sent }) => sum + sent, 0)).toBe(40)
    world.clock.advance(midnight - start)
    expect(await deliver(world)).toMatchObject({ sent: 40 })
  })

  it('is looked at again where another worker took the place between claim and mark', async () => {
    const world = await capped()
    await addContacts(world, 1)
    await publish(world, definition('course', { priority: -2 }))
    await queueStep(world, 'course', 'c0')
    const gate = Promise.withResolvers<void>()
    const claimed = Promise.withResolvers<void>()
    let transactions = 0
    const storage: World['storage'] = {
      ...world.storage,
      transaction: async (work) => {
        transactions += 1
        if (transactions === 2) {
          claimed.resolve()
          await gate.promise
        }
        return await world.storage.transaction(work)
      },
    }
    const slow = deliverDue({ ...world.runtime, storage }, { limit: 10 })
    await claimed.promise
    await queueMail(world, ['c0'], news, 'b1')
    expect(await deliver(world)).toMatchObject({ sent: 1 })
    gate.resolve()
    expect(await slow).toMatchObject({ sent: 0, retried: 1, skipped: 0 })
    expect(await runsAt(world, 'course-c0')).toBe(midnight)
    expect(await inboxOf(world, 'c0')).toHaveLength(1)
  })

  it('asks once for the whole batch, and not at all where no cap concerns it', async () => {
    const asked: string[] = []
    const world = await capped()
    const ids = await addContacts(world, 15)
    const counting = countingVerbs(world, asked)
    await queueMail(world, ids, receipt, 'r')
    await deliver(counting)
    expect(asked).toEqual([])
    await queueMail(world, ids, news, 'b')
    await deliverDue(counting.runtime, { limit: 15 })
    expect(asked.sort()).toEqual(['capsUsed', 'ofContacts', 'waitingOf'])
  })
})

/** The same world, which writes down which of the verbs about caps were asked. */
const countingVerbs = (world: World, asked: string[]): World => {
  const counted = <T extends object>(verbs: T): T =>
    new Proxy(verbs, {
      get: (target, name, receiver) => {
        if (['capsUsed', 'waitingOf', 'ofContacts'].includes(String(name))) asked.push(String(name))
        return Reflect.get(target, name, receiver)
      },
    })
  const storage: World['storage'] = {
    ...world.storage,
    transaction: (work) =>
      world.storage.transaction((tx: StorageTransaction) =>
        work({ ...tx, queue: counted(tx.queue), messages: counted(tx.messages), enrolments: counted(tx.enrolments) }),
      ),
  }
  return { ...world, storage, runtime: { ...world.runtime, storage } }
}

describe('what a full cap does to the mail of a scenario', () => {
  const full = async (cap: CheckedCap, expiresAt?: number) => {
    const world = await capped([cap])
    await addContacts(world, 1)
    await publish(world, definition('course'))
    await queueMail(world, ['c0'], news, 'b1')
    await deliver(world)
    await queueStep(world, 'course', 'c0', expiresAt === undefined ? {} : { expiresAt })
    return world
  }

  it('is `skip`: the mail is left out, and the enrolment goes on as it is', async () => {
    const world = await full({ ...daily, policy: 'skip' })
    expect(await deliver(world)).toMatchObject({ skipped: 1 })
    expect(await fates(world)).toEqual(['b1 sent', 'course-c0 skipped capped'])
    expect(await inboxOf(world, 'c0')).toEqual([])
  })

  it('is `advance`: the mail is left out, and the enrolment is told not to wait after it', async () => {
    const world = await full({ ...daily, policy: 'advance' })
    await deliver(world)
    expect(await fates(world)).toEqual(['b1 sent', 'course-c0 skipped capped'])
    const meta = { enrolmentId: 'course-c0', input: { kind: 'capped', stepSeq: 1 } }
    expect(await inboxOf(world, 'c0')).toMatchObject([{ kind: 'step', contactId: 'c0', startScenarios: false, meta }])
  })

  it('is `defer`: the mail waits, and the enrolment is told when it will go out', async () => {
    const world = await full(daily)
    await deliver(world)
    expect(await fates(world)).toEqual(['b1 sent', 'course-c0 queued'])
    const meta = { enrolmentId: 'course-c0', input: { kind: 'deferred', stepSeq: 1, plannedAt: midnight } }
    expect(await inboxOf(world, 'c0')).toMatchObject([{ kind: 'step', meta }])
    world.clock.advance(midnight - start)
    await deliver(world)
    expect(await fates(world)).toEqual(['b1 sent', 'course-c0 sent'])
  })

  it('is `defer` without room before the expiry: the mail is left out', async () => {
    const world = await full(daily, midnight)
    await deliver(world)
    expect(await fates(world)).toEqual(['b1 sent', 'course-c0 skipped capped'])
    expect(await inboxOf(world, 'c0')).toEqual([])
  })

  it('tells nothing where the mail was dropped before that was written down', async () => {
    const world = await full(daily)
    let isDropped = false
    const storage: World['storage'] = {
      ...world.storage,
      transaction: async (work) => {
        const result = await world.storage.transaction(work)
        if (!isDropped) {
          isDropped = true
          const drop = { enrolmentIds: ['course-c0'] }
          await world.storage.transaction((tx) => tx.messages.dropQueued(drop, 'exited', world.clock.now()))
        }
        return result
      },
    }
    await deliverDue({ ...world.runtime, storage }, { limit: 10 })
    expect(await fates(world)).toEqual(['b1 sent', 'course-c0 skipped exited'])
    expect(await inboxOf(world, 'c0')).toEqual([])
  })
})

describe('priority', () => {
  const rivalry = async (change: Parameters<typeof definition>[1] = {}, state?: Parameters<typeof publish>[2]) => {
    const world = await capped()
    await addContacts(world, 1)
    await publish(world, definition('renewal', change), state)
    return world
  }

  it('of two scenarios at the same time decides who goes first', async () => {
    const world = await rivalry({ priority: 5 })
    await publish(world, definition('course'))
    await queueStep(world, 'course', 'c0')
    await queueStep(world, 'renewal', 'c0')
    await deliver(world)
    expect(await fates(world)).toEqual(['course-c0 queued', 'renewal-c0 sent'])
  })

  it('of a scenario makes a broadcast yield, also where the broadcast came first', async () => {
    const world = await rivalry()
    await queueMail(world, ['c0'], news, 'b1', { queue: { class: 0 } })
    await queueStep(world, 'renewal', 'c0', { runAt: start + 8 * hour })
    expect(await deliver(world)).toMatchObject({ sent: 0, retried: 1 })
    expect(await runsAt(world, 'b1')).toBe(midnight)
    world.clock.advance(8 * hour)
    await deliver(world)
    expect(await fates(world)).toEqual(['b1 queued', 'renewal-c0 sent'])
  })

  it('counts what an enrolment will want to send later the same day', async () => {
    const world = await rivalry({ priority: 1 })
    await enter(world, [enrolment('renewal', 'c0', start + 8 * hour)])
    await queueMail(world, ['c0'], news, 'b1')
    expect(await deliver(world)).toMatchObject({ sent: 0, retried: 1 })
  })

  it.each([
    ['sends another day', start + day, {}, undefined],
    ['is paused', start + 8 * hour, {}, 'paused'],
    ['has ended', start + 8 * hour, { state: 'exited', endedAt: start, wakeAt: null }, undefined],
    ['is a holdout', start + 8 * hour, { memory: { holdout: { until: null } } }, undefined],
    ['has sent that mail before', start + 8 * hour, { memory: { sentBefore: ['later'] } }, undefined],
  ] as const)('does not yield to an enrolment that %s', async (_what, endsAt, change, state) => {
    const world = await rivalry({ priority: 1 }, state)
    await enter(world, [enrolment('renewal', 'c0', endsAt, change)])
    await queueMail(world, ['c0'], news, 'b1')
    expect(await deliver(world)).toMatchObject({ sent: 1 })
  })

  it('does not yield to mail that the contact does not want', async () => {
    const tips = { ...news, topic: 'tips', name: 'tips' }
    const world = await capped([daily], { templates: [news, receipt, tips] })
    await addContacts(world, 1)
    await publish(world, definition('renewal', { priority: 1 }))
    await queueStep(world, 'renewal', 'c0', { runAt: start + 8 * hour, template: tips })
    const consent = createConsent(world.runtime, { ready: async () => {}, drain: async () => {} })
    await consent.withdraw('c0', { topics: ['tips'], evidence: { source: 'phone' } })
    await queueMail(world, ['c0'], news, 'b1')
    expect(await deliver(world)).toMatchObject({ sent: 1 })
  })
})
