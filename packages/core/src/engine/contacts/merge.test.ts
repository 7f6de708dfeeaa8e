import { describe, expect, it } from 'vitest'
import { dyingAt } from '../../../test/scenarios/job-world.ts'
import {
  everything,
  first,
  type LifeWorld,
  lifeWorld,
  mails,
  second,
  sent,
  start,
  statesOf,
  tracesOf,
} from '../../../test/scenarios/life-world.ts'
import { buyers, model, receipt } from '../../../test/shop.ts'
import { mergeContacts } from './merge-contacts.ts'

const course = (reentry: 'once' | 'after-exit' | 'every-event' = 'once') =>
  model.scenario('course', {
    version: 1,
    enterOn: 'brochure.requested',
    exitOn: 'order.placed',
    reentry,
    steps: ({ send, wait }) => [send('first', first), wait('rest', { days: 3 }), send('second', second)],
  })
const asks = (t: LifeWorld, id: string, key = `${id}:asked`) => t.track(id, 'brochure.requested', { brochure: 'A' }, { id: key })
const refusal = { evidence: { source: 'test' } }

describe('merging two contacts', () => {
  it('keeps the profile of the one that stays and fills its gaps', async () => {
    const t = await lifeWorld([])
    await t.contacts.identify('old', {
      email: 'old@example.test',
      name: { family: '山田', given: '花' },
      locale: 'ja',
      attributes: { plan: 'pro', points: 3 },
    })
    await t.clock.advance('1 day')
    await t.contacts.identify('new', { name: { given: '花子' }, attributes: { plan: 'free' } })
    await t.contacts.merge('old', 'new')
    expect(await t.contacts.get('old')).toBeNull()
    expect(await t.contacts.get('new')).toMatchObject({
      email: 'old@example.test',
      name: { family: '山田', given: '花子' },
      locale: 'ja',
      attributes: { plan: 'free', points: 3 },
      createdAt: Date.parse(start),
    })
    expect((await t.contacts.findByEmail('old@example.test'))?.id).toBe('new')
  })

  it('brings events, mail and enrolments along, and the enrolment goes on', async () => {
    const t = await lifeWorld([course()])
    await asks(t, 'old')
    await t.settle()
    await t.contacts.identify('new', { email: 'new@example.test' })
    await t.contacts.merge('old', 'new')
    expect(await t.read((reader) => reader.events.ofContact('new', { limit: 9 }))).toMatchObject([{ id: 'old:asked' }])
    expect(await t.scenarios.enrolments('old')).toEqual([])
    expect(await mails(t, 'new')).toEqual(['first: sent'])
    await t.clock.advance('4 days')
    expect(sent(t)).toEqual(['old: first', 'new: second'])
  })

  it('works out the wait of an enrolment anew that comes into another time zone', async () => {
    const daily = model.scenario('daily', {
      version: 1,
      enterOn: 'brochure.requested',
      steps: ({ send, wait }) => [wait('night', { days: 1, at: '10:00' }), send('second', second)],
    })
    const t = await lifeWorld([daily])
    await asks(t, 'old')
    await t.settle()
    await t.contacts.identify('new', { email: 'new@example.test', timeZone: 'Europe/Berlin' })
    await t.contacts.merge('old', 'new')
    await t.clock.advanceTo('2026-01-06T10:30:00+09:00')
    expect(sent(t)).toEqual([])
    await t.clock.advanceTo('2026-01-06T10:00:00+01:00')
    expect(sent(t)).toEqual(['new: second'])
  })

  it('starts nothing: no scenario by an event, none by a segment', async () => {
    const t = await lifeWorld([
      course('every-event'),
      model.scenario('thanks', { version: 1, enterOn: { segment: buyers }, steps: ({ send }) => [send('receipt', receipt)] }),
    ])
    await t.track('old', 'order.placed', { total: 1 }, { startScenarios: false })
    await t.track('old', 'brochure.requested', { brochure: 'A' }, { startScenarios: false })
    await t.settle()
    await t.contacts.identify('new', { email: 'new@example.test' })
    await t.contacts.merge('old', 'new')
    await t.clock.advance('2 days')
    expect(await t.segments.members(buyers)).toEqual(['new'])
    expect(await t.scenarios.enrolments('new')).toEqual([])
    expect(sent(t)).toEqual([])
  })

  it.each(['once', 'after-exit'] as const)(
    'ends one of two enrolments that exclude each other (%s), with its queued mail',
    async (reentry) => {
      const t = await lifeWorld([course(reentry)])
      await asks(t, 'new')
      await t.settle()
      await asks(t, 'old')
      await t.settle()
      await t.contacts.merge('old', 'new')
      expect(await t.scenarios.get('course')).toMatchObject({ active: 1, exited: 1 })
      expect((await statesOf(t, 'new')).filter(({ state }) => state === 'active')).toHaveLength(1)
      await t.clock.advance('4 days')
      expect(sent(t).filter((line) => line.endsWith('second'))).toEqual(['new: second'])
    },
  )

  it('lets both go on where each event is an entry of its own', async () => {
    const t = await lifeWorld([course('every-event')])
    await asks(t, 'new')
    await asks(t, 'old')
    await t.settle()
    await t.contacts.merge('old', 'new')
    expect(await statesOf(t, 'new')).toMatchObject([{ state: 'active' }, { state: 'active' }])
  })

  it('keeps a refusal of either, and sends what is queued by it', async () => {
    const t = await lifeWorld([course()])
    await asks(t, 'old')
    await t.contacts.identify('new', { email: 'new@example.test' })
    await t.consent.withdraw('new', { ...refusal, topics: ['onboarding'] })
    await t.contacts.merge('old', 'new')
    await t.settle()
    expect(await mails(t, 'new')).toEqual(['first: skipped (consent-withdrawn)'])
    const sources = (await t.consent.ledger('new')).map(({ kind, evidence }) => [kind, evidence.source])
    expect(sources.filter(([kind]) => kind === 'withdraw')).toEqual([['withdraw', 'test']])
  })

  it('raises the revision above both, so that mail that is decided goes round again', async () => {
    const t = await lifeWorld([])
    await t.contacts.identify('old', { email: 'old@example.test' })
    for (let nth = 0; nth < 3; nth += 1) await t.consent.withdraw('old', refusal)
    await t.contacts.identify('new', { email: 'new@example.test' })
    const before = await Promise.all(['old', 'new'].map(async (id) => (await t.contacts.get(id))?.consentRev ?? 0))
    await t.contacts.merge('old', 'new')
    expect((await t.contacts.get('new'))?.consentRev).toBeGreaterThan(Math.max(...before))
  })

  it('works in first what waits for both', async () => {
    const t = await lifeWorld([course()])
    await t.contacts.identify('old', { email: 'old@example.test' })
    await t.contacts.identify('new', {})
    await asks(t, 'old')
    await t.contacts.merge('old', 'new')
    expect(await statesOf(t, 'new')).toMatchObject([{ state: 'active', stepId: 'rest' }])
    expect(await t.read((reader) => reader.inbox.waiting({ limit: 9 }))).toEqual([])
  })

  it('brings the variant and the calls along, and forgets what was watched of the one that is gone', async () => {
    const t = await lifeWorld([everything], { handlers: { tell: () => {} } })
    await t.contacts.identify('old', { attributes: { plan: 'pro' } })
    await t.contacts.identify('old', {})
    await t.contacts.identify('new', {})
    await t.contacts.merge('old', 'new')
    expect(await tracesOf(t, 'old')).toEqual({ variants: 0, watches: 0, calls: 0 })
    expect(await tracesOf(t, 'new')).toEqual({ variants: 1, watches: 1, calls: 1 })
  })

  it('is all or nothing wherever the process dies', async () => {
    const t = await lifeWorld([course()])
    await asks(t, 'old')
    await t.contacts.identify('new', {})
    await t.settle()
    const merge = { from: 'old', into: 'new', now: t.clock.now(), id: 'm' }
    let nth = 1
    for (; (await dyingAt(t, nth, (tx) => mergeContacts(tx, merge))) === null; nth += 1) {
      expect(await t.contacts.get('old')).toMatchObject({ email: 'old@example.test' })
      expect(await mails(t, 'old')).toEqual(['first: sent'])
      expect(await statesOf(t, 'new')).toEqual([])
    }
    expect(nth).toBeGreaterThan(15)
    expect(await t.contacts.get('old')).toBeNull()
  })

  it('is refused for one that is not there, and for one with itself', async () => {
    const t = await lifeWorld([])
    await t.contacts.identify('new', {})
    const unknown = expect.objectContaining({ code: 'contact.unknown' })
    await expect(t.contacts.merge('old', 'new')).rejects.toThrow(unknown)
    await expect(t.contacts.merge('new', 'old')).rejects.toThrow(unknown)
    await expect(t.contacts.merge('new', 'new')).rejects.toMatchObject({ code: 'config.invalid' })
    expect(await t.contacts.get('new')).not.toBeNull()
  })
})
