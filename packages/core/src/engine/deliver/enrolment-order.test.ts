import { describe, expect, it } from 'vitest'
import {
  addContacts,
  deliveryWorld,
  messagesOf,
  news,
  queueMail,
  start,
  type World,
} from '../../../test/delivery/delivery-world.ts'
import { definition, enrolment, enter, publish } from '../../../test/delivery/scenario-rows.ts'
import { day, hour, minute } from '../../domain/time/instant.ts'
import { deliverDue } from './deliver-due.ts'

interface Step {
  readonly seq: number
  readonly plannedAt: number
  readonly runAt?: number
  readonly expiresAt?: number
}

/** One enrolment of `row` whose mails are in the queue. */
const enrolled = async (steps: readonly Step[]): Promise<World> => {
  const world = await deliveryWorld()
  await addContacts(world, 1)
  await publish(world, definition('row'))
  const row = enrolment('row', 'c0', start + 9 * day)
  await enter(world, [row])
  const pinned = { scenario: 'row', scenarioVersion: 1, enrolmentId: row.id }
  for (const { seq, plannedAt, runAt = plannedAt, expiresAt = plannedAt + 3 * day } of steps)
    await queueMail(world, ['c0'], news, '', {
      message: { ...pinned, idemKey: `${row.id}:${seq}`, stepId: `s${seq}`, plannedAt },
      queue: { enrolmentId: row.id, scenario: 'row', class: 1, runAt, expiresAt },
    })
  return world
}

/** `1 sent`, `2 queued`. */
const fates = async (world: World) =>
  (await messagesOf(world, 'c0'))
    .map(({ idemKey, state, reason }) => [idemKey.split(':').at(-1), state, ...(reason === null ? [] : [reason])].join(' '))
    .sort()

const deliverAt = async (world: World, at: number) => {
  world.clock.advance(at - world.clock.now())
  await deliverDue(world.runtime, { limit: 100 })
  return await fates(world)
}

describe('the mails of one enrolment', () => {
  it('wait for an earlier one that is to be tried again, then as long as they were planned apart', async () => {
    const world = await enrolled([
      { seq: 1, plannedAt: start - 8 * hour, runAt: start + hour },
      { seq: 3, plannedAt: start - 2 * hour },
    ])
    expect(await deliverAt(world, start)).toEqual(['1 queued', '3 queued'])
    expect(await deliverAt(world, start + hour)).toEqual(['1 sent', '3 queued'])
    expect(await deliverAt(world, start + 7 * hour - minute - 1)).toEqual(['1 sent', '3 queued'])
    expect(await deliverAt(world, start + 7 * hour)).toEqual(['1 sent', '3 sent'])
  })

  it('stay the minGap apart where they were planned further apart', async () => {
    const world = await enrolled([
      { seq: 1, plannedAt: start - 30 * hour },
      { seq: 3, plannedAt: start - hour },
    ])
    expect(await deliverAt(world, start)).toEqual(['1 sent', '3 queued'])
    expect(await deliverAt(world, start + 11 * hour)).toEqual(['1 sent', '3 queued'])
    expect(await deliverAt(world, start + 12 * hour)).toEqual(['1 sent', '3 sent'])
  })

  it('go by their place in the enrolment, also the tenth after the ninth', async () => {
    const world = await enrolled([
      { seq: 10, plannedAt: start - hour },
      { seq: 9, plannedAt: start - 2 * hour, runAt: start + hour },
    ])
    expect(await deliverAt(world, start)).toEqual(['10 queued', '9 queued'])
    expect(await deliverAt(world, start + hour)).toEqual(['10 queued', '9 sent'])
  })

  it('keep their order where they may come together, however they are claimed', async () => {
    const pairs = 12
    const world = await deliveryWorld()
    await addContacts(world, pairs)
    await publish(world, definition('row', { minGap: 0 }))
    for (let nth = 0; nth < pairs; nth += 1) {
      const row = enrolment('row', `c${nth}`, start + 9 * day)
      await enter(world, [row])
      for (const seq of [2, 1])
        await queueMail(world, [`c${nth}`], news, '', {
          message: { scenario: 'row', scenarioVersion: 1, enrolmentId: row.id, idemKey: `${row.id}:${seq}`, plannedAt: start },
          queue: { enrolmentId: row.id, scenario: 'row', class: 1, runAt: start, expiresAt: start + day },
        })
    }
    for (let nth = 0; nth < 4 * pairs; nth += 1) {
      await deliverDue(world.runtime, { limit: 1 })
      if (nth === 2 * pairs) world.clock.advance(2 * minute)
    }
    const sent = world.transport.calls.map(({ messageId }) => messageId)
    const messages = await world.runtime.storage.read((reader) => reader.messages.get(sent))
    const keys = sent.map((id) => messages.find((message) => message.id === id)?.idemKey ?? '')
    expect(keys.length).toBe(2 * pairs)
    for (const key of keys.filter((one) => one.endsWith(':1')))
      expect(keys.indexOf(key)).toBeLessThan(keys.indexOf(`${key.slice(0, -1)}2`))
  })

  it('expire where their turn comes too late', async () => {
    const world = await enrolled([
      { seq: 1, plannedAt: start - 8 * hour },
      { seq: 3, plannedAt: start - 2 * hour, expiresAt: start + 5 * hour },
    ])
    await deliverAt(world, start)
    expect(await deliverAt(world, start + 2 * minute)).toEqual(['1 sent', '3 skipped expired'])
  })

  it('are not asked about while all is on time', async () => {
    const world = await enrolled([{ seq: 1, plannedAt: start }])
    const asked: unknown[] = []
    const { storage } = world.runtime
    const watching = {
      ...storage,
      transaction: ((body) =>
        storage.transaction((tx) => {
          const { messages } = tx
          const ofEnrolments: typeof messages.ofEnrolments = (ids) => {
            asked.push(ids)
            return messages.ofEnrolments(ids)
          }
          return body({ ...tx, messages: { ...messages, ofEnrolments } })
        })) as typeof storage.transaction,
    }
    await deliverDue({ ...world.runtime, storage: watching }, { limit: 100 })
    expect([await fates(world), asked]).toEqual([['1 sent'], []])
  })
})
