import { describe, expect, it } from 'vitest'
import { at, buyers, day, first, hour, mail, model, now, pros, second, third } from '../../../test/club.ts'
import { recordingLogger } from '../../../test/recording-logger.ts'
import type { DeclaredScenario } from '../../index.ts'
import { memoryStorage } from '../../memory/index.ts'
import { createTestTobiishi, type TestOptions } from '../../testing/index.ts'

type Options = Omit<TestOptions<typeof model>, 'model'>
const setUp = (scenarios: readonly DeclaredScenario[], options: Options = {}) =>
  createTestTobiishi({ model, scenarios, now, ...options })
type Kit = Awaited<ReturnType<typeof setUp>>

const subjects = (t: Kit) => t.outbox.map(({ subject }) => subject)
const states = async (t: Kit, id = 'c') => (await t.scenarios.enrolments(id)).map(({ state, endReason }) => [state, endReason])
const join = (t: Kit, id = 'c') => t.track(id, 'joined', { by: 'form' })

describe('waiting for something', () => {
  const cart = model.scenario('cart', {
    version: 1,
    enterOn: 'joined',
    steps: ({ waitFor, send }) => [
      waitFor('bought', {
        for: [{ event: 'bought', where: (fields) => fields('total', '>=', 100), steps: [send('thanks', first)] }],
        timeout: { after: '2 days', steps: [send('reminder', second)] },
      }),
      send('last', third),
    ],
  })

  it('goes on by the event as soon as it comes', async () => {
    const t = await setUp([cart])
    await join(t)
    await t.clock.advance('1 day')
    await t.track('c', 'bought', { total: 5 })
    await t.settle()
    expect(subjects(t)).toEqual([])
    await t.track('c', 'bought', { total: 100 })
    await t.settle()
    expect(subjects(t)).toContain('first')
    expect(t.clock.now()).toBe(at(now) + day)
  })

  it('does not look ahead of what ends it, where all is told together', async () => {
    const goal = model.scenario('goal', {
      version: 1,
      enterOn: 'joined',
      goal: { event: 'bought', where: (fields) => fields('total', '>=', 100) },
      exitOn: 'viewed',
      steps: ({ waitFor, send }) => [
        waitFor('bought', { for: [{ event: 'bought', steps: [send('thanks', first)] }], timeout: { after: '2 days' } }),
      ],
    })
    const t = await setUp([goal])
    const told = async (id: string, ...events: readonly (readonly ['viewed' | 'bought', minutes: number, total: number])[]) => {
      await t.track(id, 'joined', { by: 'form' }, { occurredAt: at(now) - hour })
      for (const [event, minutes, total] of events) {
        const occurredAt = at(now) - minutes * 60_000
        if (event === 'viewed') await t.track(id, event, { page: '/' }, { occurredAt })
        else await t.track(id, event, { total }, { occurredAt })
      }
    }
    await told('reached', ['bought', 30, 100])
    await told('left', ['viewed', 30, 0], ['bought', 20, 5])
    await told('bought', ['bought', 30, 5], ['viewed', 20, 0])
    await t.settle()
    expect(await states(t, 'reached')).toEqual([['exited', 'goal']])
    expect(await states(t, 'left')).toEqual([['exited', 'event:viewed']])
    expect(await states(t, 'bought')).toEqual([['completed', null]])
  })

  it('goes on by the time-out where nothing comes', async () => {
    const t = await setUp([cart])
    await join(t)
    await t.clock.advance(2 * day - 1)
    expect(subjects(t)).toEqual([])
    await t.clock.advance('1 day')
    expect(subjects(t).toSorted()).toEqual(['second', 'third'])
  })

  it.each([
    ['told before the entry', true],
    ['told together with it', false],
  ])('finds an event that came after the entry, %s', async (_how, isApart) => {
    const t = await setUp([cart])
    await t.track('c', 'bought', { total: 100 }, { occurredAt: at(now) - hour })
    if (isApart) await t.settle()
    await t.track('c', 'joined', { by: 'form' }, { occurredAt: at(now) - 2 * hour })
    await t.settle()
    expect(subjects(t)).toContain('first')
  })

  it('loses no event that comes while the scenario is paused', async () => {
    const t = await setUp([cart])
    await join(t)
    await t.settle()
    await t.scenarios.pause('cart')
    await t.clock.advance('1 hour')
    await t.track('c', 'bought', { total: 100 })
    await t.clock.advance('1 hour')
    expect(subjects(t)).toEqual([])
    await t.scenarios.resume('cart')
    await t.settle()
    expect(subjects(t)).toContain('first')
  })

  it('looks at segments whenever something happens to the contact', async () => {
    const upgrade = model.scenario('upgrade', {
      version: 1,
      enterOn: 'joined',
      steps: ({ waitFor, send }) => [
        waitFor('pro', { for: [{ segment: pros, steps: [send('welcome', first)] }], timeout: { after: '9 days' } }),
      ],
    })
    const t = await setUp([upgrade])
    await join(t)
    await t.clock.advance('1 day')
    await t.contacts.identify('c', { attributes: { plan: 'pro' } })
    await t.settle()
    expect(subjects(t)).toEqual(['first'])
  })
})

describe('leaving by segment and goal', () => {
  const course = (parts: object) =>
    model.scenario('course', {
      version: 1,
      enterOn: 'joined',
      ...parts,
      steps: ({ wait, send }) => [wait('a', '5 days'), send('first', first)],
    })

  it('ends as soon as an attribute puts the contact into the segment', async () => {
    const t = await setUp([course({ exitWhen: pros })])
    await join(t)
    await t.clock.advance('1 day')
    await t.contacts.identify('c', { attributes: { plan: 'pro' } })
    expect(await states(t)).toEqual([['exited', 'segment:pros']])
    await t.clock.advance('9 days')
    expect(subjects(t)).toEqual([])
  })

  it('reaches its goal by an event with the right payload', async () => {
    const t = await setUp([
      course({ goal: { event: 'bought', where: (fields: (...args: unknown[]) => unknown) => fields('total', '>=', 10) } }),
    ])
    await join(t)
    await t.settle()
    await t.track('c', 'bought', { total: 9 })
    await t.settle()
    expect(await states(t)).toEqual([['active', null]])
    await t.track('c', 'bought', { total: 10 })
    await t.settle()
    expect(await states(t)).toEqual([['exited', 'goal']])
  })

  it('ends by time alone, when the contact falls out of a window', async () => {
    const dormant = model.segment('dormant', ({ did, not }) => not(did('viewed', { within: '3 days' })))
    const t = await setUp([course({ exitWhen: dormant })])
    await t.track('c', 'viewed', { page: '/' })
    await join(t)
    await t.clock.advance(3 * day - 1)
    expect(await states(t)).toEqual([['active', null]])
    await t.clock.advance(1)
    expect(await states(t)).toEqual([['exited', 'segment:dormant']])
    expect((await t.scenarios.enrolments('c'))[0]?.endedAt).toBe(at(now) + 3 * day)
  })

  it('also while the scenario is paused, as soon as it goes on', async () => {
    const t = await setUp([course({ exitWhen: pros })])
    await join(t)
    await t.settle()
    await t.scenarios.pause('course')
    await t.contacts.identify('c', { attributes: { plan: 'pro' } })
    await t.clock.advance('1 day')
    await t.scenarios.resume('course')
    await t.settle()
    expect(await states(t)).toEqual([['exited', 'segment:pros']])
  })
})

describe('acting on mail', () => {
  const nurture = model.scenario('nurture', {
    version: 1,
    enterOn: 'joined',
    steps: ({ send, wait, waitFor, branch, opened }) => [
      send('first', first),
      waitFor('read', {
        for: [{ mail: opened('first'), steps: [send('second', second)] }],
        timeout: { after: '3 days' },
      }),
      wait('later', '1 day'),
      branch('was-read', opened('first'), { no: [send('third', third)] }),
    ],
  })
  const open = async (t: Kit, userAgent?: string) => {
    const [message] = await t.messages.ofContact('c')
    await t.ingest([{ messageId: message?.id ?? '', kind: 'opened', ...(userAgent === undefined ? {} : { userAgent }) }])
  }

  it('goes on when a person opens the mail', async () => {
    const t = await setUp([nurture])
    await join(t)
    await t.settle()
    await t.clock.advance('1 hour')
    await open(t, 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15')
    await t.settle()
    expect(subjects(t)).toContain('second')
    await t.clock.advance('5 days')
    expect(subjects(t)).toEqual(['first', 'second'])
  })

  it('writes the other mail to who never opened it', async () => {
    const t = await setUp([nurture])
    await join(t)
    await t.clock.advance('5 days')
    expect(subjects(t)).toEqual(['first', 'third'])
  })

  it('tells nobody of opens where no scenario acts on mail', async () => {
    const storage = memoryStorage()
    const plain = model.scenario('plain', { version: 1, enterOn: 'joined', steps: ({ send }) => [send('first', first)] })
    const t = await setUp([plain], { storage })
    await join(t)
    await t.settle()
    await open(t)
    expect(await storage.read((reader) => reader.inbox.waiting({ limit: 9 }))).toEqual([])
  })
})

describe('changing attributes', () => {
  const tagging = model.scenario('tagging', {
    version: 1,
    enterOn: 'joined',
    steps: ({ update, branch, send }) => [
      update('upgrade', { set: { plan: 'pro', visits: 1 }, add: { tags: ['new', 'vip'] } }),
      branch('is-pro', pros, { yes: [send('first', first)], no: [send('second', second)] }),
    ],
  })

  it('is seen by what follows, and keeps lists free of repetitions', async () => {
    const t = await setUp([tagging])
    await t.contacts.identify('c', { email: 'c@example.test', attributes: { tags: ['vip', 'old'] } })
    await join(t)
    await t.settle()
    expect(subjects(t)).toEqual(['first'])
    expect((await t.contacts.get('c'))?.attributes).toEqual({ plan: 'pro', visits: 1, tags: ['vip', 'old', 'new'] })
  })

  it('clears and takes out of lists', async () => {
    const clearing = model.scenario('clearing', {
      version: 1,
      enterOn: 'joined',
      steps: ({ update }) => [update('clear', { set: { plan: null }, remove: { tags: ['vip'] } })],
    })
    const t = await setUp([clearing])
    await t.contacts.identify('c', { attributes: { plan: 'pro', tags: ['vip', 'old'] } })
    await join(t)
    await t.settle()
    expect((await t.contacts.get('c'))?.attributes).toEqual({ tags: ['old'] })
    expect(await states(t)).toEqual([['completed', null]])
  })

  it('is looked at by the other scenarios of the contact', async () => {
    const watching = model.scenario('watching', {
      version: 1,
      enterOn: 'joined',
      exitWhen: pros,
      steps: ({ wait, send }) => [wait('a', '9 days'), send('third', third)],
    })
    const t = await setUp([watching, tagging])
    await join(t)
    await t.settle()
    const ends = (await t.scenarios.enrolments('c')).map(({ scenario, state }) => [scenario, state])
    expect(Object.fromEntries(ends)).toEqual({ watching: 'exited', tagging: 'completed' })
  })
})

describe('waiting for a date of the contact', () => {
  const renewal = model.scenario('renewal', {
    version: 1,
    enterOn: 'joined',
    steps: ({ wait, send }) => [
      wait('week-before', { days: -7, at: '09:00' }, { from: { attribute: 'renewsOn' } }),
      send('first', first),
    ],
  })

  it('follows the date when it changes', async () => {
    const t = await setUp([renewal])
    await t.contacts.identify('c', { email: 'c@example.test', attributes: { renewsOn: '2026-02-01' } })
    await join(t)
    await t.clock.advanceTo('2026-01-20T00:00:00Z')
    await t.contacts.identify('c', { attributes: { renewsOn: '2026-02-15' } })
    await t.clock.advanceTo('2026-02-08T00:00:00+09:00')
    expect(subjects(t)).toEqual([])
    await t.clock.advanceTo('2026-02-08T09:00:00+09:00')
    expect(subjects(t)).toEqual(['first'])
  })
})

describe('sharing contacts out', () => {
  it('writes the variant down, and a holdout gets its mail written down as skipped', async () => {
    const storage = memoryStorage()
    const test = model.scenario('test', {
      version: 1,
      enterOn: 'joined',
      steps: ({ split, send }) => [
        split('ab', {
          experiment: 'subject',
          arms: { a: { weight: 1, steps: [send('a', first)] }, b: { weight: 1, steps: [send('b', second)] } },
          holdout: 1,
        }),
      ],
    })
    const t = await setUp([test], { storage })
    const ids = Array.from({ length: 90 }, (_, index) => `c_${index}`)
    for (const id of ids) await join(t, id)
    await t.settle()
    const counts = await storage.read((reader) => reader.assignments.count('subject'))
    expect(counts.reduce((sum, { contacts }) => sum + contacts, 0)).toBe(90)
    expect(counts).toHaveLength(3)
    const rows = await storage.read((reader) => reader.assignments.get(['subject'], ids))
    for (const { contactId, variant } of rows) {
      const [message] = await t.messages.ofContact(contactId)
      const expected = variant === 'a' || variant === 'b' ? [variant, 'sent', null] : ['a', 'skipped', 'holdout']
      expect([message?.stepId, message?.state, message?.reason]).toEqual(expected)
    }
  })
})

describe('calling the app', () => {
  const calling = (waits: boolean) =>
    model.scenario('calling', {
      version: 1,
      enterOn: 'joined',
      exitOn: 'bought',
      steps: ({ call, send, wait, event }) => [
        wait('a', '1 day'),
        call('coupon', 'issueCoupon', { by: event.by }, { wait: waits }),
        send('first', first),
      ],
    })

  it('asks the handler once and goes on with its result', async () => {
    const calls: unknown[] = []
    const handlers = {
      issueCoupon: ({ contactId, payload, idemKey }: { contactId: string; payload: object; idemKey: string }) => {
        calls.push({ contactId, payload, hasKey: idemKey !== '' })
      },
    }
    const t = await setUp([calling(true)], { handlers })
    await join(t)
    await t.clock.advance('2 days')
    expect(calls).toEqual([{ contactId: 'c', payload: { by: 'form' }, hasKey: true }])
    expect(subjects(t)).toEqual(['first'])
    expect(await states(t)).toEqual([['completed', null]])
  })

  it('leaves out a call that is not under way when the contact leaves', async () => {
    const storage = memoryStorage()
    const failing = () => Promise.reject(new Error('down'))
    const t = await setUp([calling(true)], { storage, handlers: { issueCoupon: failing }, logger: recordingLogger().logger })
    await join(t)
    await t.clock.advance('1 day')
    expect(await storage.read((reader) => reader.calls.count())).toEqual({ waiting: 1, dead: 0 })
    await t.track('c', 'bought', { total: 1 })
    await t.settle()
    expect(await storage.read((reader) => reader.calls.count())).toEqual({ waiting: 0, dead: 0 })
  })

  it('is refused at once where no handler has the name', () => {
    return expect(setUp([calling(true)])).rejects.toThrow(expect.objectContaining({ code: 'handler.unknown' }))
  })
})

describe('going to another scenario', () => {
  const after = model.scenario('after', {
    version: 1,
    steps: ({ send }) => [send('second', second)],
  })
  const before = model.scenario('before', {
    version: 1,
    enterOn: 'joined',
    steps: ({ send, goTo }) => [send('first', first), goTo('on', after)],
  })

  it('completes one and starts the other', async () => {
    const t = await setUp([before, after])
    await join(t)
    await t.clock.advance('2 days')
    expect(subjects(t).toSorted()).toEqual(['first', 'second'])
    expect(Object.fromEntries((await t.scenarios.enrolments('c')).map((one) => [one.scenario, [one.state, one.depth]]))).toEqual({
      before: ['completed', 0],
      after: ['completed', 1],
    })
  })

  it('takes each of two who lead there at once, where the first comes to its end at once', async () => {
    const brief = model.scenario('brief', { version: 1, reentry: 'after-exit', steps: ({ end }) => [end('over')] })
    const [one, two] = ['one', 'two'].map((name) =>
      model.scenario(name, { version: 1, enterOn: 'joined', steps: ({ goTo }) => [goTo('on', brief)] }),
    )
    const t = await setUp([brief, one, two].filter((scenario) => scenario !== undefined))
    await join(t)
    await t.settle()
    const entered = (await t.scenarios.enrolments('c')).filter(({ scenario }) => scenario === 'brief')
    expect(entered.map(({ state }) => state)).toEqual(['completed', 'completed'])
  })

  it('is refused where nobody knows the other', () => {
    const lost = model.scenario('lost', { version: 1, steps: ({ goTo }) => [goTo('on', 'nowhere')] })
    return expect(setUp([lost])).rejects.toThrow(expect.objectContaining({ code: 'scenario.unknown' }))
  })

  it('ends a chain that goes round for ever, and says so', async () => {
    const { logger, lines } = recordingLogger()
    const round = (name: string, next: string) =>
      model.scenario(name, {
        version: 1,
        ...(name === 'ping' ? { enterOn: 'joined' as const } : {}),
        reentry: 'every-event',
        steps: ({ goTo }) => [goTo('on', next)],
      })
    const t = await setUp([round('ping', 'pong'), round('pong', 'ping')], { logger })
    await join(t)
    await t.settle()
    expect(await t.scenarios.enrolments('c')).toHaveLength(21)
    expect(lines.filter(({ event }) => event === 'scenario.chainTooDeep')).toHaveLength(1)
  })
})

describe('entering again', () => {
  it('after leaving, counted by when things happened', async () => {
    const again = model.scenario('again', {
      version: 1,
      enterOn: 'joined',
      exitOn: 'bought',
      reentry: 'after-exit',
      steps: ({ wait, send }) => [wait('a', '1 day'), send('first', first)],
    })
    const t = await setUp([again])
    const told: readonly ('joined' | 'bought')[] = ['joined', 'joined', 'bought', 'joined']
    for (const [index, event] of told.entries()) {
      const options = { occurredAt: at(now) - (10 - index) * 60_000, id: `e${index}` }
      if (event === 'joined') await t.track('c', event, { by: 'x' }, options)
      else await t.track('c', event, { total: 1 }, options)
    }
    await t.settle()
    const all = await t.scenarios.enrolments('c')
    expect(all.map(({ entryKey, state }) => [entryKey, state])).toEqual([
      ['e0', 'exited'],
      ['e3', 'active'],
    ])
  })

  it('when it has cooled down', async () => {
    const again = model.scenario('again', {
      version: 1,
      enterOn: { event: 'viewed', where: (fields) => fields('page', '=', '/cart') },
      reentry: { cooldown: '7 days' },
      steps: ({ send }) => [send('first', first)],
    })
    const t = await setUp([again])
    for (const id of ['v1', 'v2']) await t.track('c', 'viewed', { page: '/cart' }, { id })
    await t.track('d', 'viewed', { page: '/' })
    await t.clock.advance('3 days')
    await t.track('c', 'viewed', { page: '/cart' }, { id: 'v3' })
    await t.clock.advance('4 days')
    await t.track('c', 'viewed', { page: '/cart' }, { id: 'v4' })
    await t.settle()
    expect((await t.scenarios.enrolments('c')).map(({ entryKey }) => entryKey)).toEqual(['v1', 'v4'])
    expect(await t.scenarios.enrolments('d')).toEqual([])
  })
})

describe('a branch on what somebody bought', () => {
  it('asks storage for a whole batch at once', async () => {
    const storage = memoryStorage()
    let asked = 0
    const counting: typeof storage = {
      ...storage,
      transaction: (work) =>
        storage.transaction((tx) =>
          work({
            ...tx,
            segments: {
              ...tx.segments,
              *matching(query, ids) {
                asked += 1
                return yield* tx.segments.matching(query, ids)
              },
            },
          }),
        ),
    }
    const branching = model.scenario('branching', {
      version: 1,
      enterOn: 'joined',
      steps: ({ branch, send }) => [
        branch('pro', pros, {
          yes: [],
          no: [branch('bought', buyers, { yes: [send('first', first)], no: [send('mail', mail('other'))] })],
        }),
      ],
    })
    const t = await setUp([branching], { storage: counting })
    const rows = Array.from({ length: 80 }, (_, index) => ({ contactId: `c_${index}`, event: 'joined', payload: { by: 'x' } }))
    await t.trackMany(rows, { startScenarios: true })
    await t.settle()
    expect(t.outbox).toHaveLength(80)
    expect(asked).toBe(1)
  })
})
