import type { EngineTheme, EngineWorld } from '../engine-world.ts'
import { enrolments, ledger, mailed, subjects } from '../observations.ts'
import { hello, model, nudge, pros, thanks, tips } from '../shop.ts'

/** hello → three days → nudge → three days → tips. */
const course = model.scenario('course', {
  version: 1,
  enterOn: 'brochure.requested',
  exitOn: 'order.placed',
  exitWhen: pros,
  steps: ({ send, wait, event }) => [
    send('hello', hello, { brochure: event.brochure }),
    wait('a', { days: 3 }),
    send('nudge', nudge),
    wait('b', { days: 3 }),
    send('tips', tips),
  ],
})

const evening = model.scenario('evening', {
  version: 1,
  enterOn: 'page.viewed',
  window: { from: '18:00', to: '20:00' },
  steps: ({ send }) => [send('thanks', thanks)],
})

/** Entered on Monday at ten; paused on Wednesday at ten; resumed on Saturday at 16:00, two days and six hours after nudge was due. */
const pausedAndResumed = async ({ start }: EngineWorld, missed: 'continue' | 'skip' | 'shift' | undefined) => {
  const kit = await start({ scenarios: [course] })
  await kit.track('c_1', 'brochure.requested', { brochure: 'A' })
  await kit.clock.advance('2 days')
  await kit.scenarios.pause('course')
  await kit.track('c_2', 'brochure.requested', { brochure: 'B' })
  await kit.clock.advanceTo('2026-01-10T16:00:00+09:00')
  await kit.scenarios.resume('course', missed === undefined ? {} : { missed })
  await kit.clock.advance('20 days')
  return kit
}

/** A scenario that stands still for a while. */
export const pausingCases: EngineTheme = ({ test, expect }) => {
  test('paused, due steps and queued mail are held, and nobody is advanced or thrown out', async ({ start }) => {
    const kit = await start({ scenarios: [course, evening] })
    await kit.track('c_1', 'brochure.requested', { brochure: 'A' })
    await kit.track('c_1', 'page.viewed', { page: '/' })
    await kit.clock.advance('1 hour')
    for (const name of ['course', 'evening']) await kit.scenarios.pause(name)
    await kit.clock.advance('9 days')
    expect(subjects(kit)).toEqual(['hello A'])
    expect(await ledger(kit)).toEqual(['hello sent', 'thanks queued'])
    expect(await enrolments(kit)).toEqual(['active', 'active'])
    expect(await kit.scenarios.get('course')).toMatchObject({ state: 'paused', active: 1 })
  })

  test('resumed, it goes on by default, and lateness decides about what was due meanwhile', async (world) => {
    const kit = await pausedAndResumed(world, undefined)
    expect(await ledger(kit)).toEqual(['hello sent', 'nudge skipped: late', 'tips sent'])
    expect(await mailed(kit)).toEqual(['2026-01-05 10:00 hello', '2026-01-11 10:00 tips'])
    // Who entered during the pause, three days before: the first mail is too late, too.
    expect(await ledger(kit, 'c_2')).toEqual(['hello skipped: late', 'nudge sent', 'tips sent'])
    expect(await mailed(kit, 'c_2')).toEqual(['2026-01-10 16:00 nudge', '2026-01-13 10:00 tips'])
  })

  test('resumed with skip, what was due meanwhile is left out, also what would not be late', async (world) => {
    const kit = await pausedAndResumed(world, 'skip')
    expect(await ledger(kit)).toEqual(['hello sent', 'nudge skipped: paused', 'tips sent'])
    expect(await mailed(kit)).toEqual(['2026-01-05 10:00 hello', '2026-01-11 10:00 tips'])
    expect(await ledger(kit, 'c_2')).toEqual(['hello skipped: paused', 'nudge skipped: paused', 'tips sent'])
  })

  test('resumed with shift, everything moves by the length of the pause', async (world) => {
    const kit = await pausedAndResumed(world, 'shift')
    expect(await mailed(kit)).toEqual(['2026-01-05 10:00 hello', '2026-01-11 16:00 nudge', '2026-01-14 16:00 tips'])
    expect(await mailed(kit, 'c_2')).toEqual(['2026-01-10 16:00 hello', '2026-01-13 16:00 nudge', '2026-01-16 16:00 tips'])
  })

  test('queued mail is held, left out or moved in the same three ways', async ({ start }) => {
    const kit = await start({ scenarios: [evening] })
    const through = async (id: string, missed: 'continue' | 'skip' | 'shift') => {
      await kit.track(id, 'page.viewed', { page: '/' })
      await kit.clock.advance('1 hour')
      await kit.scenarios.pause('evening')
      await kit.clock.advance('8 hours')
      await kit.scenarios.resume('evening', { missed })
      await kit.clock.advance('39 hours')
    }
    for (const [id, missed] of [
      ['goes-on', 'continue'],
      ['left-out', 'skip'],
      ['moved', 'shift'],
    ] as const)
      await through(id, missed)
    // Entered at ten on Monday, Wednesday and Friday, each paused from 11 until 19.
    expect(await mailed(kit, 'goes-on')).toEqual(['2026-01-05 19:00 thanks'])
    expect(await ledger(kit, 'left-out')).toEqual(['thanks skipped: paused'])
    // 18:00 and eight hours is the night: the next evening.
    expect(await mailed(kit, 'moved')).toEqual(['2026-01-10 18:00 thanks'])
  })

  test('what happens during the pause counts when it goes on', async ({ start }) => {
    const kit = await start({ scenarios: [course] })
    for (const id of ['buys', 'upgrades', 'stays']) await kit.track(id, 'brochure.requested', { brochure: 'A' })
    await kit.clock.advance('1 day')
    await kit.scenarios.pause('course')
    await kit.track('buys', 'order.placed', { total: 1 })
    await kit.contacts.identify('upgrades', { attributes: { plan: 'pro' } })
    await kit.clock.advance('1 day')
    await kit.scenarios.resume('course')
    await kit.clock.advance('20 days')
    expect(await enrolments(kit, 'buys')).toEqual(['exited: event:order.placed'])
    expect(await enrolments(kit, 'upgrades')).toEqual(['exited: segment:pros'])
    expect(await mailed(kit, 'stays')).toEqual(['2026-01-05 10:00 hello', '2026-01-08 10:00 nudge', '2026-01-11 10:00 tips'])
  })

  test('stopped in a pause, those who are in it finish', async ({ start }) => {
    const kit = await start({ scenarios: [course] })
    await kit.track('c_1', 'brochure.requested', { brochure: 'A' })
    await kit.clock.advance('1 day')
    await kit.scenarios.pause('course')
    await kit.clock.advance('1 day')
    await kit.scenarios.stop('course', { inFlight: 'finish' })
    await kit.clock.advance('20 days')
    expect(await mailed(kit)).toEqual(['2026-01-05 10:00 hello', '2026-01-08 10:00 nudge', '2026-01-11 10:00 tips'])
  })

  test('a pause that ends at once is none, and several pauses add up', async ({ start }) => {
    const kit = await start({ scenarios: [course] })
    await kit.track('c_1', 'brochure.requested', { brochure: 'A' })
    await kit.scenarios.pause('course')
    await kit.scenarios.resume('course', { missed: 'skip' })
    await kit.clock.advance('1 day')
    for (let pauses = 0; pauses < 2; pauses += 1) {
      await kit.scenarios.pause('course')
      await kit.clock.advance('6 hours')
      await kit.scenarios.resume('course', { missed: 'shift' })
      await kit.clock.advance('6 hours')
    }
    await kit.clock.advance('20 days')
    expect(await mailed(kit)).toEqual(['2026-01-05 10:00 hello', '2026-01-08 22:00 nudge', '2026-01-11 22:00 tips'])
  })
}
