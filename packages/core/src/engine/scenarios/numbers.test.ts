import { describe, expect, it } from 'vitest'
import { type LifeWorld, lifeWorld, start } from '../../../test/scenarios/life-world.ts'
import { hello, model, nudge, pro, thanks } from '../../../test/shop.ts'
import { memoryStorage } from '../../memory/index.ts'

const day = 86_400_000
const daysAgo = (days: number) => Date.parse(start) - days * day

/** More than one chunk, so that the counts of several are added. */
const people = Array.from({ length: 450 }, (_, nth) => `c_${String(nth).padStart(3, '0')}`)

/**
 * Everybody asked for two brochures. Every third ordered since, every fifth is in the scenario already, every seventh asked for
 * something that does not fit.
 */
const history = async (reentry: 'once' | 'every-event') => {
  const storage = memoryStorage()
  const before = await lifeWorld([], { storage })
  for (const [nth, id] of people.entries()) {
    const brochure = nth % 7 === 0 ? 'other' : 'A'
    for (const days of [10, 5])
      await before.track(id, 'brochure.requested', { brochure }, { id: `${id}:${days}`, occurredAt: daysAgo(days) })
    if (nth % 3 === 0) await before.track(id, 'order.placed', { total: 1 }, { occurredAt: daysAgo(1) })
  }
  await before.settle()
  const course = model.scenario('course', {
    version: 1,
    enterOn: { event: 'brochure.requested', where: (request) => request('brochure', '=', 'A') },
    exitOn: 'order.placed',
    reentry,
    steps: ({ send, wait, event }) => [
      send('hello', hello, { brochure: event.brochure }),
      wait('rest', { days: 30 }),
      send('nudge', nudge),
    ],
  })
  const t = await lifeWorld([course], { storage })
  for (const [nth, id] of people.entries())
    if (nth % 5 === 0) await t.enrol(id, course, { event: { brochure: 'A' }, key: `${id}:10` })
  await t.settle()
  return t
}

const enrolments = async (t: LifeWorld) => (await Promise.all(people.map((id) => t.scenarios.enrolments(id)))).flat()

const count = (isMeant: (nth: number) => boolean) => people.filter((_, nth) => isMeant(nth)).length

describe('the numbers of a backfill', () => {
  it('add up before it, and are what then happens', async () => {
    const t = await history('once')
    const before = new Set((await enrolments(t)).map(({ id }) => id))
    const preview = await t.scenarios.previewBackfill('course', { perHour: 6_000 })
    const { matching, wouldEnter, alreadyIn, endedSince, entries } = preview
    expect(matching).toBe(wouldEnter + alreadyIn + endedSince)
    expect({ matching, alreadyIn, endedSince }).toEqual({
      matching: count((nth) => nth % 7 !== 0),
      alreadyIn: count((nth) => nth % 7 !== 0 && nth % 5 === 0),
      endedSince: count((nth) => nth % 7 !== 0 && nth % 5 !== 0 && nth % 3 === 0),
    })

    const { job } = await t.scenarios.backfill('course', { perHour: 6_000 })
    await t.clock.advance(preview.duration ?? 0)
    const entered = (await enrolments(t)).filter(({ id }) => !before.has(id))
    expect([entered.length, new Set(entered.map(({ contactId }) => contactId)).size]).toEqual([entries, wouldEnter])
    const done = (await t.scenarios.get('course'))?.jobs.find(({ id }) => id === job)
    expect(done).toMatchObject({
      ...{ state: 'done', done: people.length, total: null },
      tally: { matching, entered: wouldEnter, alreadyIn, endedSince, entries },
    })
  })

  it('add up where a contact enters with each event, some of which it has entered with', async () => {
    const t = await history('every-event')
    const before = (await enrolments(t)).length
    const preview = await t.scenarios.previewBackfill('course')
    const { matching, wouldEnter, alreadyIn, endedSince, entries } = preview
    expect(matching).toBe(wouldEnter + alreadyIn + endedSince)
    expect(entries).toBeGreaterThan(wouldEnter)
    await t.scenarios.backfill('course')
    await t.settle()
    expect((await enrolments(t)).length - before).toBe(entries)
    const after = await t.scenarios.previewBackfill('course')
    expect(after).toMatchObject({ matching, wouldEnter: 0, entries: 0, endedSince })
  })

  it('of a segment have the members as their total', async () => {
    const storage = memoryStorage()
    const before = await lifeWorld([], { storage })
    for (const id of people.slice(0, 250))
      await before.contacts.identify(id, { email: `${id}@b.test`, attributes: { plan: 'pro' } })
    const forPros = model.scenario('for-pros', {
      version: 1,
      enterOn: { segment: pro },
      steps: ({ send }) => [send('thanks', thanks)],
    })
    const t = await lifeWorld([forPros], { storage })
    expect(await t.enrol('c_001', forPros)).toEqual({ enrolled: 1, alreadyIn: 0 })
    await t.scenarios.backfill('for-pros')
    await t.settle()
    const [job] = (await t.scenarios.get('for-pros'))?.jobs ?? []
    expect(job).toMatchObject({
      done: 250,
      total: 250,
      tally: { matching: 250, entered: 249, alreadyIn: 1, endedSince: 0, entries: 249 },
    })
    expect(await t.enrol(pro, forPros)).toEqual({ enrolled: 0, alreadyIn: 250 })
  })
})

describe('the numbers of a publication', () => {
  const version = (number: number, inFlight: 'migrate' | 'exit' | 'pin') =>
    model.scenario('course', {
      ...{ version: number, draft: number > 1, enterOn: 'brochure.requested', exitOn: 'order.placed', inFlight },
      steps: ({ send, wait, event }) => [
        send('hello', hello, { brochure: event.brochure }),
        wait('rest', { days: 3 }),
        ...(number > 1 ? [send('thanks', thanks)] : [send('nudge', nudge)]),
        wait('long', { days: 30 }),
        send('last', thanks),
      ],
    })

  it.each(['migrate', 'exit'] as const)(
    'are all who are in older versions, and what the job then does (%s)',
    async (inFlight) => {
      const storage = memoryStorage()
      const before = await lifeWorld([version(1, 'pin')], { storage })
      const ask = (ids: readonly string[]) =>
        Promise.all(ids.map((id) => before.track(id, 'brochure.requested', { brochure: 'A' })))
      await ask(people.slice(0, 100))
      await before.clock.advance('4 days')
      await ask(people.slice(100, 330))
      for (const id of people.slice(90, 120)) await before.track(id, 'order.placed', { total: 1 })
      await before.settle()

      const t = await lifeWorld([version(2, inFlight)], { storage, now: before.clock.now() })
      const { moves, refused } = await t.scenarios.previewPublish('course')
      const active = (await t.scenarios.get('course'))?.active
      expect(refused).toEqual([])
      expect(moves.map(({ fromStep, contacts, outcome }) => [fromStep, contacts, outcome])).toEqual([
        ['long', 90, inFlight === 'exit' ? 'exits' : 'moves'],
        ['rest', 210, inFlight === 'exit' ? 'exits' : 'moves'],
      ])
      expect(moves.reduce((sum, { contacts }) => sum + contacts, 0)).toBe(active)

      await t.scenarios.publish('course')
      await t.clock.advance('5 minutes')
      const info = await t.scenarios.get('course')
      expect(info?.jobs[0]).toMatchObject({ kind: inFlight, state: 'done', total: active, done: active, tally: null })
      const now = await enrolments(t)
      const replaced = now.filter(({ endReason }) => endReason === 'replaced').length
      expect([now.filter((one) => one.version === 2).length, replaced]).toEqual(inFlight === 'exit' ? [0, 300] : [300, 0])
    },
  )
})
