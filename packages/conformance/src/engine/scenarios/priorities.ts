import type { EngineTheme } from '../engine-world.ts'
import { mailed } from '../observations.ts'
import { everyone, model, news, nudge, pros, receipt, thanks, tips } from '../shop.ts'

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

  test('the higher counts where steps lie between its wait and its mail, whichever way it may go', async ({ start }) => {
    const later = model.scenario('later', {
      version: 1,
      enterOn: 'page.viewed',
      priority: 1,
      steps: ({ wait, update, branch, split, send, end }) => [
        wait('until', { days: 0, at: '18:00' }),
        update('visited', { set: { visits: 1 } }),
        branch('pro', pros, { yes: [end('enough')] }),
        split('variant', {
          arms: { a: { weight: 1, steps: [send('nudge', nudge)] }, b: { weight: 1, steps: [send('thanks', thanks)] } },
        }),
      ],
    })
    const kit = await start({ scenarios: [later, atOnce], caps })
    await kit.track('c_1', 'page.viewed', { page: '/' })
    await kit.clock.advance('3 days')
    const [first, second] = await mailed(kit)
    expect([first?.slice(0, 16), second]).toEqual(['2026-01-05 18:00', '2026-01-06 00:00 tips'])
  })

  test('the higher counts by the way that it goes when nothing happens that it waits for', async ({ start }) => {
    const asking = model.scenario('asking', {
      version: 1,
      enterOn: 'page.viewed',
      priority: 1,
      steps: ({ waitFor, send }) => [
        waitFor('order', {
          for: [{ event: 'order.placed', steps: [send('thanks', thanks)] }],
          timeout: { after: '8 hours', steps: [send('nudge', nudge)] },
        }),
      ],
    })
    const kit = await start({ scenarios: [asking, atOnce], caps })
    await kit.track('c_1', 'page.viewed', { page: '/' })
    await kit.clock.advance('3 days')
    expect(await mailed(kit)).toEqual(['2026-01-05 18:00 nudge', '2026-01-06 00:00 tips'])
  })

  test('mail after the next wait, and transactional mail, keep nobody waiting', async ({ start }) => {
    const far = model.scenario('far', {
      version: 1,
      enterOn: 'page.viewed',
      priority: 1,
      steps: ({ wait, update, send }) => [
        wait('until', { days: 0, at: '18:00' }),
        update('visited', { set: { visits: 1 } }),
        send('receipt', receipt),
        wait('on', '1 hour'),
        send('nudge', nudge),
      ],
    })
    const kit = await start({ scenarios: [far, atOnce], caps })
    await kit.track('c_1', 'page.viewed', { page: '/' })
    await kit.clock.advance('3 days')
    expect(await mailed(kit)).toEqual(['2026-01-05 10:00 tips', '2026-01-05 18:00 receipt', '2026-01-06 00:00 nudge'])
  })
}
