import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { defineModel } from '../../define/index.ts'
import { createTestTobiishi } from '../../testing/index.ts'
import type { Handler, HandlerCall } from '../tobiishi.ts'

const model = defineModel({
  contact: z.object({}),
  events: { asked: z.object({ product: z.string() }) },
  topics: { news: { title: { ja: 'お知らせ' } } },
})
const mail = (name: string) =>
  model.template(name, {
    purpose: 'transactional',
    subject: ({ line }) => line`${name}`,
    body: ({ text }) => text`本文`,
  })
const [done, failed, after] = [mail('done'), mail('failed'), mail('after')]

const scenario = (options: { readonly wait?: boolean; readonly attempts?: number } = {}) =>
  model.scenario('sale', {
    version: 1,
    enterOn: 'asked',
    steps: ({ call, send, end, event }) => [
      options.wait === false
        ? call('tell', 'crm', { product: event.product }, options)
        : call('tell', 'crm', { product: event.product }, { ...options, failed: [send('sorry', failed), end('over')] }),
      send('thanks', options.wait === false ? after : done),
    ],
  })

const start = async (handler: Handler, options: Parameters<typeof scenario>[0] = {}) => {
  const t = await createTestTobiishi({
    model,
    scenarios: [scenario(options)],
    handlers: { crm: handler },
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  })
  await t.track('c_1', 'asked', { product: 'tea' })
  return t
}
const throwing = (): never => {
  throw new Error('trap')
}
const subjects = (t: Awaited<ReturnType<typeof start>>) => t.outbox.map(({ subject }) => subject)

describe('a step that calls the app', () => {
  it('waits for the answer, and goes on with what follows', async () => {
    const heard: HandlerCall[] = []
    const t = await start((call) => void heard.push(call))
    expect(await t.settle()).toMatchObject({ calls: 1, sent: 1 })
    expect(heard).toMatchObject([{ contactId: 'c_1', scenario: 'sale', step: 'tell', payload: { product: 'tea' } }])
    expect(subjects(t)).toEqual(['done'])
  })

  it.each<[string, () => unknown]>([
    ['an object whose parts throw', () => new Proxy({}, { get: throwing, has: throwing, getPrototypeOf: throwing })],
    ['an error whose message throws', () => Object.defineProperty(new Error('x'), 'message', { get: throwing })],
    ['an error with a symbol for a name', () => Object.assign(new Error('x'), { name: Symbol('x') })],
    ['null', () => null],
    ['text that no database stores', () => new Error(`a\0b\ud800${'😀'.repeat(400)}`)],
  ])('survives a handler that throws %s', async (_what, thrown) => {
    let tries = 0
    const t = await start(
      () => {
        tries += 1
        throw thrown()
      },
      { attempts: 2 },
    )
    await t.settle()
    await t.clock.advance('1 day')
    expect(tries).toBe(2)
    expect(subjects(t)).toContain('failed')
    const [dead] = await t.scenarios.deadCalls()
    expect(dead?.error).toSatisfy((text: string) => text.isWellFormed() && !text.includes('\0'))
  })

  it('tries again for as long as the app fails, always under the same key', async () => {
    const keys = new Set<string>()
    let tries = 0
    const t = await start(({ idemKey }) => {
      keys.add(idemKey)
      tries += 1
      if (tries < 4) throw new Error('not now')
    })
    await t.settle()
    expect(subjects(t)).toEqual([])
    await t.clock.advance('1 hour')
    expect(tries).toBe(4)
    expect(keys.size).toBe(1)
    expect(subjects(t)).toEqual(['done'])
  })

  it('goes another way when the call was given up, which can be looked at and tried again', async () => {
    let isDown = true
    const t = await start(
      () => {
        if (isDown) throw new Error('gone')
      },
      { attempts: 2 },
    )
    await t.clock.advance('1 day')
    expect(subjects(t)).toEqual(['failed'])
    const [dead] = await t.scenarios.deadCalls()
    expect(dead).toMatchObject({ handler: 'crm', attempt: 2, error: 'gone' })
    isDown = false
    await t.scenarios.retryCall(dead?.idemKey ?? '')
    await t.clock.advance('1 day')
    expect(await t.scenarios.deadCalls()).toEqual([])
    expect(subjects(t)).toEqual(['failed'])
    await expect(t.scenarios.retryCall('none')).rejects.toMatchObject({ code: 'call.unknown' })
  })

  it('does not wait where it is told not to', async () => {
    const t = await start(
      () => {
        throw new Error('gone')
      },
      { wait: false },
    )
    await t.settle()
    expect(subjects(t)).toEqual(['after'])
  })

  it('is not made any more when its scenario is stopped for everybody', async () => {
    let tries = 0
    const t = await start(() => {
      tries += 1
      throw new Error('not now')
    })
    await t.settle()
    await t.scenarios.stop('sale', { inFlight: 'exit' })
    await t.clock.advance('7 days')
    expect(tries).toBe(1)
    expect(await t.scenarios.enrolments('c_1')).toMatchObject([{ state: 'exited' }])
  })
})
