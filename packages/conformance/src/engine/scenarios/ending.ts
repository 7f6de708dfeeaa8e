import type { Step, WaitInput } from '@tobiishi/core'
import type { EngineTheme, Kit } from '../engine-world.ts'
import { enrolments, ledger, subjects } from '../observations.ts'
import { model, nudge, pros, thanks } from '../shop.ts'

const dormant = model.segment('dormant', ({ did, not }) => not(did('page.viewed', { within: '3 days' })))

interface Tools {
  send(id: string, template: typeof nudge): Step
  wait(id: string, wait: WaitInput): Step
}

/** In the evening, then five days later. */
const course = {
  version: 1,
  enterOn: 'brochure.requested',
  window: { from: '18:00', to: '20:00' },
  steps: ({ send, wait }: Tools) => [send('nudge', nudge), wait('a', '5 days'), send('thanks', thanks)],
} as const

const enter = async (kit: Kit, ...ids: string[]) => {
  for (const id of ids) await kit.track(id, 'brochure.requested', { brochure: 'A' })
  await kit.settle()
}

/** What ends a run before its last step: the enrolment is out at once, and what waits in the queue is not sent. */
export const endingCases: EngineTheme = ({ test, expect }) => {
  test('exitOn: one of several events, with the mail that is queued', async ({ start }) => {
    const kit = await start({ scenarios: [model.scenario('exit-on', { ...course, exitOn: ['order.placed', 'page.viewed'] })] })
    await enter(kit, 'orders', 'views', 'stays')
    expect(await ledger(kit, 'orders')).toEqual(['nudge queued'])
    await kit.track('orders', 'order.placed', { total: 1 })
    await kit.track('views', 'page.viewed', { page: '/' })
    await kit.clock.advance('10 days')
    expect(await enrolments(kit, 'orders')).toEqual(['exited: event:order.placed'])
    expect(await enrolments(kit, 'views')).toEqual(['exited: event:page.viewed'])
    for (const id of ['orders', 'views']) expect(await ledger(kit, id)).toEqual(['nudge skipped: exited'])
    expect(await ledger(kit, 'stays')).toEqual(['nudge sent', 'thanks sent'])
  })

  test('exitWhen: as soon as the contact is in the segment, also at the entry', async ({ start }) => {
    const kit = await start({ scenarios: [model.scenario('exit-when', { ...course, exitWhen: pros })] })
    await kit.contacts.identify('already', { email: 'a@example.test', attributes: { plan: 'pro' } })
    await enter(kit, 'already', 'upgrades', 'stays')
    await kit.contacts.identify('upgrades', { attributes: { plan: 'pro' } })
    await kit.settle()
    expect(await enrolments(kit, 'already')).toEqual(['exited: segment:pros'])
    expect(await enrolments(kit, 'upgrades')).toEqual(['exited: segment:pros'])
    await kit.clock.advance('10 days')
    expect(await ledger(kit, 'already')).toEqual([])
    expect(await ledger(kit, 'upgrades')).toEqual(['nudge skipped: exited'])
    expect(await ledger(kit, 'stays')).toEqual(['nudge sent', 'thanks sent'])
  })

  test('exitWhen by time alone: at the instant at which the contact falls into the segment', async ({ start }) => {
    const kit = await start({ scenarios: [model.scenario('exit-when', { ...course, exitWhen: dormant })] })
    await kit.track('c_1', 'page.viewed', { page: '/' })
    await enter(kit, 'c_1')
    await kit.clock.advance('10 days')
    const [enrolment] = await kit.scenarios.enrolments('c_1')
    expect(enrolment).toMatchObject({ endReason: 'segment:dormant', endedAt: Date.parse('2026-01-08T01:00:00Z') })
    expect(await ledger(kit)).toEqual(['nudge sent'])
  })

  test('goal: an event with a payload that fits, or a segment', async ({ start }) => {
    const byEvent = model.scenario('by-event', {
      ...course,
      goal: { event: 'order.placed', where: (order) => order('total', '>=', 1_000) },
    })
    const bySegment = model.scenario('by-segment', { ...course, goal: { segment: pros } })
    const kit = await start({ scenarios: [byEvent, bySegment] })
    await enter(kit, 'big', 'small', 'pro')
    await kit.track('big', 'order.placed', { total: 1_000 })
    await kit.track('small', 'order.placed', { total: 999 })
    await kit.contacts.identify('pro', { attributes: { plan: 'pro' } })
    await kit.settle()
    expect(await enrolments(kit, 'big')).toEqual(['active', 'exited: goal'])
    expect(await enrolments(kit, 'small')).toEqual(['active', 'active'])
    expect(await enrolments(kit, 'pro')).toEqual(['active', 'exited: goal'])
    await kit.clock.advance('1 day')
    expect((await ledger(kit, 'big')).toSorted()).toEqual(['nudge sent', 'nudge skipped: exited'])
  })

  test('what has ended stays ended: later events, entries and times change nothing', async ({ start }) => {
    const scenario = model.scenario('exit-on', { ...course, exitOn: 'order.placed' })
    const kit = await start({ scenarios: [scenario] })
    await enter(kit, 'completed', 'exited')
    await kit.track('exited', 'order.placed', { total: 1 })
    await kit.clock.advance('10 days')
    const before = [await kit.scenarios.enrolments('completed'), await kit.scenarios.enrolments('exited')]
    for (const id of ['completed', 'exited']) {
      await kit.track(id, 'order.placed', { total: 2 })
      await kit.contacts.identify(id, { timeZone: 'Europe/Berlin', attributes: { plan: 'pro' } })
      await kit.enrol(id, scenario)
    }
    await kit.clock.advance('10 days')
    expect([await kit.scenarios.enrolments('completed'), await kit.scenarios.enrolments('exited')]).toEqual(before)
    expect(subjects(kit)).toEqual(['nudge', 'thanks'])
  })
}
