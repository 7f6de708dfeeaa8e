import type { EngineTheme } from './engine-world.ts'
import { enrolments, ledger, subjects } from './observations.ts'
import { hello, model, onboarding } from './shop.ts'

const inTheEvening = model.scenario('evening', {
  version: 1,
  enterOn: 'brochure.requested',
  exitOn: 'order.placed',
  window: { from: '18:00', to: '20:00' },
  steps: ({ send, event }) => [send('hello', hello, { brochure: event.brochure })],
})

/** An exit ends the run and takes back what is not sent yet. */
export const leavingCases: EngineTheme = ({ test, expect }) => {
  test('an exit drops mail that is queued, also that of the last step', async ({ start }) => {
    const kit = await start({ scenarios: [inTheEvening] })
    await kit.track('c_1', 'brochure.requested', { brochure: 'A' })
    await kit.clock.advance('1 hour')
    expect(await ledger(kit)).toEqual(['hello queued'])
    await kit.track('c_1', 'order.placed', { total: 1 })
    await kit.clock.advance('3 days')
    expect(await ledger(kit)).toEqual(['hello skipped: exited'])
    expect(await enrolments(kit)).toEqual(['exited: event:order.placed'])
    expect(subjects(kit)).toEqual([])
  })

  test('an exit while waiting ends the run, and only that of the contact', async ({ start }) => {
    const kit = await start({ scenarios: [onboarding] })
    for (const id of ['c_1', 'c_2']) await kit.track(id, 'brochure.requested', { brochure: 'A' })
    await kit.clock.advance('1 day')
    await kit.track('c_1', 'order.placed', { total: 1 })
    await kit.clock.advance('5 days')
    expect(await ledger(kit, 'c_1')).toEqual(['hello sent'])
    expect(await ledger(kit, 'c_2')).toEqual(['hello sent', 'nudge sent'])
    expect(await enrolments(kit, 'c_2')).toEqual(['completed'])
  })

  test('an event from before the entry does not end it', async ({ start }) => {
    const kit = await start()
    const now = kit.clock.now()
    await kit.track('c_1', 'brochure.requested', { brochure: 'A' }, { occurredAt: now - 1_000 })
    await kit.settle()
    await kit.track('c_1', 'order.placed', { total: 1 }, { occurredAt: now - 2_000 })
    await kit.clock.advance('5 days')
    expect(subjects(kit)).toEqual(['hello A', 'nudge'])
  })
}
