import type { EngineTheme } from '../engine-world.ts'
import { enrolments, mailed, subjects } from '../observations.ts'
import { hello, model, news, nudge, pros, thanks, tips } from '../shop.ts'

/** Steps that change the contact, lead to another scenario, or end. Sends, waits, branches, splits and calls have themes of their own. */
export const stepCases: EngineTheme = ({ test, expect }) => {
  test('update sets, clears, tags and untags; what follows and what watches sees the new values', async ({ start }) => {
    const upgrade = model.scenario('upgrade', {
      version: 1,
      enterOn: 'order.placed',
      steps: ({ update, branch, send, event }) => [
        update('mark', {
          set: { plan: 'pro', visits: event.total, birthday: null },
          add: { tags: ['buyer', 'vip'] },
          remove: { tags: ['lead'] },
        }),
        branch('is-pro', pros, { yes: [send('thanks', thanks)], no: [send('nudge', nudge)] }),
      ],
    })
    const watching = model.scenario('watching', {
      version: 1,
      enterOn: { segment: pros },
      steps: ({ send }) => [send('tips', tips)],
    })
    const leaving = model.scenario('leaving', {
      version: 1,
      enterOn: 'page.viewed',
      exitWhen: pros,
      steps: ({ wait, send }) => [wait('a', '5 days'), send('nudge', nudge)],
    })
    const kit = await start({ scenarios: [upgrade, watching, leaving] })
    const attributes = { plan: 'free', birthday: '1990-01-01', tags: ['lead', 'buyer'] } as const
    await kit.contacts.identify('c_1', { email: 'a@example.test', attributes: { ...attributes, tags: [...attributes.tags] } })
    await kit.track('c_1', 'page.viewed', { page: '/' })
    await kit.settle()
    await kit.track('c_1', 'order.placed', { total: 7 })
    await kit.settle()
    expect((await kit.contacts.get('c_1'))?.attributes).toEqual({ plan: 'pro', visits: 7, tags: ['buyer', 'vip'] })
    expect(await enrolments(kit)).toEqual(['completed', 'completed', 'exited: segment:pros'])
    await kit.clock.advance('9 days')
    expect(subjects(kit).toSorted()).toEqual(['thanks', 'tips'])
  })

  test('a tag that update adds can be asked for by the next step, and starts what waits for it', async ({ start }) => {
    const tagged = (name: string, tag: string) => model.segment(name, ({ attribute }) => attribute('tags', 'has', tag))
    const both = model.segment('both', ({ attribute }) => attribute('tags', 'hasAll', ['course', 'lead']))
    const untagged = model.segment('untagged', ({ attribute }) => attribute('tags', 'isEmpty'))
    const course = model.scenario('course', {
      version: 1,
      enterOn: 'page.viewed',
      reentry: 'every-event',
      steps: ({ update, branch, send }) => [
        branch('new', untagged, { no: [send('again', nudge)] }),
        update('mark', { add: { tags: ['course'] } }),
        branch('was-lead', both, { yes: [send('thanks', thanks)], no: [send('tips', tips)] }),
      ],
    })
    const alumni = model.scenario('alumni', {
      version: 1,
      enterOn: { segment: tagged('alumni', 'course') },
      exitWhen: tagged('left', 'gone'),
      steps: ({ wait, send }) => [wait('a', '2 days'), send('news', news)],
    })
    const kit = await start({ scenarios: [course, alumni] })
    await kit.contacts.identify('lead', { email: 'lead@example.test', attributes: { tags: ['lead'] } })
    await kit.contacts.identify('other', { email: 'other@example.test' })
    for (const id of ['lead', 'other']) await kit.track(id, 'page.viewed', { page: '/' })
    await kit.settle()
    await kit.contacts.identify('lead', { attributes: { tags: ['lead', 'course', 'gone'] } })
    await kit.clock.advance('3 days')
    expect((await mailed(kit, 'lead')).toSorted()).toEqual(['2026-01-05 10:00 nudge', '2026-01-05 10:00 thanks'])
    expect(await mailed(kit, 'other')).toEqual(['2026-01-05 10:00 tips', '2026-01-07 10:00 news'])
    expect(await enrolments(kit, 'lead')).toEqual(['completed', 'exited: segment:left'])
  })

  test('goTo completes the one and enters the other, which reads what it is given, once as its re-entry says', async ({
    start,
  }) => {
    const after = model.scenario('after', {
      version: 1,
      enterOn: 'brochure.requested',
      steps: ({ send, wait, event }) => [wait('a', '1 day'), send('hello', hello, { brochure: event.brochure })],
    })
    const before = model.scenario('before', {
      version: 1,
      enterOn: 'page.viewed',
      reentry: 'every-event',
      steps: ({ send, goTo, event }) => [send('nudge', nudge), goTo('on', after, { brochure: event.page })],
    })
    const kit = await start({ scenarios: [before, after] })
    for (const page of ['/a', '/b']) {
      await kit.track('c_1', 'page.viewed', { page })
      await kit.clock.advance('2 days')
    }
    expect(await enrolments(kit)).toEqual(['completed', 'completed', 'completed'])
    expect(subjects(kit)).toEqual(['nudge', 'hello /a', 'nudge'])
    await kit.scenarios.stop('after', { inFlight: 'finish' })
    await kit.track('c_2', 'page.viewed', { page: '/c' })
    await kit.clock.advance('2 days')
    expect(await enrolments(kit, 'c_2')).toEqual(['completed'])
  })

  test('end ends as completed, in the middle of an arm too', async ({ start }) => {
    const scenario = model.scenario('ends', {
      version: 1,
      enterOn: 'page.viewed',
      steps: ({ branch, send, end, wait }) => [
        branch('is-pro', pros, { yes: [send('thanks', thanks), end('over')] }),
        wait('a', '1 day'),
        send('nudge', nudge),
      ],
    })
    const kit = await start({ scenarios: [scenario] })
    await kit.contacts.identify('pro', { email: 'pro@example.test', attributes: { plan: 'pro' } })
    for (const id of ['pro', 'free']) await kit.track(id, 'page.viewed', { page: '/' })
    await kit.clock.advance('3 days')
    expect([await enrolments(kit, 'pro'), await enrolments(kit, 'free')]).toEqual([['completed'], ['completed']])
    expect(await mailed(kit, 'pro')).toEqual(['2026-01-05 10:00 thanks'])
    expect(await mailed(kit, 'free')).toEqual(['2026-01-06 10:00 nudge'])
  })
}
