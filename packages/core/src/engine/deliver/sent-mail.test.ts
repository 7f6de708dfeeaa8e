import { describe, expect, it } from 'vitest'
import { at, day, first, hour, model, now, second, third } from '../../../test/club.ts'
import type { Transport } from '../../ports/transport.ts'
import { createTestTobiishi, outboxTransport } from '../../testing/index.ts'

const twice = model.segment('mailed-twice', ({ received }) => received({ count: ['>=', 2] }))
const course = model.scenario('course', {
  version: 1,
  enterOn: 'joined',
  steps: ({ send, wait }) => [send('one', first), wait('a', '1 day'), send('two', first)],
})
const thanks = model.scenario('thanks', {
  version: 1,
  enterOn: { segment: twice },
  steps: ({ send }) => [send('thanks', second)],
})
const until = model.scenario('until', {
  version: 1,
  enterOn: 'joined',
  exitWhen: twice,
  steps: ({ send, wait }) => [wait('long', '4 days'), send('late', third)],
})

describe('a mail that went out', () => {
  it('brings its reader into segments that count mail, at once', async () => {
    const t = await createTestTobiishi({ model, scenarios: [course, thanks, until], now })
    await t.track('c', 'joined', { by: 'form' })
    await t.clock.advance('9 days')
    const entered = await t.scenarios.enrolments('c')
    const of = (name: string) => entered.find(({ scenario }) => scenario === name)
    expect(of('thanks')?.enteredAt).toBe(at(now) + day)
    expect(of('until')).toMatchObject({ state: 'exited', endReason: 'segment:mailed-twice', endedAt: at(now) + day })
    expect(t.outbox.map(({ subject }) => subject)).toEqual(['first', 'first', 'second'])
  })

  it('leads on who waits for it to go out', async () => {
    const waiting = model.scenario('waiting', {
      version: 1,
      enterOn: 'joined',
      window: { from: '12:00', to: '20:00' },
      steps: ({ send, waitFor, wait, sent }) => [
        send('one', first),
        waitFor('out', { for: [{ mail: sent('one') }], timeout: { after: '9 days' } }),
        wait('an-hour', '1 hour'),
        send('two', second),
      ],
    })
    const t = await createTestTobiishi({ model, scenarios: [waiting], now })
    await t.track('c', 'joined', { by: 'form' })
    await t.clock.advance('3 hours')
    const messages = await t.messages.ofContact('c')
    expect(messages.map(({ stepId, finishedAt }) => [stepId, finishedAt]).toSorted()).toEqual([
      ['one', at(now) + 2 * hour],
      ['two', at(now) + 3 * hour],
    ])
  })

  it('does not bring back who was erased while it was under way, nor does what is done with it later', async () => {
    const everyone = model.segment('everyone', ({ everyone }) => everyone())
    let erase = async () => {}
    const box = outboxTransport()
    const transport: Transport = {
      ...box,
      send: async (mail) => {
        await erase()
        return await box.send(mail)
      },
    }
    const t = await createTestTobiishi({ model, scenarios: [course, thanks], now, transport })
    erase = () => t.contacts.erase('c')
    await t.track('c', 'joined', { by: 'form' })
    await t.settle()
    expect(box.outbox).toHaveLength(1)
    expect(await t.segments.count(everyone)).toBe(0)
    const userAgent = 'Mozilla/5.0 (Windows NT 10.0)'
    await t.ingest(box.outbox.map(({ messageId }) => ({ messageId, kind: 'opened', userAgent })))
    await t.settle()
    expect(await t.segments.count(everyone)).toBe(0)
  })
})
