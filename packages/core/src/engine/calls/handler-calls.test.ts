import { describe, expect, it } from 'vitest'
import { addContacts, deliveryWorld, news, queueMail, start, type World } from '../../../test/delivery/delivery-world.ts'
import { definition, inboxOf, publish } from '../../../test/delivery/scenario-rows.ts'
import { hour, minute, second } from '../../domain/time/instant.ts'
import { TobiishiError } from '../../errors/index.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Call } from '../../ports/storage/index.ts'
import { deliverDue } from '../deliver/deliver-due.ts'
import type { Handler, HandlerCall } from '../tobiishi.ts'
import { callRetryAt } from './call-retry-at.ts'
import { HandlerCalls } from './handler-calls.ts'

const callOf = (id: string, change: Partial<Call> = {}): Call => ({
  idemKey: `${id}:3`,
  enrolmentId: id,
  contactId: 'c0',
  scenario: 'course',
  stepId: 'tell-crm',
  stepSeq: 3,
  handler: 'crm',
  payload: { secret: 'of the payload' },
  timeout: 10 * second,
  attempts: 3,
  waits: true,
  runAt: start,
  attempt: 0,
  state: 'waiting',
  error: null,
  createdAt: start,
  ...change,
})

const worldWith = async (handler: Handler, calls: readonly Call[] = [callOf('e1')], callConcurrency = 5): Promise<World> => {
  const world = await deliveryWorld({ handlers: { crm: handler }, settings: { callConcurrency } })
  await addContacts(world, 2)
  await publish(world, definition('course'))
  await world.storage.transaction((tx) => tx.calls.enqueue(calls))
  return world
}

/** Makes what is due, to the end. */
const work = async (world: World, signal = new AbortController().signal): Promise<number> => {
  const calls = new HandlerCalls(world.runtime, signal)
  calls.poke()
  await calls.idle()
  return calls.takeEnded()
}
const count = (world: World) => world.storage.read((reader) => reader.calls.count())
const dead = (world: World) => world.storage.read((reader) => reader.calls.dead({ limit: 10 }))
const inputs = async (world: World, id = 'c0') => (await inboxOf(world, id)).map(({ meta }) => meta)
const settled = async () => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

/** A handler that ends when it is told to; `called` resolves with its n-th call. */
const gated = () => {
  const calls: HandlerCall[] = []
  const gates: PromiseWithResolvers<void>[] = []
  const waiting: (() => void)[] = []
  const handler: Handler = (call) => {
    calls.push(call)
    const gate = Promise.withResolvers<void>()
    gates.push(gate)
    for (const look of waiting) look()
    return gate.promise
  }
  const called = (count: number) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (calls.length >= count) resolve()
      }
      waiting.push(look)
      look()
    })
  return { handler, calls, gates, called }
}

describe('a call that succeeds', () => {
  it('gets what it needs, is done once, and tells the enrolment that waits for it', async () => {
    const heard: HandlerCall[] = []
    const world = await worldWith((call) => void heard.push(call))
    expect(await work(world)).toBe(1)
    expect(await work(world)).toBe(0)
    const payload = { secret: 'of the payload' }
    expect(heard).toMatchObject([{ idemKey: 'e1:3', contactId: 'c0', scenario: 'course', step: 'tell-crm', payload, attempt: 1 }])
    expect(await count(world)).toEqual({ waiting: 0, dead: 0 })
    expect(await inputs(world)).toEqual([{ enrolmentId: 'e1', input: { kind: 'result', stepSeq: 3, ok: true } }])
  })

  it('tells nothing where nobody waits', async () => {
    const world = await worldWith(() => {}, [callOf('e1', { waits: false })])
    expect(await work(world)).toBe(1)
    expect(await inputs(world)).toEqual([])
  })

  it('is not made before its time, nor by a process without its handler, nor while its scenario is paused', async () => {
    let made = 0
    const world = await worldWith(() => {
      made += 1
    }, [
      callOf('later', { runAt: start + minute }),
      callOf('foreign', { handler: 'erp' }),
      callOf('held', { scenario: 'paused' }),
    ])
    await publish(world, definition('paused'), 'paused')
    expect(await work(world)).toBe(0)
    world.clock.advance(minute)
    expect(await work(world)).toBe(1)
    expect(made).toBe(1)
  })
})

describe('a call that fails', () => {
  it('is tried again with growing pauses under the same key, until it succeeds', async () => {
    const attempts: number[] = []
    const world = await worldWith(({ attempt, idemKey }) => {
      attempts.push(attempt)
      expect(idemKey).toBe('e1:3')
      if (attempt <= 2) throw new Error('not now')
    })
    await work(world)
    world.clock.advance(minute / 2 - 1)
    expect(await work(world)).toBe(0)
    world.clock.advance(minute / 2 + 1)
    expect(await work(world)).toBe(1)
    expect(await inputs(world)).toEqual([])
    world.clock.advance(2 * minute)
    expect(await work(world)).toBe(1)
    expect(attempts).toEqual([1, 2, 3])
    expect(await inputs(world)).toMatchObject([{ input: { ok: true } }])
  })

  it('is given up after its attempts: kept with the reason, logged without what it held, and told', async () => {
    const world = await worldWith(() => Promise.reject(new TobiishiError('render.failed', 'a@customer.example was refused')))
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await work(world)
      world.clock.advance(hour)
    }
    expect(await dead(world)).toMatchObject([
      { idemKey: 'e1:3', attempt: 3, error: 'render.failed: a@customer.example was refused' },
    ])
    expect(await inputs(world)).toEqual([{ enrolmentId: 'e1', input: { kind: 'result', stepSeq: 3, ok: false } }])
    const line = { handler: 'crm', scenario: 'course', stepId: 'tell-crm', idemKey: 'e1:3', attempt: 3, reason: 'render.failed' }
    expect(world.logged.filter(({ level }) => level === 'error')).toEqual([
      { level: 'error', event: 'call.gaveUp', fields: line },
    ])
    expect(JSON.stringify(world.logged)).not.toMatch(/customer\.example|of the payload/)
  })

  it('counts as failed when its time is over, whatever becomes of it later', async () => {
    const { handler, calls, gates, called } = gated()
    const world = await worldWith(handler, [callOf('e1', { attempts: 1 })])
    const working = work(world)
    await called(1)
    world.clock.advance(10 * second)
    await working
    expect(calls[0]?.signal.aborted).toBe(true)
    expect(await dead(world)).toMatchObject([{ error: 'The handler did not end within 10000 ms.' }])
    gates[0]?.resolve()
    await settled()
    expect(await inputs(world)).toMatchObject([{ input: { ok: false } }])
  })

  it('waits twice as long each time, up to four hours, not all calls at once', () => {
    const pauses = (attempt: number, key: string) => (callRetryAt(callOf(key, { attempt, attempts: 99 }), start) ?? 0) - start
    for (const [attempt, longest] of [
      [0, minute],
      [1, 2 * minute],
      [5, 32 * minute],
      [30, 4 * hour],
    ] as const) {
      const spread = ['a', 'b', 'c', 'd'].map((key) => pauses(attempt, key))
      expect(Math.min(...spread)).toBeGreaterThanOrEqual(longest / 2)
      expect(Math.max(...spread)).toBeLessThanOrEqual(longest)
      expect(new Set(spread).size).toBe(4)
    }
    expect(callRetryAt(callOf('a', { attempt: 2, attempts: 3 }), start)).toBeNull()
  })
})

describe('a process that dies in a call', () => {
  it('leaves it to another when the lease is over, and changes nothing when it comes back', async () => {
    const { handler, gates, called } = gated()
    const world = await worldWith(handler, [callOf('e1', { timeout: minute })])
    const stopped: Clock = { now: () => start, monotonic: () => 0, sleepUntil: () => new Promise(() => {}) }
    const stalling = work({ ...world, runtime: { ...world.runtime, clock: stopped } })
    await called(1)
    const other: World = { ...world, runtime: { ...world.runtime, handlers: new Map([['crm', () => {}]]) } }
    world.clock.advance(minute + 30 * second - 1)
    expect(await work(other)).toBe(0)
    world.clock.advance(1)
    expect(await work(other)).toBe(1)
    expect(await inputs(world)).toMatchObject([{ input: { ok: true } }])
    gates[0]?.reject(new Error('too late'))
    await stalling
    expect(await count(world)).toEqual({ waiting: 0, dead: 0 })
    expect(await inputs(world)).toHaveLength(1)
  })
})

describe('many calls', () => {
  it('run at most `callConcurrency` at once, and each ends', async () => {
    let underWay = 0
    let peak = 0
    const heard: string[] = []
    const handler: Handler = async ({ idemKey }) => {
      underWay += 1
      peak = Math.max(peak, underWay)
      heard.push(idemKey)
      await new Promise((resolve) => setImmediate(resolve))
      underWay -= 1
    }
    const all = Array.from({ length: 23 }, (_, index) => callOf(`e${index}`))
    const world = await worldWith(handler, all, 3)
    expect(await Promise.all([work(world), work(world)])).toSatisfy(([a, b]: number[]) => (a ?? 0) + (b ?? 0) === 23)
    expect(peak).toBe(3)
    expect(heard.toSorted()).toEqual(all.map(({ idemKey }) => idemKey).toSorted())
  })

  it('that become due while others run start at once', async () => {
    const { handler, calls, gates, called } = gated()
    const world = await worldWith(handler)
    const running = new HandlerCalls(world.runtime, new AbortController().signal)
    running.poke()
    await called(1)
    await world.storage.transaction((tx) => tx.calls.enqueue([callOf('e2')]))
    running.poke()
    await called(2)
    expect(calls.map(({ idemKey }) => idemKey)).toEqual(['e1:3', 'e2:3'])
    for (const gate of gates) gate.resolve()
    await running.idle()
    expect(running.takeEnded()).toBe(2)
  })

  it('do not hold mail back', async () => {
    const { handler, gates, called } = gated()
    const world = await worldWith(handler)
    await queueMail(world, ['c0'], news)
    const running = new HandlerCalls(world.runtime, new AbortController().signal)
    running.poke()
    await called(1)
    expect(await deliverDue(world.runtime, { limit: 10 })).toMatchObject({ sent: 1 })
    gates[0]?.resolve()
    await running.idle()
  })

  it('stop at an abort: what is under way ends and is written down, nothing else starts', async () => {
    const { handler, calls, gates, called } = gated()
    const world = await worldWith(handler, [callOf('e1'), callOf('e2')], 1)
    const controller = new AbortController()
    const working = work(world, controller.signal)
    await called(1)
    controller.abort()
    gates[0]?.resolve()
    expect(await working).toBe(1)
    expect(calls).toHaveLength(1)
    expect(await count(world)).toEqual({ waiting: 1, dead: 0 })
    expect(await inputs(world)).toHaveLength(1)
  })
})

describe('a handler that goes on and on when the process is told to stop', () => {
  it('is interrupted after 30 seconds, and its call is made elsewhere at once, also after its last try', async () => {
    const { handler, calls, called } = gated()
    const world = await worldWith(handler, [callOf('e1', { timeout: hour, attempts: 1 })])
    const controller = new AbortController()
    const working = work(world, controller.signal)
    await called(1)
    controller.abort()
    await settled()
    world.clock.advance(29 * second)
    expect(calls[0]?.signal.aborted).toBe(false)
    world.clock.advance(second)
    await working
    expect(calls[0]?.signal.aborted).toBe(true)
    expect(await inputs(world)).toEqual([])
    const other: World = { ...world, runtime: { ...world.runtime, handlers: new Map([['crm', () => {}]]) } }
    expect(await work(other)).toBe(1)
    expect(await inputs(world)).toMatchObject([{ input: { ok: true } }])
  })
})

describe('a handler that heeds its signal', () => {
  const heeding =
    (isResolving: boolean, called: () => void): Handler =>
    ({ signal }) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => (isResolving ? resolve() : reject(signal.reason)))
        called()
      })

  it.each([true, false])('has failed at its time-out whatever it does then (resolves: %s)', async (isResolving) => {
    const called = Promise.withResolvers<void>()
    const world = await worldWith(heeding(isResolving, called.resolve), [callOf('e1', { attempts: 1 })])
    const working = work(world)
    await called.promise
    world.clock.advance(10 * second)
    await working
    expect(await dead(world)).toMatchObject([{ error: 'The handler did not end within 10000 ms.' }])
  })

  it.each([true, false])('is called again elsewhere when the process was told to stop (resolves: %s)', async (isResolving) => {
    const called = Promise.withResolvers<void>()
    const world = await worldWith(heeding(isResolving, called.resolve), [callOf('e1', { attempts: 1, timeout: hour })])
    const controller = new AbortController()
    const working = work(world, controller.signal)
    await called.promise
    controller.abort()
    await settled()
    world.clock.advance(30 * second)
    await working
    expect(await count(world)).toEqual({ waiting: 1, dead: 0 })
  })
})

describe('what is written down', () => {
  it('is tried again while the database is away', async () => {
    const world = await worldWith(() => {})
    let transactions = 0
    const storage: World['storage'] = {
      ...world.storage,
      transaction: async (work) => {
        transactions += 1
        if (transactions === 2 || transactions === 3) throw new Error('connection refused')
        return await world.storage.transaction(work)
      },
    }
    const working = work({ ...world, runtime: { ...world.runtime, storage } })
    await settled()
    world.clock.advance(second)
    await settled()
    world.clock.advance(second)
    expect(await working).toBe(1)
    expect(await inputs(world)).toHaveLength(1)
  })

  it('rejects for the worker to see where nothing can be claimed', async () => {
    const world = await worldWith(() => {})
    const storage = { ...world.storage, transaction: () => Promise.reject(new Error('connection refused')) }
    await expect(work({ ...world, runtime: { ...world.runtime, storage } })).rejects.toThrow('connection refused')
  })

  it('reaches the enrolment under the contact that it was merged into meanwhile', async () => {
    const { handler, calls, gates, called } = gated()
    const world = await worldWith(handler)
    const working = work(world)
    await called(1)
    await world.storage.transaction(function* (tx) {
      yield* tx.contacts.lock(['c0', 'c1'], { skipLocked: false })
      yield* tx.calls.move('c0', 'c1')
      yield* tx.contacts.remove('c0')
    })
    gates[0]?.resolve()
    await called(2)
    gates[1]?.resolve()
    await working
    expect(calls.map(({ contactId }) => contactId)).toEqual(['c0', 'c1'])
    expect(await inputs(world, 'c0')).toEqual([])
    expect(await inputs(world, 'c1')).toMatchObject([{ enrolmentId: 'e1', input: { ok: true } }])
  })

  it('does not go round for ever for a contact that is nowhere', async () => {
    let made = 0
    const world = await worldWith(() => {
      made += 1
    }, [callOf('e1', { contactId: 'nobody', attempts: 2 })])
    await work(world)
    expect(made).toBe(4)
    expect(await count(world)).toEqual({ waiting: 0, dead: 0 })
  })
})
