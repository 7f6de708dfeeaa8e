import { describe, expect, it } from 'vitest'
import { at, day, first, hour, model, now, pros, second } from '../../../test/club.ts'
import { recordingLogger } from '../../../test/recording-logger.ts'
import type { DeclaredScenario } from '../../index.ts'
import { memoryStorage } from '../../memory/index.ts'
import { createTestTobiishi, type TestOptions } from '../../testing/index.ts'

type Options = Omit<TestOptions<typeof model>, 'model'>
const setUp = (scenarios: readonly DeclaredScenario[], options: Options = {}) =>
  createTestTobiishi({ model, scenarios, now, ...options })
type Kit = Awaited<ReturnType<typeof setUp>>
const join = (t: Kit, id = 'c') => t.track(id, 'joined', { by: 'form' })
const planned = async (t: Kit, id = 'c') =>
  (await t.messages.ofContact(id))
    .toSorted((a, b) => a.plannedAt - b.plannedAt)
    .map(({ stepId, state, reason, plannedAt }) => [stepId, state, reason, (plannedAt - at(now)) / hour])

const course = model.scenario('course', {
  version: 1,
  enterOn: 'joined',
  steps: ({ send, wait }) => [
    wait('a', '24 hours'),
    send('first', first),
    wait('b', '24 hours'),
    send('second', second),
    wait('c', '24 hours'),
    send('third', first),
  ],
})

describe('enrolments after a pause', () => {
  /** Paused at 12 h for 40 h, resumed at 52 h: the first mail was due meanwhile for 28 hours, the second for 4. */
  const afterPause = async (missed?: 'continue' | 'skip' | 'shift') => {
    const t = await setUp([course])
    await join(t)
    await t.clock.advance('12 hours')
    await t.scenarios.pause('course')
    await t.clock.advance('40 hours')
    await t.scenarios.resume('course', missed === undefined ? {} : { missed })
    await t.clock.advance('9 days')
    return await planned(t)
  }

  it('go on, and leave out only what is too late', async () => {
    expect(await afterPause()).toEqual([
      ['first', 'skipped', 'late', 24],
      ['second', 'sent', null, 48],
      ['third', 'sent', null, 72],
    ])
  })

  it('leave out what was due meanwhile', async () => {
    expect(await afterPause('skip')).toEqual([
      ['first', 'skipped', 'paused', 24],
      ['second', 'skipped', 'paused', 48],
      ['third', 'sent', null, 72],
    ])
  })

  it('move by its length', async () => {
    expect(await afterPause('shift')).toEqual([
      ['first', 'sent', null, 64],
      ['second', 'sent', null, 88],
      ['third', 'sent', null, 112],
    ])
  })

  it('take notice of a pause once', async () => {
    const storage = memoryStorage()
    const t = await setUp([course], { storage })
    await join(t)
    await t.clock.advance('1 hour')
    await t.scenarios.pause('course')
    await join(t, 'd')
    await t.clock.advance('1 hour')
    await t.scenarios.resume('course', { missed: 'shift' })
    await t.clock.advance('30 hours')
    await join(t, 'e')
    await t.clock.advance('1 hour')
    const seen = await Promise.all(['c', 'd', 'e'].map(async (id) => (await t.scenarios.enrolments(id))[0]?.pausesSeen))
    expect(seen).toEqual([1, 1, 1])
    expect((await planned(t))[0]).toEqual(['first', 'sent', null, 25])
    expect((await planned(t, 'd'))[0]).toEqual(['first', 'sent', null, 26])
  })
})

describe('a scenario in the state', () => {
  it('draft takes nobody until it is published', async () => {
    const storage = memoryStorage()
    const t = await setUp([], { storage, templates: [first, second] })
    await t.scenarios.save(JSON.parse(JSON.stringify(course)))
    await join(t)
    await t.settle()
    expect(await t.scenarios.enrolments('c')).toEqual([])
    await t.scenarios.publish('course')
    await join(t)
    await t.clock.advance('2 days')
    expect((await t.scenarios.enrolments('c')).map(({ scenario }) => scenario)).toEqual(['course'])
    expect(t.outbox.map(({ subject }) => subject)).toEqual(['first', 'second'])
  })

  it('stopped takes nobody, and lets those who are in it finish', async () => {
    const t = await setUp([course])
    await join(t)
    await t.clock.advance('30 hours')
    await t.scenarios.stop('course', { inFlight: 'finish' })
    await join(t, 'd')
    await t.clock.advance('9 days')
    expect(await t.scenarios.enrolments('d')).toEqual([])
    expect(t.outbox).toHaveLength(3)
  })
})

describe('a process without the templates of a stored scenario', () => {
  it('starts nobody in it and leaves alone who is, until another process does', async () => {
    const storage = memoryStorage()
    const able = await setUp([], { storage, templates: [first, second] })
    await able.scenarios.save(JSON.parse(JSON.stringify(course)))
    await able.scenarios.publish('course')
    const unable = await setUp([], { storage, now: able.clock.now() })
    await join(able)
    await able.settle()
    await join(unable, 'd')
    await unable.clock.advance('30 hours')
    expect(await unable.scenarios.enrolments('d')).toEqual([])
    expect(await unable.scenarios.enrolments('c')).toMatchObject([{ state: 'active', stepId: 'a' }])
    await able.clock.advanceTo(unable.clock.now())
    expect(able.outbox).toHaveLength(1)
  })
})

describe('what is told of an enrolment that is over, or that nobody knows', () => {
  it('is dropped without a word', async () => {
    const storage = memoryStorage()
    const { logger, lines } = recordingLogger()
    const t = await setUp([course], { storage, logger })
    await t.contacts.identify('c', { email: 'c@example.test' })
    const told = { contactId: 'c', payload: {}, occurredAt: at(now), receivedAt: at(now), startScenarios: true }
    await storage.append([
      {
        ...told,
        kind: 'step',
        name: 'result',
        key: 'x:1',
        meta: { enrolmentId: 'x', input: { kind: 'result', stepSeq: 1, ok: true } },
      },
      { ...told, kind: 'enrol', name: 'nobody', key: 'once' },
    ])
    await t.settle()
    expect(await storage.read((reader) => reader.inbox.waiting({ limit: 9 }))).toEqual([])
    expect(lines.map(({ event, fields }) => [event, fields.scenario])).toEqual([['enrolment.refused', 'nobody']])
  })
})

describe('a late worker', () => {
  it('looks at exits before it sends what was due meanwhile', async () => {
    const watched = model.scenario('watched', {
      version: 1,
      enterOn: 'joined',
      exitWhen: pros,
      steps: ({ send, wait }) => [wait('a', '1 day'), send('first', first)],
    })
    const t = await setUp([watched])
    await join(t)
    await t.settle()
    t.clock.jumpTo(at(now) + day + hour)
    await t.contacts.identify('c', { attributes: { plan: 'pro' } })
    await t.settle()
    expect(t.outbox).toEqual([])
  })
})
