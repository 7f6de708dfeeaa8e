import type { EngineTheme, EngineWorld } from '../engine-world.ts'
import { addContacts, enrolments, ledger, mailed, rejection, subjects } from '../observations.ts'
import { hello, model, nudge, onboarding, pros, thanks } from '../shop.ts'

const ofSegment = model.scenario('for-pros', {
  version: 1,
  enterOn: { segment: pros },
  steps: ({ send }) => [send('thanks', thanks)],
})

/** Three contacts asked for a brochure, two and a half days, a day and an hour ago; one of them has bought since. */
const history = async ({ start }: EngineWorld) => {
  const before = await start({ scenarios: [] })
  const asked = (contactId: string, occurredAt: string) => ({
    contactId,
    event: 'brochure.requested',
    payload: { brochure: 'A' },
    occurredAt,
  })
  await before.trackMany([
    asked('c_1', '2026-01-02T22:00:00+09:00'),
    asked('c_2', '2026-01-04T10:00:00+09:00'),
    asked('c_3', '2026-01-05T09:00:00+09:00'),
    { contactId: 'c_3', event: 'order.placed', payload: { total: 1 }, occurredAt: '2026-01-05T09:30:00+09:00' },
  ])
  await before.settle()
  return before
}

/** Publishing a scenario when contacts are there already who did what starts it. */
export const backfillCases: EngineTheme = ({ test, expect }) => {
  test('by default nobody enters: neither who did it before nor who is in the segment already', async (world) => {
    const before = await history(world)
    await before.contacts.identify('c_4', { email: 'd@example.test', attributes: { plan: 'pro' } })
    const kit = await world.start({ scenarios: [onboarding, ofSegment] })
    await kit.clock.advance('10 days')
    expect(subjects(kit)).toEqual([])
    for (const id of ['c_1', 'c_2', 'c_4']) expect(await enrolments(kit, id)).toEqual([])
  })

  test('nor does anybody who is in the other segment that a new version starts on', async ({ start }) => {
    const regulars = model.segment('regulars', ({ attribute }) => attribute('visits', '>=', 5))
    const other = model.scenario('for-pros', {
      version: 2,
      enterOn: { segment: regulars },
      steps: ({ send }) => [send('thanks', thanks)],
    })
    const before = await start({ scenarios: [ofSegment] })
    const visits = { regular: 9, comes: 0 }
    for (const [id, count] of Object.entries(visits))
      await before.contacts.identify(id, { email: `${id}@example.test`, attributes: { visits: count } })
    await before.settle()
    const kit = await start({ now: '2026-01-06T01:00:00Z', scenarios: [other] })
    await kit.settle()
    await kit.contacts.identify('regular', { attributes: { plan: 'pro' } })
    await kit.contacts.identify('comes', { attributes: { plan: 'pro', visits: 5 } })
    await kit.clock.advance('1 hour')
    expect([await enrolments(kit, 'regular'), await enrolments(kit, 'comes')]).toEqual([[], ['completed']])
  })

  test('the preview counts whom a backfill would enter, and the backfill enters them as of now', async (world) => {
    await history(world)
    const kit = await world.start()
    const preview = await kit.scenarios.previewBackfill('onboarding')
    expect(preview).toEqual({
      ...{ matching: 3, alreadyIn: 0, endedSince: 1, wouldEnter: 2, entries: 2, duration: null },
    })
    await kit.scenarios.backfill('onboarding')
    await kit.clock.advance('10 days')
    for (const id of ['c_1', 'c_2']) expect(await mailed(kit, id)).toEqual(['2026-01-05 10:00 hello', '2026-01-08 10:00 nudge'])
    expect(await ledger(kit, 'c_3')).toEqual([])
    expect(await kit.scenarios.previewBackfill('onboarding')).toMatchObject({ alreadyIn: 2, wouldEnter: 0 })
    await kit.scenarios.backfill('onboarding')
    await kit.clock.advance('1 day')
    expect(kit.outbox.length).toBe(4)
  })

  test('as of the original date each is where it would be now, and what is over is not sent', async (world) => {
    await history(world)
    const kit = await world.start()
    await kit.scenarios.backfill('onboarding', { as: 'original' })
    await kit.clock.advance('10 days')
    // Three days at ten after the 2nd is today at ten.
    expect(await ledger(kit, 'c_1')).toEqual(['hello skipped: late', 'nudge sent'])
    expect(await mailed(kit, 'c_1')).toEqual(['2026-01-05 10:00 nudge'])
    expect(await mailed(kit, 'c_2')).toEqual(['2026-01-07 10:00 nudge'])
    expect(await ledger(kit, 'c_3')).toEqual([])
  })

  test('as of the original date, since a date', async (world) => {
    await history(world)
    const kit = await world.start()
    const since = '2026-01-04T00:00:00+09:00'
    expect(await kit.scenarios.previewBackfill('onboarding', { since })).toMatchObject({ matching: 2, wouldEnter: 1 })
    await kit.scenarios.backfill('onboarding', { as: 'original', since })
    await kit.clock.advance('10 days')
    expect(await mailed(kit, 'c_1')).toEqual([])
    expect(await mailed(kit, 'c_2')).toEqual(['2026-01-07 10:00 nudge'])
  })

  test('members of a segment enter at the given rate, page by page, until the job is done or cancelled', async ({ start }) => {
    const before = await start({ scenarios: [] })
    await addContacts(before, 30)
    const kit = await start({ scenarios: [ofSegment] })
    const settings = { perHour: 4 }
    // The first at once, the last nine quarters of an hour later.
    expect(await kit.scenarios.previewBackfill('for-pros', settings)).toEqual({
      matching: 10,
      alreadyIn: 0,
      endedSince: 0,
      entries: 10,
      wouldEnter: 10,
      duration: 9 * 15 * 60_000,
    })
    const { job } = await kit.scenarios.backfill('for-pros', settings)
    await kit.clock.advance('59 minutes')
    expect(kit.outbox.length).toBe(4)
    expect((await rejection(kit.scenarios.backfill('for-pros'))).code).toBe('scenario.state')
    await kit.clock.advance('30 minutes')
    expect(kit.outbox.length).toBe(6)
    await kit.scenarios.cancelJob(job)
    await kit.clock.advance('1 day')
    expect(kit.outbox.length).toBe(6)
    await kit.scenarios.backfill('for-pros')
    await kit.clock.advance('1 minute')
    expect(kit.outbox.length).toBe(10)
    const [last] = (await kit.scenarios.get('for-pros'))?.jobs.toSorted((a, b) => b.createdAt - a.createdAt) ?? []
    expect(last).toMatchObject({ kind: 'backfill', state: 'done', total: 10 })
  })

  test('what nothing starts by itself cannot be backfilled', async ({ start }) => {
    const manual = model.scenario('manual', { version: 1, steps: ({ send }) => [send('nudge', nudge)] })
    const kit = await start({ scenarios: [manual], templates: [hello] })
    expect((await rejection(kit.scenarios.previewBackfill('manual'))).code).toBe('scenario.state')
    expect((await rejection(kit.scenarios.backfill('manual'))).code).toBe('scenario.state')
  })
}
