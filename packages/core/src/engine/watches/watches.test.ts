import { describe, expect, it } from 'vitest'
import { at, day, first, hour, model, now, pros, recentBuyers } from '../../../test/club.ts'
import { type DeclaredScenario, silentLogger } from '../../index.ts'
import { memoryStorage } from '../../memory/index.ts'
import { createTestTobiishi, type TestOptions } from '../../testing/index.ts'

type Options = Omit<TestOptions<typeof model>, 'model'>
const setUp = (scenarios: readonly DeclaredScenario[], options: Options = {}) =>
  createTestTobiishi({ model, scenarios, now, ...options })
type Kit = Awaited<ReturnType<typeof setUp>>

const keys = async (t: Kit, id = 'c') => (await t.scenarios.enrolments(id)).map(({ entryKey }) => entryKey)
const entries = async (t: Kit, id = 'c') => (await t.scenarios.enrolments(id)).map(({ enteredAt }) => enteredAt)
const add = (t: Kit, id: string, attributes: object, timeZone: string | null = null) =>
  t.contacts.identify(id, { email: `${id}@example.test`, timeZone, attributes })

const onSegment = (on: 'entry' | 'exit', parts: object = {}, segment = pros) =>
  model.scenario('by-segment', {
    version: 1,
    enterOn: { segment, on },
    ...parts,
    steps: ({ send }) => [send('first', first)],
  })

describe('a scenario that a segment starts', () => {
  it('takes who comes into it, not who was in it before', async () => {
    const storage = memoryStorage()
    const before = await setUp([], { storage })
    await add(before, 'old', { plan: 'pro' })
    const t = await setUp([onSegment('entry')], { storage })
    await add(t, 'new', { plan: 'pro' })
    await add(t, 'c', { plan: 'free' })
    await t.settle()
    await t.clock.advance('1 day')
    await add(t, 'c', { plan: 'pro' })
    await t.settle()
    expect(await keys(t, 'old')).toEqual([])
    expect(await keys(t, 'new')).toEqual(['once'])
    expect(await keys(t, 'c')).toEqual(['once'])
    expect(t.outbox.map(({ to }) => to).toSorted()).toEqual(['c@example.test', 'new@example.test'])
  })

  it('takes who leaves it, as often as its re-entry says', async () => {
    const t = await setUp([onSegment('exit', { reentry: 'every-event' })])
    await add(t, 'c', { plan: 'pro' })
    await add(t, 'c', { plan: 'free' })
    const left = t.clock.now()
    await t.clock.advance('1 day')
    await add(t, 'c', { plan: 'pro' })
    await add(t, 'c', { plan: null })
    // Each change of a contact has an instant of its own, in the same millisecond too.
    expect(await keys(t)).toEqual([`out:${left + 1}`, `out:${left + day + 1}`])
  })

  it('loses no change of one and the same millisecond', async () => {
    const t = await setUp([onSegment('entry', { reentry: 'every-event' })])
    for (const plan of ['pro', 'free', 'pro', null, 'pro']) await add(t, 'c', { plan })
    expect(await entries(t)).toEqual([at(now), at(now), at(now)])
  })

  it('takes who falls out of a window, when time alone lets them', async () => {
    const t = await setUp([onSegment('exit', {}, recentBuyers)])
    await t.track('c', 'bought', { total: 1 })
    await t.clock.advance(30 * day - 1)
    expect(await entries(t)).toEqual([])
    await t.clock.advance(1)
    expect(await entries(t)).toEqual([at(now) + 30 * day])
    expect(t.outbox).toHaveLength(1)
  })

  it('starts nothing for imports, and sees the next change', async () => {
    const t = await setUp([onSegment('entry', { reentry: 'every-event' })])
    await t.contacts.identifyMany([{ id: 'c', profile: { email: 'c@example.test', attributes: { plan: 'pro' } } }])
    await t.settle()
    expect(await keys(t)).toEqual([])
    await add(t, 'c', { plan: 'free' })
    await add(t, 'c', { plan: 'pro' })
    expect(await keys(t)).toHaveLength(1)
  })

  it('is started by another scenario that changes an attribute, one link further in the chain', async () => {
    const upgrade = model.scenario('upgrade', {
      version: 1,
      enterOn: 'joined',
      steps: ({ update }) => [update('pro', { set: { plan: 'pro' } })],
    })
    const t = await setUp([upgrade, onSegment('entry')])
    await t.track('c', 'joined', { by: 'x' })
    await t.settle()
    const depths = (await t.scenarios.enrolments('c')).map(({ scenario, depth }) => [scenario, depth])
    expect(Object.fromEntries(depths)).toEqual({ upgrade: 0, 'by-segment': 1 })
  })

  it('looks at everyone once, page by page, before anybody can come in', async () => {
    const storage = memoryStorage()
    const old = await setUp([], { storage, grantConsent: false })
    const rows = Array.from({ length: 6_000 }, (_, index) => ({
      id: `c_${index}`,
      profile: { attributes: { plan: 'pro' as const } },
    }))
    await old.contacts.identifyMany(rows)
    const t = await setUp([onSegment('entry')], { storage })
    const [watch] = await storage.read((reader) => reader.watches.all())
    expect(watch).toMatchObject({ state: 'filling' })
    await t.contacts.identify('c_1', { attributes: { plan: 'free' } })
    await t.contacts.identify('c_1', { attributes: { plan: 'pro' } })
    await t.settle()
    expect(await storage.read((reader) => reader.watches.all())).toMatchObject([{ state: 'ready' }])
    expect(await storage.read((reader) => reader.enrolments.count({ scenario: 'by-segment' }))).toBe(0)
    await t.contacts.identify('c_1', { attributes: { plan: 'free' } })
    await t.contacts.identify('c_1', { attributes: { plan: 'pro' } })
    expect(await storage.read((reader) => reader.enrolments.count({ scenario: 'by-segment' }))).toBe(1)
  })

  it('lets its watch go when no scenario starts on it any more', async () => {
    const storage = memoryStorage()
    const t = await setUp([onSegment('entry')], { storage })
    await add(t, 'c', { plan: 'pro' })
    await t.scenarios.stop('by-segment', { inFlight: 'finish' })
    await t.settle()
    expect(await storage.read((reader) => reader.watches.all())).toEqual([])
  })
})

const birthday = (parts: object = {}) =>
  model.scenario('birthday', {
    version: 1,
    enterOn: { date: 'birthday', at: '09:00', yearly: true, ...parts },
    steps: ({ send }) => [send('first', first)],
  })

describe('a scenario that a date starts', () => {
  it('takes everyone at the time of their own zone, every year', async () => {
    const t = await setUp([birthday()])
    await add(t, 'tokyo', { birthday: '1990-01-06' })
    await add(t, 'york', { birthday: '1990-01-06' }, 'America/New_York')
    await t.clock.advance('400 days')
    expect(await keys(t, 'tokyo')).toEqual(['2026-01-06', '2027-01-06'])
    expect(await entries(t, 'tokyo')).toEqual([at('2026-01-06T09:00:00+09:00'), at('2027-01-06T09:00:00+09:00')])
    expect(await entries(t, 'york')).toEqual([at('2026-01-06T09:00:00-05:00'), at('2027-01-06T09:00:00-05:00')])
    expect(t.outbox).toHaveLength(4)
  })

  it('follows a date that is set, changed and cleared, and never sends for one that has passed', async () => {
    const renewal = model.scenario('renewal', {
      version: 1,
      enterOn: { date: 'renewsOn', days: -7, at: '10:00' },
      steps: ({ send }) => [send('first', first)],
    })
    const t = await setUp([renewal])
    await add(t, 'c', { renewsOn: '2026-02-01' })
    await add(t, 'gone', { renewsOn: '2026-02-01' })
    await add(t, 'soon', { renewsOn: '2026-01-07' })
    await t.clock.advance('3 days')
    await add(t, 'c', { renewsOn: '2026-03-01' })
    await add(t, 'gone', { renewsOn: null })
    await t.clock.advanceTo('2026-02-20T00:00:00Z')
    expect(await keys(t, 'soon')).toEqual([])
    expect(await keys(t, 'gone')).toEqual([])
    expect(await entries(t)).toEqual([])
    await t.clock.advanceTo('2026-02-22T10:00:00+09:00')
    expect(await entries(t)).toEqual([at('2026-02-22T10:00:00+09:00')])
    expect(await keys(t)).toEqual(['2026-03-01'])
  })

  it('does not lose the day of a contact who moves east past it', async () => {
    const t = await setUp([birthday()])
    await add(t, 'c', { birthday: '1990-01-06' }, 'America/New_York')
    await t.clock.advanceTo('2026-01-06T12:00:00+09:00')
    await add(t, 'c', {}, 'Asia/Tokyo')
    await t.clock.advance('30 days')
    expect(await keys(t)).toEqual(['2026-01-06'])
  })

  it('enters nobody twice who moves west of it', async () => {
    const t = await setUp([birthday()])
    await add(t, 'c', { birthday: '1990-01-06' }, 'Asia/Tokyo')
    await t.clock.advanceTo('2026-01-06T12:00:00+09:00')
    await add(t, 'c', {}, 'America/New_York')
    await t.clock.advance('30 days')
    expect(await keys(t)).toEqual(['2026-01-06'])
  })

  it.each([
    ['within a day', 23 * hour, ['2026-01-06']],
    ['not days later', 25 * hour, []],
  ])('takes a date that was missed while no worker ran: %s', async (_how, late, entered) => {
    const t = await setUp([birthday()], { logger: silentLogger })
    await add(t, 'c', { birthday: '1990-01-06' })
    t.clock.jumpTo(at('2026-01-06T09:00:00+09:00') + late)
    await t.settle()
    expect(await keys(t)).toEqual(entered)
    await t.clock.advance('400 days')
    expect(await keys(t)).toEqual([...entered, '2027-01-06'])
  })

  it.each([
    ['east', 'Asia/Bangkok', 'Asia/Tokyo', '2026-01-06T09:00:00+09:00'],
    ['west', 'Asia/Tokyo', 'Asia/Bangkok', '2026-01-06T09:00:00+07:00'],
  ])('loses no year of contacts without a zone where the app moves %s', async (_where, from, to, entered) => {
    const storage = memoryStorage()
    const old = await setUp([birthday()], { storage, timeZone: from })
    await add(old, 'c', { birthday: '1990-01-06' })
    await old.settle()
    const t = await setUp([birthday()], { storage, timeZone: to })
    await t.clock.advance('400 days')
    expect(await entries(t)).toEqual([at(entered), at(entered.replace('2026', '2027'))])
  })

  it('knows what a leap day is in other years', async () => {
    const t = await setUp([birthday({ leapDay: 'mar-1' })])
    await add(t, 'c', { birthday: '2000-02-29' })
    await t.clock.advance('90 days')
    expect(await entries(t)).toEqual([at('2026-03-01T09:00:00+09:00')])
  })

  it('takes contacts who were there before the scenario', async () => {
    const storage = memoryStorage()
    const old = await setUp([], { storage })
    await add(old, 'c', { birthday: '1990-01-06' })
    const t = await setUp([birthday()], { storage })
    await t.clock.advance('2 days')
    expect(await keys(t)).toEqual(['2026-01-06'])
  })
})
