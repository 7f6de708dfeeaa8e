import { describe, expect, it } from 'vitest'
import { first, lifeWorld, second, sent, start, statesOf } from '../../../test/scenarios/life-world.ts'
import { buyers, hello, model, pro } from '../../../test/shop.ts'
import { hour } from '../../domain/time/instant.ts'
import { memoryStorage } from '../../memory/index.ts'
import { sourceFor } from './backfill/candidates.ts'

const refused = (words: RegExp) => expect.objectContaining({ code: 'scenario.state', message: expect.stringMatching(words) })
const now = Date.parse(start)
const daysAgo = (days: number) => now - days * 24 * hour

type Reentry = 'once' | 'every-event'
const course = (reentry: Reentry = 'once') =>
  model.scenario('course', {
    version: 1,
    enterOn: 'brochure.requested',
    exitOn: 'order.placed',
    reentry,
    steps: ({ send, wait, event }) => [
      send('hello', hello, { brochure: event.brochure }),
      wait('rest', { days: 3 }),
      send('second', second),
    ],
  })

/** Requests of the last weeks, from before the scenario was there. */
const world = async (reentry: Reentry = 'once') => {
  const storage = memoryStorage()
  const before = await lifeWorld([], { storage })
  const asks = (id: string, brochure: string, days: number) =>
    before.track(id, 'brochure.requested', { brochure }, { occurredAt: daysAgo(days), id: `${id}:${brochure}` })
  await asks('c_1', 'A', 20)
  await asks('c_1', 'B', 10)
  await asks('c_2', 'C', 5)
  await asks('c_3', 'D', 5)
  await before.track('c_3', 'order.placed', { total: 1 }, { occurredAt: daysAgo(4) })
  await before.settle()
  return await lifeWorld([course(reentry)], { storage })
}

describe('a backfill', () => {
  it('tells first whom it would enter, and then enters the latest of each who is not out of it since', async () => {
    const t = await world()
    expect(await t.scenarios.previewBackfill('course')).toEqual({
      ...{ matching: 3, alreadyIn: 0, endedSince: 1, wouldEnter: 2, entries: 2, duration: null },
    })
    const { job } = await t.scenarios.backfill('course')
    await t.settle()
    expect(sent(t).toSorted()).toEqual(['c_1: hello B', 'c_2: hello C'])
    expect(await statesOf(t, 'c_3')).toEqual([])
    expect(await t.read((reader) => reader.jobs.get(job))).toMatchObject({ state: 'done', done: 3 })
    expect(await t.scenarios.previewBackfill('course')).toEqual({
      ...{ matching: 3, alreadyIn: 2, endedSince: 1, wouldEnter: 0, entries: 0, duration: null },
    })
    await t.scenarios.backfill('course')
    await t.clock.advance('4 days')
    expect(sent(t)).toHaveLength(4)
  })

  it('enters each event where each is an entry of its own, and only since when it is told', async () => {
    const t = await world('every-event')
    expect(await t.scenarios.previewBackfill('course')).toMatchObject({ matching: 3, wouldEnter: 2 })
    await t.scenarios.backfill('course', { since: daysAgo(15) })
    await t.settle()
    expect(sent(t).toSorted()).toEqual(['c_1: hello B', 'c_2: hello C'])
    await t.scenarios.backfill('course')
    await t.settle()
    expect(sent(t).toSorted()).toEqual(['c_1: hello A', 'c_1: hello B', 'c_2: hello C'])
  })

  it('as of the original date leaves out the mails whose time has passed', async () => {
    const t = await world()
    await t.scenarios.backfill('course', { as: 'original' })
    await t.settle()
    expect(sent(t)).toEqual([])
    expect(await t.scenarios.enrolments('c_2')).toMatchObject([{ enteredAt: daysAgo(5), entryKey: 'once', state: 'completed' }])
  })

  it('keeps to its rate, also when no worker ran for a while', async () => {
    const storage = memoryStorage()
    const before = await lifeWorld([], { storage })
    const rows = Array.from({ length: 30 }, (_, nth) => ({
      contactId: `c_${nth}`,
      event: 'brochure.requested',
      payload: { brochure: 'A' },
      id: `e${nth}`,
    }))
    await before.trackMany(rows)
    const t = await lifeWorld([course()], { storage })
    expect(await t.scenarios.previewBackfill('course', { perHour: 10 })).toMatchObject({
      wouldEnter: 30,
      duration: 29 * 6 * 60_000,
    })
    await t.scenarios.backfill('course', { perHour: 10 })
    const entered = async () => (await t.scenarios.get('course'))?.active
    await t.settle()
    expect(await entered()).toBe(1)
    await t.clock.advance(hour - 1)
    expect(await entered()).toBe(10)
    await t.clock.advance(1)
    expect(await entered()).toBe(11)
    t.clock.jumpTo(t.clock.now() + hour)
    await t.settle()
    expect(await entered()).toBe(12)
    await t.clock.advance('2 hours')
    expect(await entered()).toBe(30)
  })

  it('waits while the scenario is paused, runs one at a time, and ends with it', async () => {
    const t = await world()
    await t.scenarios.pause('course')
    const { job } = await t.scenarios.backfill('course')
    await t.clock.advance('1 hour')
    await expect(t.scenarios.backfill('course')).rejects.toThrow(refused(/is running/))
    expect(await t.read((reader) => reader.jobs.get(job))).toMatchObject({ state: 'running', done: 0 })
    await t.scenarios.stop('course', { inFlight: 'finish' })
    expect(await t.read((reader) => reader.jobs.get(job))).toMatchObject({ state: 'cancelled' })
  })

  it('is cancelled when the scenario starts another way meanwhile', async () => {
    const t = await world()
    const { job } = await t.scenarios.backfill('course')
    const other = model.scenario('course', { version: 2, enterOn: 'order.placed', steps: ({ send }) => [send('first', first)] })
    const after = await lifeWorld([other], { storage: t.storage })
    await after.settle()
    expect(await t.read((reader) => reader.jobs.get(job))).toMatchObject({ state: 'cancelled', done: 0 })
    expect(await statesOf(after, 'c_1')).toEqual([])
  })

  it.each(['once', 'every-event'] as const)(
    'misses nobody and nothing over its pages, whoever has many events (%s)',
    async (reentry) => {
      const storage = memoryStorage()
      const before = await lifeWorld([], { storage, autoContacts: false })
      const asked = (contactId: string, nth: number) => ({
        contactId,
        event: 'brochure.requested',
        payload: { brochure: String(nth) },
        id: `${contactId}:${nth}`,
        occurredAt: daysAgo(9) + nth,
      })
      const many = Array.from({ length: 250 }, (_, nth) => asked('c_b', nth))
      await before.trackMany([asked('c_a', 1), ...many, asked('c_c', 1), ...many.slice(0, 90).map((_, nth) => asked('c_d', nth))])
      const t = await lifeWorld([course(reentry)], { storage })
      expect(await t.scenarios.previewBackfill('course')).toMatchObject({ matching: 4, wouldEnter: 4 })
      await t.scenarios.backfill('course', { perHour: 120 })
      await t.clock.advance('4 hours')
      const all = await Promise.all(['c_a', 'c_b', 'c_c', 'c_d'].map((id) => t.scenarios.enrolments(id)))
      expect(all.map(({ length }) => length)).toEqual(reentry === 'once' ? [1, 1, 1, 1] : [1, 250, 1, 90])
      if (reentry === 'once') expect(all.map((own) => own[0]?.event.brochure)).toEqual(['1', '249', '1', '89'])
    },
  )

  it('of a segment enters its members', async () => {
    const storage = memoryStorage()
    const before = await lifeWorld([], { storage })
    for (const id of ['c_1', 'c_2'])
      await before.contacts.identify(id, { email: `${id}@example.test`, attributes: { plan: 'pro' } })
    await before.contacts.identify('c_3', { attributes: { plan: 'free' } })
    const t = await lifeWorld(
      [model.scenario('pros', { version: 1, enterOn: { segment: pro }, steps: ({ send }) => [send('first', first)] })],
      { storage },
    )
    await t.settle()
    expect(sent(t)).toEqual([])
    expect(await t.scenarios.previewBackfill('pros')).toMatchObject({ matching: 2, wouldEnter: 2 })
    await t.scenarios.backfill('pros')
    expect((await t.scenarios.get('pros'))?.jobs).toMatchObject([{ total: 2 }])
    await t.settle()
    expect(sent(t).toSorted()).toEqual(['c_1: first', 'c_2: first'])
  })

  it('of a segment knows since when who came in while it was watched', async () => {
    const pros = model.scenario('pros', {
      version: 1,
      enterOn: { segment: pro },
      reentry: 'after-exit',
      steps: ({ send }) => [send('first', first)],
    })
    const t = await lifeWorld([pros])
    await t.clock.advance('1 day')
    await t.contacts.identify('c_1', { attributes: { plan: 'pro' } })
    await t.clock.advance('1 day')
    const since = t.clock.now()
    await t.contacts.identify('c_2', { attributes: { plan: 'pro' } })
    await t.settle()
    expect(await t.scenarios.previewBackfill('pros')).toMatchObject({ matching: 2, alreadyIn: 2 })
    expect(await t.scenarios.previewBackfill('pros', { since })).toMatchObject({ matching: 1, alreadyIn: 1, wouldEnter: 0 })
  })

  it('is refused with the reason where it makes no sense', async () => {
    const t = await lifeWorld([
      model.scenario('manual', { version: 1, steps: ({ send }) => [send('first', first)] }),
      model.scenario('leavers', {
        version: 1,
        enterOn: { segment: buyers, on: 'exit' },
        steps: ({ send }) => [send('first', first)],
      }),
    ])
    await expect(t.scenarios.previewBackfill('manual')).rejects.toThrow(refused(/nothing starts it by itself/))
    await expect(t.scenarios.backfill('leavers')).rejects.toThrow(refused(/who left a segment before/))
    const { definition } = model.scenario('birthdays', { version: 1, steps: ({ send }) => [send('first', first)] })
    const trigger = { kind: 'date', attribute: 'birthday', days: 0, at: '09:00', yearly: true, leapDay: 'feb-28' } as const
    expect(() => sourceFor({ ...definition, trigger })).toThrow(refused(/the next occurrences enter by themselves/))
    await expect(t.scenarios.backfill('manual', { perHour: 0 })).rejects.toThrow(
      expect.objectContaining({ code: 'config.invalid' }),
    )
  })
})
