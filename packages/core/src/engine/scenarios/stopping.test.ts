import { describe, expect, it } from 'vitest'
import { lifeWorld, mails, sent, statesOf } from '../../../test/scenarios/life-world.ts'
import { hello, model, nudge } from '../../../test/shop.ts'
import { silentLogger } from '../../index.ts'

const course = model.scenario('course', {
  version: 1,
  enterOn: 'brochure.requested',
  reentry: 'every-event',
  steps: ({ send, wait, event }) => [
    send('hello', hello, { brochure: event.brochure }),
    wait('rest', { days: 3 }),
    send('nudge', nudge),
  ],
})
const started = async () => {
  const t = await lifeWorld([course])
  for (const id of ['c_1', 'c_2']) await t.track(id, 'brochure.requested', { brochure: 'A' })
  await t.settle()
  return t
}

describe('a stopped scenario', () => {
  it('lets nobody in and those who are in it finish', async () => {
    const t = await started()
    await t.scenarios.stop('course', { inFlight: 'finish' })
    await t.track('c_3', 'brochure.requested', { brochure: 'A' })
    await t.clock.advance('4 days')
    expect(await statesOf(t, 'c_3')).toEqual([])
    expect(await t.scenarios.get('course')).toMatchObject({ state: 'stopped', active: 0, completed: 2 })
    await t.scenarios.archive('course')
    expect(await t.scenarios.list()).toEqual([])
    expect(await t.scenarios.list({ archived: true })).toMatchObject([{ name: 'course', state: 'archived' }])
  })

  it('ends everybody now where told to, queued mail first', async () => {
    const t = await lifeWorld([
      model.scenario('course', {
        version: 1,
        enterOn: 'brochure.requested',
        window: { from: '20:00', to: '21:00' },
        steps: ({ send, wait, event }) => [
          send('hello', hello, { brochure: event.brochure }),
          wait('rest', { days: 3 }),
          send('nudge', nudge),
        ],
      }),
    ])
    await t.track('c_1', 'brochure.requested', { brochure: 'A' })
    await t.settle()
    await t.scenarios.stop('course', { inFlight: 'exit' })
    expect(await mails(t, 'c_1')).toEqual(['hello: skipped (stopped)'])
    await t.settle()
    expect(await statesOf(t, 'c_1')).toMatchObject([{ state: 'exited', endReason: 'stopped' }])
    await t.clock.advance('4 days')
    expect(sent(t)).toEqual([])
    expect((await t.scenarios.get('course'))?.jobs).toMatchObject([{ kind: 'exit', state: 'done', done: 1, total: 1 }])
  })

  it('ends a pause, and starts again by publishing', async () => {
    const t = await started()
    await t.scenarios.pause('course')
    await t.clock.advance('1 hour')
    await t.scenarios.stop('course', { inFlight: 'finish' })
    expect((await t.read((reader) => reader.scenarios.all()))[0]).toMatchObject({
      state: 'stopped',
      pausedAt: null,
      pauses: [{ missed: 'continue' }],
    })
    expect(await t.scenarios.publish('course')).toEqual({ version: 1 })
    await t.track('c_3', 'brochure.requested', { brochure: 'A' })
    await t.settle()
    expect(await statesOf(t, 'c_3')).toHaveLength(1)
  })

  it('shows out nobody who comes in after it was started again', async () => {
    const t = await started()
    await t.scenarios.stop('course', { inFlight: 'exit' })
    const tooEarly = expect.objectContaining({
      code: 'scenario.state',
      message: expect.stringMatching(/2 contacts are still leaving/),
    })
    await expect(t.scenarios.publish('course')).rejects.toThrow(tooEarly)
    await t.settle()
    await t.scenarios.publish('course')
    await t.track('c_3', 'brochure.requested', { brochure: 'A' })
    await t.clock.advance('4 days')
    expect(await statesOf(t, 'c_3')).toMatchObject([{ state: 'completed' }])
    expect(await statesOf(t, 'c_1')).toMatchObject([{ state: 'exited', endReason: 'stopped' }])
  })

  it('asks what is to become of those who are in it', async () => {
    const t = await started()
    // @ts-expect-error the option has no default
    await expect(t.scenarios.stop('course')).rejects.toThrow(expect.objectContaining({ code: 'config.invalid' }))
  })
})

describe('calls that were given up', () => {
  it('are listed, and can be tried again', async () => {
    let isDown = true
    const t = await lifeWorld(
      [
        model.scenario('crm', {
          version: 1,
          enterOn: 'brochure.requested',
          steps: ({ call }) => [call('tell', 'tellCrm', {}, { attempts: 1 })],
        }),
      ],
      {
        logger: silentLogger,
        handlers: {
          tellCrm: () => {
            if (isDown) throw new Error('down')
          },
        },
      },
    )
    await t.track('c_1', 'brochure.requested', { brochure: 'A' })
    await t.clock.advance('1 day')
    const [dead] = await t.scenarios.deadCalls()
    expect(dead).toMatchObject({ handler: 'tellCrm', contactId: 'c_1', state: 'dead' })
    isDown = false
    await t.scenarios.retryCall(dead?.idemKey ?? '')
    await t.clock.advance('1 day')
    expect(await t.scenarios.deadCalls()).toEqual([])
    await expect(t.scenarios.retryCall(dead?.idemKey ?? '')).rejects.toThrow(expect.objectContaining({ code: 'call.unknown' }))
  })
})
