import type { EngineTheme } from './engine-world.ts'
import { addContacts, rejection, subjects } from './observations.ts'
import { model, nudge, onboarding, pros, winBack } from './shop.ts'

/** Scenarios that are started by hand, for one contact or a whole segment. */
export const enrollingCases: EngineTheme = ({ test, expect }) => {
  test('everyone in a segment is enrolled, page by page; run again, only who is new', async ({ start }) => {
    const kit = await start({ scenarios: [winBack] })
    await addContacts(kit, 1_800)
    const seen: unknown[] = []
    const onProgress = (progress: unknown) => void seen.push(progress)
    expect(await kit.enrol(pros, winBack, { onProgress })).toMatchObject({ enrolled: 600 })
    expect(seen).toEqual([
      { done: 500, total: 600 },
      { done: 600, total: 600 },
    ])
    await kit.contacts.identify('c_1', { attributes: { plan: 'pro' } })
    expect(await kit.enrol(pros, winBack)).toMatchObject({ enrolled: 1 })
    expect(await kit.settle()).toMatchObject({ sent: 601 })
    expect(new Set(kit.outbox.map(({ to }) => to)).size).toBe(601)
  })

  test('one contact is enrolled once, with the payload that the steps read', async ({ start }) => {
    const kit = await start()
    expect(await kit.enrol('c_1', onboarding, { event: { brochure: 'B' } })).toMatchObject({ enrolled: 1 })
    expect(await kit.enrol('c_1', onboarding, { event: { brochure: 'C' } })).toMatchObject({ enrolled: 0 })
    await kit.settle()
    expect(subjects(kit)).toEqual(['hello B'])
  })

  test('a scenario that the app does not have is refused', async ({ start }) => {
    const kit = await start()
    const stranger = model.scenario('stranger', { version: 1, steps: ({ send }) => [send('a', nudge)] })
    expect(await rejection(kit.enrol('c_1', stranger))).toMatchObject({ code: 'scenario.unknown' })
  })
}
