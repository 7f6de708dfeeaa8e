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
} from '../../../test/delivery/delivery-world.ts'
import { definition, publish, queueStep } from '../../../test/delivery/scenario-rows.ts'
import { accepted, busy, scriptedTransport } from '../../../test/delivery/scripted-transport.ts'
import { minute } from '../../domain/time/instant.ts'
import { deliverDue } from './deliver-due.ts'

const deliver = (world: World) => deliverDue(world.runtime, { limit: 1_000 })
const night = { from: '21:00', to: '08:00' }
/** The world starts at 10:00 in Tokyo. */
const at = (time: string) => Date.parse(`2026-01-05T${time}:00+09:00`)
const nextMorning = Date.parse('2026-01-06T08:00:00+09:00')

const runAts = async (world: World, ids: readonly string[]) =>
  (await world.storage.read((reader) => reader.messages.waitingOf(ids))).map(({ runAt }) => runAt)

describe('quiet hours', () => {
  it('hold marketing mail until they end, broadcasts too, and let transactional mail out', async () => {
    const world = await deliveryWorld({ settings: { quietHours: night } })
    world.clock.advance(at('23:30') - start)
    const ids = await addContacts(world, 2)
    await queueMail(world, ids, news, 'b')
    await queueMail(world, ids, receipt, 'r')
    expect(await deliver(world)).toMatchObject({ sent: 2, retried: 2 })
    expect(await runAts(world, ids)).toEqual([nextMorning, nextMorning])
    world.clock.advance(nextMorning - at('23:30'))
    expect(await deliver(world)).toMatchObject({ sent: 2 })
  })

  it("are those of the contact's own clock", async () => {
    const world = await deliveryWorld({ settings: { quietHours: night } })
    await addContacts(world, 1, { timeZone: 'Europe/Berlin' })
    await queueMail(world, ['c0'])
    await deliver(world)
    expect(await runAts(world, ['c0'])).toEqual([Date.parse('2026-01-05T08:00:00+01:00')])
  })

  it('come together with the window of the scenario', async () => {
    const world = await deliveryWorld({ settings: { quietHours: { from: '09:00', to: '13:00' } } })
    await addContacts(world, 1)
    await publish(world, definition('afternoon', { window: { days: 'any', from: '12:00', to: '20:00' } }))
    await queueStep(world, 'afternoon', 'c0')
    await deliver(world)
    expect(await runAts(world, ['c0'])).toEqual([at('13:00')])
  })

  it('that cover a window whole leave its mail alone, and say so', async () => {
    const world = await deliveryWorld({ settings: { quietHours: { from: '09:00', to: '13:00' } } })
    await addContacts(world, 1)
    await publish(world, definition('morning', { window: { days: 'any', from: '09:00', to: '12:00' } }))
    await queueStep(world, 'morning', 'c0')
    expect(await deliver(world)).toMatchObject({ sent: 0, skipped: 0, retried: 0 })
    expect(world.logged).toMatchObject([{ event: 'window.undecided', fields: { scenario: 'morning' } }])
  })

  it('hold a retry too', async () => {
    const world = await deliveryWorld({ settings: { quietHours: night }, transport: scriptedTransport(() => busy) })
    world.clock.advance(at('20:59') + 45_000 - start)
    await addContacts(world, 1)
    await queueMail(world, ['c0'])
    expect(await deliver(world)).toMatchObject({ retried: 1 })
    expect(await runAts(world, ['c0'])).toEqual([nextMorning])
  })
})

describe('an urgent notice', () => {
  it('passes the window, where it is transactional', async () => {
    const world = await deliveryWorld()
    await addContacts(world, 1)
    await publish(world, definition('outage', { window: { days: 'any', from: '12:00', to: '20:00' } }))
    const urgent = { message: { scenario: 'outage', scenarioVersion: 1, urgent: 'the service is down' } }
    await queueMail(world, ['c0'], receipt, 'r', urgent)
    await queueMail(world, ['c0'], news, 'b', urgent)
    await queueMail(world, ['c0'], receipt, 'calm', { message: { ...urgent.message, urgent: null } })
    expect(await deliver(world)).toMatchObject({ sent: 1, retried: 2 })
    const sent = (await messagesOf(world, 'c0')).filter(({ state }) => state === 'sent')
    expect(sent.map(({ idemKey }) => idemKey)).toEqual(['r:c0'])
  })
})

describe('mail that was claimed in the last moments', () => {
  const lastMoments = async () => {
    const transport = scriptedTransport((_mail, nth) => (nth === 1 ? 'hang' : accepted), 1)
    const world = await deliveryWorld({ transport, settings: { quietHours: night } })
    world.clock.advance(at('20:59') - start)
    return { world, transport, ids: await addContacts(world, 5) }
  }

  it('does not leave after the quiet hours began: it is given back until they end', async () => {
    const { world, transport, ids } = await lastMoments()
    await queueMail(world, ids)
    const delivering = deliver(world)
    await transport.called(1)
    world.clock.advance(minute)
    transport.answer(accepted)
    expect(await delivering).toMatchObject({ sent: 1, retried: 4 })
    expect(await runAts(world, ids)).toEqual([nextMorning, nextMorning, nextMorning, nextMorning])
  })

  it('does not leave after the window closed', async () => {
    const { world, transport } = await lastMoments()
    await publish(world, definition('course', { window: { days: 'any', from: '09:00', to: '21:00' } }))
    await queueMail(world, ['c0'], receipt, 'r')
    await queueStep(world, 'course', 'c1', { template: receipt })
    const delivering = deliver(world)
    await transport.called(1)
    world.clock.advance(minute)
    transport.answer(accepted)
    expect(await delivering).toMatchObject({ sent: 1, retried: 1 })
  })

  it('does not leave on the place of a day that is over', async () => {
    const transport = scriptedTransport((_mail, nth) => (nth === 1 ? 'hang' : accepted), 1)
    const world = await deliveryWorld({
      transport,
      settings: { caps: [{ name: 'daily', per: 'day', limit: 1, topic: 'tips', policy: 'skip' }] },
      templates: [news, receipt, { ...news, name: 'tips', topic: 'tips' }],
    })
    world.clock.advance(at('23:59') - start)
    await addContacts(world, 1)
    await queueMail(world, ['c0'], news, 'b', { queue: { class: 0 } })
    await queueMail(world, ['c0'], { ...news, name: 'tips', topic: 'tips' }, 't1')
    const delivering = deliver(world)
    await transport.called(1)
    world.clock.advance(minute)
    transport.answer(accepted)
    await delivering
    await deliver(world)
    await queueMail(world, ['c0'], { ...news, name: 'tips', topic: 'tips' }, 't2')
    expect(await deliver(world)).toMatchObject({ sent: 0, skipped: 1 })
    expect(transport.calls).toHaveLength(2)
  })

  it('does not leave where its mark took until then', async () => {
    const { world, ids } = await lastMoments()
    await queueMail(world, ids.slice(0, 1))
    let transactions = 0
    const storage: World['storage'] = {
      ...world.storage,
      transaction: async (work) => {
        const result = await world.storage.transaction(work)
        transactions += 1
        if (transactions === 2) world.clock.advance(minute)
        return result
      },
    }
    expect(await deliverDue({ ...world.runtime, storage }, { limit: 1 })).toMatchObject({ sent: 0, retried: 1 })
    expect(world.transport.calls).toEqual([])
    expect(await runAts(world, ['c0'])).toEqual([nextMorning])
  })

  it('is no attempt: nothing of its retries is used up', async () => {
    const { world, transport, ids } = await lastMoments()
    await queueMail(world, ids.slice(0, 2))
    const delivering = deliver(world)
    await transport.called(1)
    world.clock.advance(minute)
    transport.answer(accepted)
    await delivering
    world.clock.advance(nextMorning - at('21:00'))
    const now = world.clock.now()
    const options = { now, limit: 1, leaseUntil: now + minute, owner: 'test' }
    const [claimed] = await world.storage.transaction((tx) => tx.queue.claim(options))
    expect(claimed?.attempt).toBe(0)
  })
})

describe('a version that a newer release stored', () => {
  it('leaves its mail to a process that can read the window', async () => {
    const world = await deliveryWorld()
    await addContacts(world, 1)
    const newer = definition('course')
    await world.storage.transaction(function* (tx) {
      const row = { scenario: 'course', version: 1, format: 3, hash: 'h', definition: newer, publishedAt: 0 }
      yield* tx.scenarios.publish(row)
    })
    await queueStep(world, 'course', 'c0')
    expect(await deliver(world)).toMatchObject({ sent: 0, skipped: 0, failed: 0, retried: 0 })
    expect(world.logged).toMatchObject([{ level: 'error', event: 'window.undecided' }])
  })
})
