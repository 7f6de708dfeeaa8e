import type { EngineTheme } from './engine-world.ts'
import { subjects } from './observations.ts'
import { buyers, model, nudge, pros, thanks, tips } from './shop.ts'

const branching = model.scenario('branching', {
  version: 1,
  enterOn: 'brochure.requested',
  steps: ({ send, wait, branch }) => [
    wait('a', '1 day'),
    branch('is-pro', pros, {
      yes: [branch('has-bought', buyers, { yes: [send('thanks', thanks)], no: [] })],
      no: [send('nudge', nudge)],
    }),
    send('tips', tips),
  ],
})

/** Branches ask when the contact comes there, and both arms go on with what follows. */
export const branchingCases: EngineTheme = ({ test, expect }) => {
  test('each contact takes the arm of its attributes and events', async ({ start }) => {
    const kit = await start({ scenarios: [branching] })
    const add = (id: string, plan: 'free' | 'pro') =>
      kit.contacts.identify(id, { email: `${id}@example.test`, attributes: { plan } })
    await add('free', 'free')
    await add('pro', 'pro')
    await add('small', 'pro')
    await add('big', 'pro')
    await kit.track('small', 'order.placed', { total: 999 })
    await kit.track('big', 'order.placed', { total: 1_000 })
    for (const id of ['free', 'pro', 'small', 'big']) await kit.track(id, 'brochure.requested', { brochure: 'A' })
    await kit.clock.advance('3 days')
    const of = (id: string) =>
      kit.outbox
        .filter(({ to }) => to === `${id}@example.test`)
        .map(({ subject }) => subject)
        .toSorted()
    expect(of('free')).toEqual(['nudge', 'tips'])
    expect(of('pro')).toEqual(['tips'])
    expect(of('small')).toEqual(['tips'])
    expect(of('big')).toEqual(['thanks', 'tips'])
  })

  test('what changed on the way counts', async ({ start }) => {
    const kit = await start({ scenarios: [branching] })
    await kit.track('c_1', 'brochure.requested', { brochure: 'A' })
    await kit.clock.advance('12 hours')
    await kit.contacts.identify('c_1', { attributes: { plan: 'pro' } })
    await kit.clock.advance('3 days')
    expect(subjects(kit)).toEqual(['tips'])
  })
}
