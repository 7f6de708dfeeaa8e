import type { EngineTheme } from '../engine-world.ts'
import { mailed } from '../observations.ts'
import { everyone, model, news, nudge, tips } from '../shop.ts'

const caps = [{ name: 'daily', per: 'day', limit: 1 }] as const

/** At six in the evening, and at once. */
const evening = (priority: number | undefined) =>
  model.scenario('evening', {
    version: 1,
    enterOn: 'page.viewed',
    ...(priority === undefined ? {} : { priority }),
    steps: ({ send, wait }) => [wait('until', { days: 0, at: '18:00' }), send('nudge', nudge)],
  })
const atOnce = model.scenario('at-once', { version: 1, enterOn: 'page.viewed', steps: ({ send }) => [send('tips', tips)] })

/** Several scenarios that want the same contact on the same day, which a cap allows to one of them. */
export const priorityCases: EngineTheme = ({ test, expect }) => {
  test('the higher has the day, also where its mail comes later that day', async ({ start }) => {
    const kit = await start({ scenarios: [evening(1), atOnce], caps })
    await kit.track('c_1', 'page.viewed', { page: '/' })
    await kit.clock.advance('3 days')
    expect(await mailed(kit)).toEqual(['2026-01-05 18:00 nudge', '2026-01-06 00:00 tips'])
  })

  test('among equals, which is the default, the one that was planned first', async ({ start }) => {
    const kit = await start({ scenarios: [evening(undefined), atOnce], caps })
    await kit.track('c_1', 'page.viewed', { page: '/' })
    await kit.clock.advance('3 days')
    expect(await mailed(kit)).toEqual(['2026-01-05 10:00 tips', '2026-01-06 00:00 nudge'])
  })

  test('a broadcast comes after scenarios', async ({ start }) => {
    const kit = await start({ scenarios: [atOnce], caps })
    await kit.contacts.identify('c_1', { email: 'a@example.test' })
    await kit.broadcasts.send({ template: news, to: everyone })
    await kit.track('c_1', 'page.viewed', { page: '/' })
    await kit.clock.advance('1 day')
    expect(await mailed(kit)).toEqual(['2026-01-05 10:00 tips', '2026-01-06 00:00 news'])
  })

  test('a scenario that is paused keeps nobody waiting', async ({ start }) => {
    const kit = await start({ scenarios: [evening(1), atOnce], caps })
    await kit.scenarios.pause('evening')
    await kit.track('c_1', 'page.viewed', { page: '/' })
    await kit.clock.advance('3 days')
    expect(await mailed(kit)).toEqual(['2026-01-05 10:00 tips'])
  })
}
