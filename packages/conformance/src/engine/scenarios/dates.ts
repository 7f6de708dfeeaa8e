import type { EngineTheme, Kit } from '../engine-world.ts'
import { enrolments, mailed } from '../observations.ts'
import { model, nudge, thanks, tips } from '../shop.ts'

const birthday = (name: string, leapDay: 'feb-28' | 'mar-1' | 'skip' | undefined) =>
  model.scenario(name, {
    version: 1,
    enterOn: { date: 'birthday', at: '09:00', yearly: true, ...(leapDay === undefined ? {} : { leapDay }) },
    steps: ({ send }) => [send('nudge', nudge)],
  })

const born = (kit: Kit, id: string, birthday: string, timeZone: string | null = null) =>
  kit.contacts.identify(id, { email: `${id}@example.test`, timeZone, attributes: { birthday } })

/** Ends of months, birthdays and other dates of contacts. */
export const dateCases: EngineTheme = ({ test, expect }) => {
  test('n months are counted from the anchor and clipped to the end of the month, without a drift', async ({ start }) => {
    const monthly = model.scenario('monthly', {
      version: 1,
      enterOn: 'page.viewed',
      steps: ({ send, wait }) => [
        wait('one', '1 month', { from: 'entry' }),
        send('first', nudge),
        wait('two', '2 months', { from: 'entry' }),
        send('second', tips),
        wait('three', { months: 3 }, { from: 'entry' }),
        send('third', thanks),
      ],
    })
    const kit = await start({ now: '2026-01-31T09:00:00+09:00', scenarios: [monthly] })
    await kit.track('c_1', 'page.viewed', { page: '/' })
    await kit.clock.advance('100 days')
    expect(await mailed(kit)).toEqual(['2026-02-28 09:00 nudge', '2026-03-31 09:00 tips', '2026-04-30 09:00 thanks'])
  })

  for (const [leapDay, days] of [
    [undefined, ['2026-02-28', '2027-02-28', '2028-02-29']],
    ['mar-1', ['2026-03-01', '2027-03-01', '2028-02-29']],
    ['skip', ['2028-02-29']],
  ] as const) {
    test(`29 February is kept in other years as the scenario says: ${leapDay ?? 'by default on the 28th'}`, async ({ start }) => {
      const kit = await start({ now: '2026-02-01T00:00:00Z', scenarios: [birthday('leap', leapDay)] })
      await born(kit, 'c_1', '2000-02-29')
      await kit.clock.advanceTo('2028-04-01T00:00:00Z')
      expect(await mailed(kit)).toEqual(days.map((day) => `${day} 09:00 nudge`))
    })
  }

  test('a date is a date in the contact zone, never an instant: everybody has it at nine, once a year', async ({ start }) => {
    const kit = await start({ now: '2026-01-05T00:00:00Z', scenarios: [birthday('birthday', undefined)] })
    const zones = { kiritimati: 'Pacific/Kiritimati', honolulu: 'Pacific/Honolulu', app: null }
    for (const [id, zone] of Object.entries(zones)) await born(kit, id, '1990-01-10', zone)
    await kit.clock.advance('371 days')
    for (const [id, zone] of Object.entries(zones))
      expect(await mailed(kit, id, zone ?? 'Asia/Tokyo')).toEqual(['2026-01-10 09:00 nudge', '2027-01-10 09:00 nudge'])
  })

  test('n days before or after a date, once a date: a new date is a new occasion, the same one again is none', async ({
    start,
  }) => {
    const on = (name: string, days: number, template: typeof nudge) =>
      model.scenario(name, {
        version: 1,
        enterOn: { date: 'renewsOn', days, at: '10:00' },
        steps: ({ send }) => [send('mail', template)],
      })
    const kit = await start({ scenarios: [on('week-before', -7, nudge), on('day-after', 1, thanks)] })
    const renews = (renewsOn: string) => kit.contacts.identify('c_1', { email: 'a@example.test', attributes: { renewsOn } })
    await renews('2026-02-01')
    await kit.clock.advanceTo('2026-01-26T00:00:00+09:00')
    await renews('2026-02-01')
    await kit.clock.advanceTo('2026-02-03T00:00:00+09:00')
    await renews('2027-02-01')
    await kit.clock.advanceTo('2027-03-01T00:00:00+09:00')
    const first = ['2026-01-25 10:00 nudge', '2026-02-02 10:00 thanks']
    expect(await mailed(kit)).toEqual([...first, '2027-01-25 10:00 nudge', '2027-02-02 10:00 thanks'])
  })

  test('re-entry counts for dates too: a corrected date starts nothing beside what runs, nor before a cooldown is over', async ({
    start,
  }) => {
    const on = (name: string, reentry: 'once' | 'after-exit' | { readonly cooldown: '60 days' }) =>
      model.scenario(name, {
        version: 1,
        enterOn: { date: 'renewsOn', days: -7, at: '10:00' },
        reentry,
        steps: ({ send, wait }) => [send('mail', nudge), wait('rest', '20 days')],
      })
    const scenarios = [on('each', 'once'), on('one-by-one', 'after-exit'), on('rarely', { cooldown: '60 days' })]
    const kit = await start({ scenarios })
    const renews = (renewsOn: string) => kit.contacts.identify('c_1', { email: 'a@example.test', attributes: { renewsOn } })
    await renews('2026-02-01')
    await kit.clock.advanceTo('2026-01-26T00:00:00+09:00')
    await renews('2026-02-10') // Corrected while everybody is in it.
    await kit.clock.advanceTo('2026-02-20T00:00:00+09:00')
    await renews('2026-03-01') // Nobody is in it, and four weeks have passed.
    await kit.clock.advanceTo('2026-03-20T00:00:00+09:00')
    await renews('2026-06-01')
    await kit.clock.advanceTo('2026-06-20T00:00:00+09:00')
    const entered = async (name: string) =>
      (await kit.scenarios.enrolments('c_1')).flatMap((one) => (one.scenario === name ? [one.entryKey] : [])).toSorted()
    expect(await entered('each')).toEqual(['2026-02-01', '2026-02-10', '2026-03-01', '2026-06-01'])
    expect(await entered('one-by-one')).toEqual(['2026-02-01', '2026-03-01', '2026-06-01'])
    expect(await entered('rarely')).toEqual(['2026-02-01', '2026-06-01'])
  })

  test('a date that has passed when it becomes known starts nothing, nor one that no worker saw for too long', async ({
    start,
  }) => {
    const scenarios = [birthday('birthday', undefined)]
    const kit = await start({ now: '2026-01-10T10:00:00+09:00', scenarios })
    await born(kit, 'this-morning', '1990-01-10')
    await born(kit, 'the-15th', '1990-01-15')
    await born(kit, 'the-20th', '1990-01-20')
    await kit.settle()
    // Nobody works until then: the 15th is past by more than a day, the 20th by some hours.
    const later = await start({ now: '2026-01-20T18:00:00+09:00', scenarios })
    await later.settle()
    for (const id of ['this-morning', 'the-15th']) expect(await enrolments(later, id)).toEqual([])
    expect(await mailed(later, 'the-20th')).toEqual(['2026-01-20 18:00 nudge'])
  })
}
