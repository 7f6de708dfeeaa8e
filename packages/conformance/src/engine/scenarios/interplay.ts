import type { Handler } from '@tobiishi/core'
import type { EngineTheme } from '../engine-world.ts'
import { enrolments, ledger, mailed, subjects } from '../observations.ts'
import { everyone, hello, model, news, nudge, onboarding, thanks, tips } from '../shop.ts'

const page = { page: '/' }
const daily = [{ name: 'daily', per: 'day', limit: 1 }] as const

const one = model.scenario('one', { version: 1, enterOn: 'page.viewed', steps: ({ send }) => [send('tips', tips)] })

/** Deferred to the next day where another mail of the day was first. */
const leaving = model.scenario('leaving', {
  version: 1,
  enterOn: 'brochure.requested',
  exitOn: 'order.placed',
  steps: ({ send, wait }) => [send('nudge', nudge), wait('a', { days: 1, at: '10:00' }), send('thanks', thanks)],
})

/** Where two rules meet. */
export const interplayCases: EngineTheme = ({ test, expect }) => {
  test('a mail that a cap has deferred is dropped when the contact leaves, and its place is free', async ({ start }) => {
    const kit = await start({ scenarios: [one, leaving], caps: daily })
    await kit.track('c_1', 'page.viewed', page)
    await kit.settle()
    await kit.track('c_1', 'brochure.requested', { brochure: 'A' })
    await kit.clock.advance('1 hour')
    expect((await ledger(kit)).toSorted()).toEqual(['nudge queued', 'tips sent'])
    await kit.track('c_1', 'order.placed', { total: 1 })
    await kit.broadcasts.send({ template: news, to: everyone })
    await kit.clock.advance('3 days')
    expect(await mailed(kit)).toEqual(['2026-01-05 10:00 tips', '2026-01-06 00:00 news'])
  })

  test('deferred by a cap to a day that begins in quiet hours, it goes out at their end', async ({ start }) => {
    const kit = await start({ scenarios: [one, leaving], caps: daily, quietHours: { from: '21:00', to: '08:00' } })
    await kit.contacts.identify('c_1', { email: 'a@example.test', timeZone: 'Europe/Berlin' })
    await kit.clock.advanceTo('2026-01-05T10:00:00+01:00')
    await kit.track('c_1', 'page.viewed', page)
    await kit.settle()
    await kit.track('c_1', 'brochure.requested', { brochure: 'A' })
    await kit.clock.advance('5 days')
    expect(await mailed(kit, 'c_1', 'Europe/Berlin')).toEqual([
      '2026-01-05 10:00 tips',
      '2026-01-06 08:00 nudge',
      '2026-01-07 10:00 thanks',
    ])
  })

  test('mail that waits in the queue is sent once when its contact is migrated, and not at all when its step is gone', async ({
    start,
  }) => {
    const evening = (version: number, template: typeof nudge, id: string) =>
      model.scenario('evening', {
        version,
        enterOn: 'page.viewed',
        window: { from: '18:00', to: '20:00' },
        inFlight: 'migrate',
        ...(version === 3 ? { successors: { first: 'other' } } : {}),
        steps: ({ send, wait }) => [send(id, template), wait('a', '1 day'), send('last', thanks)],
      })
    const before = await start({ scenarios: [evening(1, nudge, 'first')] })
    await before.track('c_1', 'page.viewed', page)
    await before.settle()
    const second = await start({ now: '2026-01-05T02:00:00Z', scenarios: [evening(2, nudge, 'first')] })
    await second.settle()
    expect(await ledger(second)).toEqual(['nudge queued'])
    const third = await start({ now: '2026-01-05T03:00:00Z', scenarios: [evening(3, tips, 'other')] })
    await third.settle()
    expect((await ledger(third)).filter((line) => line.includes('queued'))).toEqual([])
    await third.clock.advance('5 days')
    expect(await mailed(third)).toEqual(['2026-01-06 18:00 thanks'])
  })

  test('a version that is published in a pause counts when it goes on', async ({ start }) => {
    const course = (version: number, days: number) =>
      model.scenario('course', {
        version,
        enterOn: 'page.viewed',
        inFlight: 'migrate',
        steps: ({ send, wait }) => [send('nudge', nudge), wait('a', { days }), send('thanks', thanks)],
      })
    const kit = await start({ scenarios: [course(1, 3)] })
    await kit.track('c_1', 'page.viewed', page)
    await kit.clock.advance('1 day')
    await kit.scenarios.pause('course')
    const after = await start({ now: '2026-01-06T01:00:00Z', scenarios: [course(2, 6)] })
    await after.clock.advance('1 day')
    await after.scenarios.resume('course', { missed: 'shift' })
    await after.clock.advance('20 days')
    expect(await mailed(after)).toEqual(['2026-01-05 10:00 nudge', '2026-01-12 10:00 thanks'])
  })

  test('who is enrolled in a pause starts when it is over', async ({ start }) => {
    const kit = await start({ scenarios: [onboarding] })
    await kit.scenarios.pause('onboarding')
    expect(await kit.enrol('c_1', onboarding, { event: { brochure: 'A' } })).toMatchObject({ enrolled: 1 })
    await kit.clock.advance('6 hours')
    expect([subjects(kit), await enrolments(kit)]).toEqual([[], ['active']])
    await kit.scenarios.resume('onboarding')
    await kit.clock.advance('10 days')
    expect(await mailed(kit)).toEqual(['2026-01-05 16:00 hello', '2026-01-08 10:00 nudge'])
  })

  test('the result of a call reaches the enrolment of a contact who was merged meanwhile', async ({ start }) => {
    let isDown = true
    const ask: Handler = () => {
      if (isDown) throw new Error('down')
    }
    const calling = model.scenario('calling', {
      version: 1,
      enterOn: 'page.viewed',
      steps: ({ call, send }) => [call('ask', 'ask'), send('thanks', thanks)],
    })
    const kit = await start({ scenarios: [calling], handlers: { ask } })
    for (const id of ['old', 'new']) await kit.contacts.identify(id, { email: `${id}@example.test` })
    await kit.track('old', 'page.viewed', page)
    await kit.settle()
    await kit.contacts.merge('old', 'new')
    isDown = false
    await kit.clock.advance('10 minutes')
    expect(kit.outbox.map(({ to, subject }) => `${to} ${subject}`)).toEqual(['new@example.test thanks'])
    expect(await enrolments(kit, 'new')).toEqual(['completed'])
  })

  test('who has left a topic goes on through the scenario without its mail, and gets it again after a new grant', async ({
    start,
  }) => {
    const kit = await start({ scenarios: [leaving] })
    await kit.track('c_1', 'brochure.requested', { brochure: 'A' })
    await kit.consent.withdraw('c_1', { topics: ['onboarding'], evidence: { source: 'phone' } })
    await kit.clock.advance('2 hours')
    expect(await ledger(kit)).toEqual(['nudge skipped: consent-withdrawn'])
    await kit.consent.grant('c_1', { basis: 'opt-in', topics: ['onboarding'], evidence: { source: 'form' } })
    await kit.clock.advance('3 days')
    expect(await mailed(kit)).toEqual(['2026-01-06 10:00 thanks'])
  })

  test('one event ends one scenario, is the goal of another and starts a third', async ({ start }) => {
    const goal = model.scenario('goal', {
      version: 1,
      enterOn: 'brochure.requested',
      goal: 'order.placed',
      exitOn: 'order.placed',
      steps: ({ send, wait, event }) => [wait('a', '1 day'), send('hello', hello, { brochure: event.brochure })],
    })
    const third = model.scenario('third', { version: 1, enterOn: 'order.placed', steps: ({ send }) => [send('tips', tips)] })
    const kit = await start({ scenarios: [leaving, goal, third] })
    await kit.track('c_1', 'brochure.requested', { brochure: 'A' })
    await kit.settle()
    await kit.track('c_1', 'order.placed', { total: 1 })
    await kit.clock.advance('3 days')
    expect(await enrolments(kit)).toEqual(['completed', 'exited: event:order.placed', 'exited: goal'])
    expect(subjects(kit)).toEqual(['nudge', 'tips'])
  })

  test('erased in the middle of a wait, a deferral and a call, a contact is out of all of them', async ({ start }) => {
    const calls: string[] = []
    const ask: Handler = ({ contactId }) => {
      calls.push(contactId)
      throw new Error('down')
    }
    const calling = model.scenario('calling', {
      version: 1,
      enterOn: 'page.viewed',
      steps: ({ call, send }) => [call('ask', 'ask'), send('thanks', thanks)],
    })
    const kit = await start({ scenarios: [calling, one, leaving], handlers: { ask }, caps: daily })
    await kit.track('c_1', 'page.viewed', page)
    await kit.settle()
    await kit.track('c_1', 'brochure.requested', { brochure: 'A' })
    await kit.settle()
    await kit.contacts.erase('c_1')
    await kit.clock.advance('20 days')
    expect([calls.length, subjects(kit)]).toEqual([1, ['tips']])
    for (const name of ['calling', 'one', 'leaving']) expect(await kit.scenarios.get(name)).toMatchObject({ active: 0 })
    expect(await kit.scenarios.deadCalls()).toEqual([])
  })
}
