import { type Handler, type HandlerCall, silentLogger } from '@tobiishi/core'
import type { EngineTheme } from '../engine-world.ts'
import { enrolments, rejection, subjects } from '../observations.ts'
import { model, nudge, thanks, tips } from '../shop.ts'

type CallOptions = { readonly wait?: false; readonly attempts?: number; readonly timeout?: '10 seconds' | '10 minutes' }

/** A coupon is asked for; then thanks, or sorry where none could be had. */
const scenario = (options: CallOptions = {}) =>
  model.scenario('coupon', {
    version: 1,
    enterOn: 'brochure.requested',
    exitOn: 'order.placed',
    steps: ({ call, send, end, event }) => [
      options.wait === false
        ? call('ask', 'issueCoupon', { brochure: event.brochure, amount: 500 }, { ...options, wait: false })
        : call(
            'ask',
            'issueCoupon',
            { brochure: event.brochure, amount: 500 },
            { ...options, failed: [send('sorry', tips), end('over')] },
          ),
      send('thanks', thanks),
    ],
  })

const failing: Handler = () => {
  throw new Error('down')
}

/** Steps that call the app's own code. */
export const callingCases: EngineTheme = ({ test, expect }) => {
  test('the handler gets contact, payload and a key, and the contact stays until it has succeeded', async ({ start }) => {
    const heard: HandlerCall[] = []
    const answer = Promise.withResolvers<void>()
    const issueCoupon: Handler = (call) => {
      heard.push(call)
      return answer.promise
    }
    const kit = await start({ scenarios: [scenario()], handlers: { issueCoupon } })
    await kit.track('c_1', 'brochure.requested', { brochure: 'A' })
    const ticking = kit.tick()
    while (heard.length === 0) await new Promise((resolve) => setImmediate(resolve))
    expect(subjects(kit)).toEqual([])
    answer.resolve()
    await ticking
    await kit.settle()
    const payload = { brochure: 'A', amount: 500 }
    expect(heard).toMatchObject([{ contactId: 'c_1', scenario: 'coupon', step: 'ask', payload, attempt: 1 }])
    expect(subjects(kit)).toEqual(['thanks'])
  })

  test('told not to wait, it goes on at once, whatever becomes of the call', async ({ start }) => {
    const kit = await start({ scenarios: [scenario({ wait: false })], handlers: { issueCoupon: failing }, logger: silentLogger })
    await kit.track('c_1', 'brochure.requested', { brochure: 'A' })
    await kit.settle()
    expect(subjects(kit)).toEqual(['thanks'])
    expect(await enrolments(kit)).toEqual(['completed'])
  })

  test('what fails is tried again under the same key, with growing pauses', async ({ start }) => {
    const tries: { readonly at: number; readonly key: string; readonly attempt: number }[] = []
    const kit = await start({
      scenarios: [scenario()],
      handlers: {
        issueCoupon: ({ idemKey, attempt }) => {
          tries.push({ at: kit.clock.now(), key: idemKey, attempt })
          if (tries.length < 5) throw new Error('not now')
        },
      },
    })
    await kit.track('c_1', 'brochure.requested', { brochure: 'A' })
    await kit.clock.advance('1 hour')
    expect(tries.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5])
    expect(new Set(tries.map(({ key }) => key)).size).toBe(1)
    // A minute, then twice as long each time, up to half of it less.
    const minutes = tries.slice(1).map(({ at }, index) => (at - (tries[index]?.at ?? 0)) / 60_000)
    expect(minutes.map((pause, index) => pause >= 2 ** index / 2 && pause <= 2 ** index)).toEqual([true, true, true, true])
    expect(subjects(kit)).toEqual(['thanks'])
  })

  test('after its attempts a call is dead, the contact goes the other way, and the call can be tried again', async ({
    start,
  }) => {
    let isDown = true
    let tries = 0
    const issueCoupon: Handler = () => {
      tries += 1
      if (isDown) throw new Error('down')
    }
    const kit = await start({ scenarios: [scenario({ attempts: 3 })], handlers: { issueCoupon }, logger: silentLogger })
    await kit.track('c_1', 'brochure.requested', { brochure: 'A' })
    await kit.clock.advance('2 days')
    expect([tries, subjects(kit)]).toEqual([3, ['tips']])
    const [dead, ...others] = await kit.scenarios.deadCalls()
    expect(dead).toMatchObject({
      handler: 'issueCoupon',
      contactId: 'c_1',
      stepId: 'ask',
      attempt: 3,
      state: 'dead',
      error: 'down',
    })
    expect(others).toEqual([])
    isDown = false
    await kit.scenarios.retryCall(dead?.idemKey ?? '')
    await kit.clock.advance('1 hour')
    expect([tries, subjects(kit), await kit.scenarios.deadCalls()]).toEqual([4, ['tips'], []])
    expect((await rejection(kit.scenarios.retryCall(dead?.idemKey ?? ''))).code).toBe('call.unknown')
  })

  test('a handler that takes too long is told so, and counts as failed', async ({ start }) => {
    const called = Promise.withResolvers<HandlerCall>()
    const issueCoupon: Handler = (call) => {
      called.resolve(call)
      return new Promise(() => {})
    }
    const options = { scenarios: [scenario({ attempts: 1, timeout: '10 seconds' })], logger: silentLogger }
    const kit = await start({ ...options, handlers: { issueCoupon } })
    await kit.track('c_1', 'brochure.requested', { brochure: 'A' })
    const ticking = kit.tick()
    const { signal } = await called.promise
    kit.clock.jumpTo(kit.clock.now() + 9_999)
    await kit.clock.advance(0)
    expect(signal.aborted).toBe(false)
    kit.clock.jumpTo(kit.clock.now() + 1)
    await kit.clock.advance(0)
    await ticking
    expect(signal.aborted).toBe(true)
    await kit.clock.advance('1 minute')
    expect(subjects(kit)).toEqual(['tips'])
    expect(await kit.scenarios.deadCalls()).toMatchObject([{ stepId: 'ask' }])
  })

  test('at least once: a process that stands still in a call leaves it to another, under the same key', async ({ start }) => {
    const keys: string[] = []
    const called = Promise.withResolvers<void>()
    const standstill = Promise.withResolvers<void>()
    const stalled = await start({
      scenarios: [scenario()],
      handlers: {
        issueCoupon: ({ idemKey }) => {
          keys.push(idemKey)
          called.resolve()
          return standstill.promise
        },
      },
    })
    await stalled.track('c_1', 'brochure.requested', { brochure: 'A' })
    const ticking = stalled.tick()
    await called.promise
    const other = await start({
      now: '2026-01-05T01:05:00Z',
      scenarios: [scenario()],
      handlers: { issueCoupon: ({ idemKey }) => void keys.push(idemKey) },
    })
    await other.settle()
    standstill.reject(new Error('the answer of a process that went on'))
    await ticking
    await other.settle()
    expect([keys.length, new Set(keys).size]).toEqual([2, 1])
    expect(subjects(other)).toEqual(['thanks'])
  })

  test('a result that comes after the contact has left changes nothing', async ({ start }) => {
    const called = Promise.withResolvers<void>()
    const answer = Promise.withResolvers<void>()
    const issueCoupon: Handler = () => {
      called.resolve()
      return answer.promise
    }
    const kit = await start({ scenarios: [scenario()], handlers: { issueCoupon } })
    await kit.track('c_1', 'brochure.requested', { brochure: 'A' })
    const ticking = kit.tick()
    await called.promise
    await kit.track('c_1', 'order.placed', { total: 1 })
    answer.resolve()
    await ticking
    await kit.clock.advance('1 day')
    expect([await enrolments(kit), subjects(kit)]).toEqual([['exited: event:order.placed'], []])
  })

  test('who leaves during the last try is called about no more, and nobody has to look at it', async ({ start }) => {
    const called = Promise.withResolvers<void>()
    const answer = Promise.withResolvers<void>()
    const events: string[] = []
    const note = (event: string) => void events.push(event)
    const logger = { debug: note, info: note, warn: note, error: note }
    const issueCoupon: Handler = () => {
      called.resolve()
      return answer.promise
    }
    const scenarios = [scenario({ attempts: 1, timeout: '10 minutes' })]
    const kit = await start({ scenarios, handlers: { issueCoupon }, logger })
    await kit.track('c_1', 'brochure.requested', { brochure: 'A' })
    const ticking = kit.tick()
    await called.promise
    const other = await start({ scenarios, handlers: { issueCoupon }, now: '2026-01-05T01:05:00Z' })
    await other.track('c_1', 'order.placed', { total: 1 })
    await other.settle()
    expect(await enrolments(other)).toEqual(['exited: event:order.placed'])
    answer.reject(new Error('down'))
    await ticking
    expect(await kit.scenarios.deadCalls()).toEqual([])
    expect(events.filter((event) => event.startsWith('call.'))).toEqual(['call.dropped'])
  })

  test('who leaves, or whose scenario is stopped for everybody, is called about no more', async ({ start }) => {
    let tries = 0
    const issueCoupon: Handler = () => {
      tries += 1
      throw new Error('down')
    }
    const kit = await start({ scenarios: [scenario()], handlers: { issueCoupon }, logger: silentLogger })
    for (const id of ['leaves', 'stays']) await kit.track(id, 'brochure.requested', { brochure: 'A' })
    await kit.settle()
    await kit.track('leaves', 'order.placed', { total: 1 })
    await kit.settle()
    expect(tries).toBe(2)
    await kit.clock.advance('1 minute')
    expect(tries).toBe(3)
    await kit.scenarios.stop('coupon', { inFlight: 'exit' })
    await kit.clock.advance('7 days')
    expect(tries).toBe(3)
    expect(await enrolments(kit, 'stays')).toEqual(['exited: stopped'])
  })

  test('a scenario that calls what the app does not have is refused at the start', async ({ start }) => {
    const refusal = await rejection(start({ scenarios: [scenario()], handlers: { other: () => {} } }))
    expect([refusal.code, refusal.message.includes('issueCoupon')]).toEqual(['handler.unknown', true])
    const unwanted = model.scenario('plain', { version: 1, steps: ({ send }) => [send('nudge', nudge)] })
    await start({ scenarios: [unwanted], handlers: { other: () => {} } })
  })
}
