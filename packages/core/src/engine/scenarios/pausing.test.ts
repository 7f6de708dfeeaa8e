import { describe, expect, it } from 'vitest'
import { lifeWorld, mails, sent, statesOf } from '../../../test/scenarios/life-world.ts'
import { hello, model, nudge, receipt } from '../../../test/shop.ts'
import { TobiishiError } from '../../index.ts'

const course = model.scenario('course', {
  version: 1,
  enterOn: 'brochure.requested',
  steps: ({ send, wait, event }) => [
    send('hello', hello, { brochure: event.brochure }),
    wait('rest', { days: 3 }),
    send('nudge', nudge),
    wait('more', { days: 3 }),
    send('receipt', receipt),
  ],
})
const at = (text: string) => Date.parse(text)
const started = async () => {
  const t = await lifeWorld([course])
  await t.track('c_1', 'brochure.requested', { brochure: 'A' })
  await t.settle()
  return t
}

describe('a paused scenario', () => {
  it('holds everything and throws nobody out', async () => {
    const t = await started()
    await t.scenarios.pause('course')
    await t.clock.advance('30 days')
    expect(sent(t)).toEqual(['c_1: hello A'])
    expect(await statesOf(t, 'c_1')).toMatchObject([{ state: 'active', stepId: 'rest' }])
    expect(await t.scenarios.get('course')).toMatchObject({ state: 'paused', pausedAt: at('2026-01-05T01:00:00Z'), active: 1 })
  })

  it('moves nobody by an event that could be the goal and is not, though a step waits for it', async () => {
    const big = model.scenario('big', {
      version: 1,
      enterOn: 'brochure.requested',
      goal: { event: 'order.placed', where: (order) => order('total', '>=', 1_000) },
      steps: ({ send, waitFor }) => [
        waitFor('order', { for: [{ event: 'order.placed' }], timeout: { after: '9 days' } }),
        send('receipt', receipt),
      ],
    })
    const t = await lifeWorld([big])
    for (const id of ['c_1', 'c_2']) await t.track(id, 'brochure.requested', { brochure: 'A' })
    await t.settle()
    await t.scenarios.pause('big')
    await t.track('c_1', 'order.placed', { total: 1 })
    await t.track('c_2', 'order.placed', { total: 1_000 })
    await t.settle()
    expect(await statesOf(t, 'c_1')).toMatchObject([{ state: 'active', stepId: 'order' }])
    expect(await statesOf(t, 'c_2')).toMatchObject([{ state: 'exited', endReason: 'goal' }])
    await t.scenarios.resume('big')
    await t.settle()
    expect(sent(t)).toEqual(['c_1: receipt'])
  })

  it('goes on with what is not too late by default', async () => {
    const t = await started()
    await t.clock.advance('2 days')
    await t.scenarios.pause('course')
    await t.clock.advance('30 hours')
    await t.scenarios.resume('course')
    await t.clock.advance('10 days')
    expect(sent(t)).toEqual(['c_1: hello A', 'c_1: nudge', 'c_1: receipt'])
  })

  it('writes down a pause that is over once, however often it is resumed', async () => {
    const t = await started()
    await t.scenarios.pause('course')
    await t.clock.advance('1 hour')
    await t.scenarios.pause('course')
    await t.clock.advance('1 hour')
    await t.scenarios.resume('course', { missed: 'shift' })
    await t.scenarios.resume('course', { missed: 'skip' })
    const [row] = await t.read((reader) => reader.scenarios.all())
    expect(row).toMatchObject({
      state: 'active',
      pausedAt: null,
      pauses: [{ from: at('2026-01-05T01:00:00Z'), to: at('2026-01-05T03:00:00Z'), missed: 'shift' }],
    })
  })

  it('that is resumed at once never was paused, and drops nothing', async () => {
    const t = await lifeWorld([course])
    await t.track('c_1', 'brochure.requested', { brochure: 'A' })
    await t.contacts.identify('c_1', {})
    t.clock.jumpTo('2026-01-05T02:00:00Z')
    expect(await mails(t, 'c_1')).toEqual(['hello: queued'])
    await t.scenarios.pause('course')
    await t.scenarios.resume('course', { missed: 'skip' })
    await t.settle()
    expect(sent(t)).toEqual(['c_1: hello A'])
    expect((await t.read((reader) => reader.scenarios.all()))[0]?.pauses).toEqual([])
  })

  it('drops at resume with `skip` what is queued and was due meanwhile', async () => {
    const t = await lifeWorld([
      model.scenario('course', {
        version: 1,
        enterOn: 'brochure.requested',
        window: { from: '12:00', to: '13:00' },
        steps: ({ send, event }) => [send('hello', hello, { brochure: event.brochure })],
      }),
    ])
    await t.track('c_1', 'brochure.requested', { brochure: 'A' })
    await t.settle()
    await t.scenarios.pause('course')
    await t.clock.advance('5 hours')
    expect(await mails(t, 'c_1')).toEqual(['hello: queued'])
    await t.scenarios.resume('course', { missed: 'skip' })
    expect(await mails(t, 'c_1')).toEqual(['hello: skipped (paused)'])
  })

  it('moves with `shift` what is queued by the length of the pause, in the same transaction', async () => {
    const t = await lifeWorld([
      model.scenario('course', {
        version: 1,
        enterOn: 'brochure.requested',
        window: { from: '12:00', to: '13:00' },
        steps: ({ send, event }) => [send('hello', hello, { brochure: event.brochure })],
      }),
    ])
    await t.track('c_1', 'brochure.requested', { brochure: 'A' })
    await t.settle()
    await t.scenarios.pause('course')
    await t.clock.advance('2 days')
    await t.scenarios.resume('course', { missed: 'shift' })
    const [waiting] = await t.read((reader) => reader.messages.waitingOf(['c_1']))
    expect(waiting?.runAt).toBe(at('2026-01-07T03:00:00Z'))
  })
})

describe('what cannot be', () => {
  const refused = (code: string, words: RegExp) => expect.objectContaining({ code, message: expect.stringMatching(words) })

  it('is refused with its state and what to do', async () => {
    const t = await started()
    await expect(t.scenarios.pause('corse')).rejects.toThrow(refused('scenario.unknown', /no scenario 'corse'/))
    await expect(t.scenarios.archive('course')).rejects.toThrow(refused('scenario.state', /is active.*stop it first/))
    await t.scenarios.stop('course', { inFlight: 'finish' })
    await expect(t.scenarios.pause('course')).rejects.toThrow(refused('scenario.state', /is stopped.*only an active/))
    await expect(t.scenarios.resume('course')).rejects.toThrow(refused('scenario.state', /is stopped.*only a paused/))
    await expect(t.scenarios.backfill('course')).rejects.toThrow(refused('scenario.state', /publish it first/))
    await expect(t.scenarios.archive('course')).rejects.toThrow(refused('scenario.state', /1 contacts are in it/))
    expect(TobiishiError.is(await t.scenarios.archive('course').catch((error) => error))).toBe(true)
  })
})
