import type { EngineTheme } from '../engine-world.ts'
import { enrolments, ledger, mailed, rejection } from '../observations.ts'
import { model, onboarding, pros, winBack } from '../shop.ts'

/** Contacts who come from another system, where they were in the middle. */
export const movingInCases: EngineTheme = ({ test, expect }) => {
  test('an enrolment starts at the given step, as if it had come there at the given time', async ({ start }) => {
    const kit = await start()
    const event = { brochure: 'A' }
    // On the wait of three days until ten, since the day before yesterday.
    await kit.enrol('c_1', onboarding, { event, at: 'settle', enteredAt: '2026-01-03T15:00:00+09:00' })
    await kit.enrol('c_2', onboarding, { event, at: 'nudge' })
    await kit.enrol('c_3', onboarding, { event, enteredAt: '2026-01-05T08:00:00+09:00' })
    await kit.clock.advance('10 days')
    expect(await mailed(kit)).toEqual(['2026-01-06 10:00 nudge'])
    expect(await mailed(kit, 'c_2')).toEqual(['2026-01-05 10:00 nudge'])
    expect(await mailed(kit, 'c_3')).toEqual(['2026-01-05 10:00 hello', '2026-01-08 10:00 nudge'])
    for (const id of ['c_1', 'c_2', 'c_3']) expect(await enrolments(kit, id)).toEqual(['completed'])
  })

  test('a whole segment moves in the same way, and what was due there long ago is not sent', async ({ start }) => {
    const kit = await start({ scenarios: [winBack] })
    for (const id of ['a', 'b']) await kit.contacts.identify(id, { email: `${id}@example.test`, attributes: { plan: 'pro' } })
    expect(await kit.enrol(pros, winBack, { at: 'second', enteredAt: '2025-12-20T10:00:00+09:00' })).toMatchObject({
      enrolled: 2,
    })
    await kit.clock.advance('10 days')
    for (const id of ['a', 'b']) expect(await ledger(kit, id)).toEqual(['thanks skipped: late'])
  })

  test('an unknown step and an entry in the future are refused', async ({ start }) => {
    const kit = await start({ scenarios: [winBack] })
    const unknown = await rejection(kit.enrol('c_1', winBack, { at: 'nowhere' }))
    expect(unknown.code).toBe('definition.unknown_reference')
    expect(unknown.message.includes('a-week')).toBe(true)
    const future = { enteredAt: '2026-01-05T11:00:00+09:00' }
    expect((await rejection(kit.enrol('c_1', winBack, future))).code).toBe('event.in_future')
    const stranger = model.scenario('stranger', { version: 1, steps: ({ end }) => [end('over')] })
    expect((await rejection(kit.enrol('c_1', stranger))).code).toBe('scenario.unknown')
  })
}
