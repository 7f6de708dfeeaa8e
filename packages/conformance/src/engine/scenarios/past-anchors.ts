import type { EngineTheme, Kit } from '../engine-world.ts'
import { enrolments, ledger, mailed } from '../observations.ts'
import { model, nudge, thanks } from '../shop.ts'

type Past = 'skip' | 'exit' | { readonly within: '2 days' }

/** A week before the renewal → nudge, on the day → thanks. */
const renewal = (name: string, past?: Past) =>
  model.scenario(name, {
    version: 1,
    steps: ({ send, wait }) => [
      wait('before', { days: -7, at: '09:00' }, { from: { attribute: 'renewsOn' }, ...(past === undefined ? {} : { past }) }),
      send('reminder', nudge),
      wait('on-the-day', { days: 0, at: '09:00' }, { from: { attribute: 'renewsOn' } }),
      send('thanks', thanks),
    ],
  })

const scenarios = {
  default: renewal('default'),
  skip: renewal('skip', 'skip'),
  within: renewal('within', { within: '2 days' }),
  exit: renewal('exit', 'exit'),
}

/** Whoever renews then is in each of the scenarios as a contact of its own, from Monday 10:00 on. */
const renewing = async (kit: Kit, name: string, renewsOn: string | null) => {
  for (const [policy, scenario] of Object.entries(scenarios)) {
    const id = `${name}-${policy}`
    await kit.contacts.identify(id, { email: `${id}@example.test`, attributes: { renewsOn } })
    await kit.enrol(id, scenario)
  }
}

/** A wait from a date or event that is over before the contact comes to it: never "send now" by accident. */
export const pastAnchorCases: EngineTheme = ({ test, expect }) => {
  test('who comes after the time: left out by default, sent if it is not long ago where that is asked for, or out', async ({
    start,
  }) => {
    const kit = await start({ scenarios: Object.values(scenarios) })
    await renewing(kit, 'in-three-days', '2026-01-08')
    await renewing(kit, 'in-six-days', '2026-01-11')
    await renewing(kit, 'in-eight-days', '2026-01-13')
    await kit.clock.advance('20 days')

    for (const policy of ['default', 'skip']) {
      expect(await ledger(kit, `in-three-days-${policy}`)).toEqual(['nudge skipped: past', 'thanks sent'])
      expect(await mailed(kit, `in-three-days-${policy}`)).toEqual(['2026-01-08 09:00 thanks'])
    }
    // Its reminder was due on the 1st, four days ago; that of the next on the 4th, a day ago.
    expect(await ledger(kit, 'in-three-days-within')).toEqual(['nudge skipped: past', 'thanks sent'])
    expect(await mailed(kit, 'in-six-days-within')).toEqual(['2026-01-05 10:00 nudge', '2026-01-11 09:00 thanks'])
    expect(await ledger(kit, 'in-three-days-exit')).toEqual([])
    expect(await enrolments(kit, 'in-three-days-exit')).toEqual(['exited: past'])

    for (const policy of Object.keys(scenarios))
      expect(await mailed(kit, `in-eight-days-${policy}`)).toEqual(['2026-01-06 09:00 nudge', '2026-01-13 09:00 thanks'])
  })

  test('without the date there is nothing to count from, and the same is done', async ({ start }) => {
    const kit = await start({ scenarios: Object.values(scenarios) })
    await renewing(kit, 'never', null)
    await kit.clock.advance('3 days')
    for (const policy of ['default', 'skip', 'within']) {
      expect((await ledger(kit, `never-${policy}`)).toSorted()).toEqual(['nudge skipped: no-anchor', 'thanks skipped: no-anchor'])
      expect(await enrolments(kit, `never-${policy}`)).toEqual(['completed'])
    }
    expect(await enrolments(kit, 'never-exit')).toEqual(['exited: no-anchor'])
  })

  test('a late worker is no reason: what was ahead when the contact came to it by its own time is sent late', async ({
    start,
  }) => {
    const after = model.scenario('after', {
      version: 1,
      enterOn: 'page.viewed',
      steps: ({ send, wait }) => [
        wait('a-day', '1 day'),
        wait('before', { days: -7, at: '12:00' }, { from: { attribute: 'renewsOn' } }),
        send('reminder', nudge),
      ],
    })
    const kit = await start({ scenarios: [after] })
    const renews = (id: string, renewsOn: string) =>
      kit.contacts.identify(id, { email: `${id}@example.test`, attributes: { renewsOn } })
    await renews('ahead', '2026-01-13')
    await renews('past', '2026-01-12')
    for (const id of ['ahead', 'past']) await kit.track(id, 'page.viewed', { page: '/' })
    await kit.settle()
    // Nobody works on Tuesday at ten, when both come to the wait, nor at noon, when it ends for one of them.
    const later = await start({ scenarios: [after], now: '2026-01-06T20:00:00+09:00' })
    await later.settle()
    expect(await mailed(later, 'ahead')).toEqual(['2026-01-06 20:00 nudge'])
    expect(await ledger(later, 'past')).toEqual(['nudge skipped: past'])
  })
}
