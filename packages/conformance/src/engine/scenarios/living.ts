import { silentLogger } from '@tobiishi/core'
import type { EngineTheme } from '../engine-world.ts'
import { addContacts, enrolments, ledger, mailed, rejection, subjects } from '../observations.ts'
import { everyone, hello, model, nudge, onboarding, thanks, tips } from '../shop.ts'

const course = (version: number, draft: boolean) =>
  model.scenario('course', {
    version,
    draft,
    enterOn: 'page.viewed',
    window: { from: '18:00', to: '20:00' },
    steps: ({ send, wait }) => [
      send('first', version === 1 ? nudge : tips),
      wait('a', '2 days'),
      send('second', thanks, { sendWithin: '2 days' }),
    ],
  })

/** More than a job on them takes in one pass. */
const many = 1_050

/** One mail, due the day after; from version 2 on much later, by another wait. */
const dueTomorrow = (version: 1 | 2, inFlight: 'exit' | 'migrate' = 'exit') =>
  model.scenario('tomorrow', {
    version,
    inFlight,
    ...(version === 2 && inFlight === 'migrate' ? { successors: { soon: 'late' } } : {}),
    steps: ({ send, wait }) =>
      version === 1
        ? [wait('soon', { days: 1, at: '12:00' }), send('first', nudge)]
        : [wait('late', { days: 9 }), send('first', tips)],
  })

const page = { page: '/' }

/** Draft, published, stopped, archived; and scenarios that come as JSON. */
export const livingCases: EngineTheme = ({ test, expect }) => {
  test('a draft takes nobody, until it is published', async ({ start }) => {
    const kit = await start({ scenarios: [course(1, true)] })
    expect(await kit.scenarios.get('course')).toMatchObject({ state: 'draft', draftVersion: 1, active: 0 })
    await kit.track('c_1', 'page.viewed', page)
    await kit.clock.advance('1 day')
    expect(await enrolments(kit)).toEqual([])
    expect((await rejection(kit.enrol('c_1', course(1, true)))).code).toBe('scenario.unknown')
    expect(await kit.scenarios.publish('course')).toEqual({ version: 1 })
    expect(await kit.scenarios.get('course')).toMatchObject({ state: 'active', draftVersion: null, version: 1, origin: 'code' })
    await kit.track('c_1', 'page.viewed', page)
    await kit.clock.advance('4 days')
    expect(await mailed(kit)).toEqual(['2026-01-06 18:00 nudge', '2026-01-08 18:00 thanks'])
  })

  test('a draft may change until it is published, and a published version never', async ({ start }) => {
    await start({ scenarios: [course(1, true)] })
    const changed = model.scenario('course', {
      version: 1,
      draft: true,
      enterOn: 'page.viewed',
      steps: ({ send }) => [send('first', thanks)],
    })
    const kit = await start({ scenarios: [changed] })
    await kit.scenarios.publish('course')
    await kit.track('c_1', 'page.viewed', page)
    await kit.settle()
    expect(subjects(kit)).toEqual(['thanks'])
    expect((await rejection(start({ scenarios: [course(1, false)] }))).code).toBe('scenario.changed')
  })

  test('stopped, nobody enters, and those who are in it finish', async ({ start }) => {
    const kit = await start({ scenarios: [course(1, false)] })
    await kit.track('c_1', 'page.viewed', page)
    await kit.clock.advance('1 hour')
    await kit.scenarios.stop('course', { inFlight: 'finish' })
    await kit.track('c_2', 'page.viewed', page)
    expect((await rejection(kit.enrol('c_3', course(1, false)))).code).toBe('scenario.unknown')
    await kit.clock.advance('5 days')
    expect(await mailed(kit)).toEqual(['2026-01-05 18:00 nudge', '2026-01-07 18:00 thanks'])
    expect(await enrolments(kit, 'c_2')).toEqual([])
  })

  test('stopped with exit, everybody is out now, with all mail that waits', async ({ start }) => {
    const scenario = course(1, false)
    const kit = await start({ scenarios: [scenario] })
    for (const id of ['c_1', 'c_2']) await kit.track(id, 'page.viewed', page)
    await kit.clock.advance('1 hour')
    await kit.scenarios.stop('course', { inFlight: 'exit' })
    // At once, before any worker looks.
    for (const id of ['c_1', 'c_2']) expect(await ledger(kit, id)).toEqual(['nudge skipped: stopped'])
    await kit.clock.advance('5 days')
    for (const id of ['c_1', 'c_2']) {
      expect(await ledger(kit, id)).toEqual(['nudge skipped: stopped'])
      expect(await enrolments(kit, id)).toEqual(['exited: stopped'])
    }
    expect((await rejection(kit.enrol('c_3', scenario))).code).toBe('scenario.state')
    expect(await kit.scenarios.get('course')).toMatchObject({ state: 'stopped', active: 0, exited: 2 })
  })

  test('whoever a stop with exit has not come to yet gets no mail, however many are due', async ({ start }) => {
    const scenario = dueTomorrow(1)
    const kit = await start({ scenarios: [scenario] })
    await addContacts(kit, many)
    await kit.enrol(everyone, scenario)
    await kit.settle()
    const later = await start({ now: '2026-01-06T03:00:00Z', scenarios: [scenario] })
    await later.scenarios.stop('tomorrow', { inFlight: 'exit' })
    const tooEarly = await rejection(later.scenarios.publish('tomorrow'))
    expect([tooEarly.code, tooEarly.message.includes('still leaving')]).toEqual(['scenario.state', true])
    await later.settle()
    expect(subjects(later)).toEqual([])
    expect(await later.scenarios.get('tomorrow')).toMatchObject({ state: 'stopped', active: 0, completed: 0, exited: many })
    // Started again when all are out, it keeps those who come in.
    await later.scenarios.publish('tomorrow')
    await later.contacts.identify('late', { email: 'late@example.test' })
    await later.enrol('late', scenario)
    await later.clock.advance('2 days')
    expect(await ledger(later, 'late')).toEqual(['nudge sent'])
  })

  for (const inFlight of ['exit', 'migrate'] as const)
    test(`whoever a version with inFlight '${inFlight}' has not come to yet gets no mail of the old one`, async ({ start }) => {
      const scenario = dueTomorrow(1)
      const kit = await start({ scenarios: [scenario] })
      await addContacts(kit, many)
      await kit.enrol(everyone, scenario)
      await kit.settle()
      const later = await start({ now: '2026-01-06T03:00:00Z', scenarios: [dueTomorrow(2, inFlight)], templates: [nudge] })
      await later.settle()
      expect(subjects(later)).toEqual([])
      const counts = inFlight === 'exit' ? { active: 0, exited: many } : { active: many, exited: 0 }
      expect(await later.scenarios.get('tomorrow')).toMatchObject({ version: 2, completed: 0, ...counts })
    })

  test('stopped while a version shows the old ones out, it is started again at once, and keeps those who came in with that version', async ({
    start,
  }) => {
    const scenario = dueTomorrow(1)
    const kit = await start({ scenarios: [scenario] })
    await kit.enrol('c_1', scenario)
    await kit.settle()
    const next = dueTomorrow(2)
    const later = await start({ scenarios: [next], templates: [nudge] })
    await later.enrol('c_2', next)
    await later.scenarios.stop('tomorrow', { inFlight: 'finish' })
    await later.scenarios.publish('tomorrow')
    await later.settle()
    expect(await enrolments(later, 'c_1')).toEqual(['exited: replaced'])
    expect(await enrolments(later, 'c_2')).toEqual(['active'])
  })

  test('the job that shows everybody out is done once it is archived', async ({ start }) => {
    const kit = await start({ scenarios: [course(1, false)] })
    await kit.track('c_1', 'page.viewed', page)
    await kit.settle()
    await kit.scenarios.stop('course', { inFlight: 'exit' })
    await kit.settle()
    await kit.scenarios.archive('course')
    const jobs = async () => (await kit.scenarios.get('course'))?.jobs
    const done = { kind: 'exit', state: 'done', done: 1, total: 1 }
    expect(await jobs()).toMatchObject([{ ...done, finishedAt: kit.clock.now() }])
    await kit.clock.advance('5 minutes')
    expect(await jobs()).toMatchObject([done])
    expect(await enrolments(kit)).toEqual(['exited: stopped'])
  })

  test('archived only when nobody is in it, out of sight then, and published it is back', async ({ start }) => {
    const kit = await start({ scenarios: [course(1, false), onboarding] })
    await kit.track('c_1', 'page.viewed', page)
    await kit.settle()
    const names = async (archived: boolean) => (await kit.scenarios.list({ archived })).map(({ name }) => name).toSorted()
    expect((await rejection(kit.scenarios.archive('course'))).code).toBe('scenario.state')
    await kit.scenarios.stop('course', { inFlight: 'finish' })
    expect((await rejection(kit.scenarios.archive('course'))).code).toBe('scenario.state')
    await kit.clock.advance('5 days')
    await kit.scenarios.archive('course')
    expect([await names(false), await names(true)]).toEqual([['onboarding'], ['course', 'onboarding']])
    // A process that still declares it does not wake it.
    const other = await start({ now: '2026-01-12T01:00:00Z', scenarios: [course(1, false)] })
    await other.track('c_2', 'page.viewed', page)
    await other.clock.advance('1 day')
    expect(await enrolments(other, 'c_2')).toEqual([])
    await other.scenarios.publish('course')
    await other.track('c_2', 'page.viewed', page)
    await other.clock.advance('1 day')
    expect(await ledger(other, 'c_2')).toEqual(['nudge sent'])
  })

  test('a scenario comes as JSON and goes as the same JSON; as a draft first, and from another process too', async ({
    start,
    second,
  }) => {
    const kit = await start({ scenarios: [], templates: [hello, nudge, thanks] })
    const json = JSON.parse(JSON.stringify(onboarding.toJSON()))
    expect(await kit.scenarios.save(json)).toEqual({ name: 'onboarding', version: 1 })
    expect(await kit.scenarios.get('onboarding')).toMatchObject({ state: 'draft', origin: 'stored', draftVersion: 1 })
    await kit.scenarios.save({ ...json, exitOn: [] })
    await kit.scenarios.publish('onboarding')
    expect(await kit.scenarios.export('onboarding')).toEqual({ ...json, exitOn: [] })

    const other = await start({ scenarios: [], templates: [hello, nudge, thanks], storage: await second() })
    await other.track('c_1', 'brochure.requested', { brochure: 'A' })
    await other.settle()
    await other.track('c_1', 'order.placed', { total: 1 })
    await other.clock.advance('5 days')
    expect(await mailed(other)).toEqual(['2026-01-05 10:00 hello', '2026-01-08 10:00 nudge'])

    const refusal = await rejection(kit.scenarios.save(json))
    expect([refusal.code, refusal.message.includes('exitOn')]).toEqual(['scenario.changed', true])
    expect(await kit.scenarios.save({ ...json, version: 2 })).toEqual({ name: 'onboarding', version: 2 })
    expect(await kit.scenarios.publish('onboarding')).toEqual({ version: 2 })
  })

  test('a stored scenario is entered by its name, by hand and by goTo', async ({ start }) => {
    const leading = model.scenario('leading', {
      version: 1,
      enterOn: 'page.viewed',
      steps: ({ goTo, event }) => [goTo('on', 'onboarding', { brochure: event.page })],
    })
    const kit = await start({ scenarios: [course(1, false)], templates: [hello, nudge, thanks] })
    const json = JSON.parse(JSON.stringify({ ...onboarding.toJSON(), reentry: { kind: 'after-exit' } }))
    await kit.scenarios.save(json)
    const enrol = (id: string, event?: object) =>
      kit.enrol(id, 'onboarding', event === undefined ? {} : { event: JSON.parse(JSON.stringify(event)) })
    const brochure = { brochure: 'A' }
    const draft = await rejection(enrol('c_1', brochure))
    expect([draft.code, draft.message.includes('publish it')]).toEqual(['scenario.state', true])
    await kit.scenarios.publish('onboarding')
    expect((await rejection(kit.enrol('c_1', 'nowhere'))).code).toBe('scenario.unknown')
    expect((await rejection(enrol('c_1'))).code).toBe('event.invalid_payload')
    expect((await rejection(enrol('c_1', { brochure: 1 }))).code).toBe('event.invalid_payload')
    expect((await rejection(kit.enrol('c_1', 'onboarding', { event: brochure, at: 'nowhere' }))).code).toBe(
      'definition.unknown_reference',
    )
    expect([await enrol('c_1', brochure), await enrol('c_1', brochure)]).toMatchObject([{ enrolled: 1 }, { enrolled: 0 }])
    expect(await kit.enrol('c_1', 'course')).toMatchObject({ enrolled: 1 })
    expect(await kit.enrol(everyone, 'onboarding', { event: { brochure: 'B' } })).toMatchObject({ enrolled: 0 })
    expect((await kit.scenarios.enrolments('c_1')).map(({ scenario }) => scenario).toSorted()).toEqual(['course', 'onboarding'])
    const other = await start({ scenarios: [leading], templates: [hello, nudge, thanks] })
    await other.track('c_2', 'page.viewed', { page: '/c' })
    await other.clock.advance('4 days')
    expect(await mailed(other, 'c_2')).toEqual(['2026-01-05 10:00 hello', '2026-01-08 10:00 nudge'])
    await kit.scenarios.stop('onboarding', { inFlight: 'finish' })
    expect((await rejection(enrol('c_3', brochure))).code).toBe('scenario.state')
  })

  test('taken out of the code it takes nobody; who is in it goes on while its texts are there, and else nobody looks for it', async ({
    start,
  }) => {
    const yearly = model.scenario('yearly', {
      version: 1,
      enterOn: { date: 'birthday', at: '09:00', yearly: true },
      steps: ({ call }) => [call('gift', 'give')],
    })
    const handlers = { give: () => Promise.reject(new Error('sold out')) }
    const full = await start({ scenarios: [course(1, false), yearly], handlers, logger: silentLogger })
    await full.contacts.identify('c_1', { email: 'c_1@example.test', attributes: { birthday: '1990-01-06' } })
    await full.track('c_1', 'page.viewed', page)
    await full.clock.advance('1 day')
    // Its second mail was due the evening before, a try of its call this morning, and the next birthday long since.
    const events: string[] = []
    const note = (event: string) => void events.push(event)
    const logger = { debug: note, info: note, warn: note, error: note }
    for (const now of ['2026-01-08T10:00:00+09:00', '2027-02-01T10:00:00+09:00']) {
      const bare = await start({ now, scenarios: [], templates: [], logger })
      await bare.track('c_2', 'page.viewed', page)
      expect(await bare.settle()).toMatchObject({ nextDueAt: null })
      expect([await enrolments(bare, 'c_1'), await enrolments(bare, 'c_2')]).toEqual([['active', 'active'], []])
    }
    expect(events.filter((event) => event === 'scenario.leftAlone').length).toBe(4)
    const texts = await start({ now: '2026-01-08T12:00:00+09:00', scenarios: [], templates: [nudge, thanks] })
    await texts.track('c_3', 'page.viewed', page)
    await texts.clock.advance('1 day')
    expect(await mailed(texts, 'c_1')).toEqual(['2026-01-05 18:00 nudge', '2026-01-08 18:00 thanks'])
    expect(await enrolments(texts, 'c_3')).toEqual([])
  })

  test('JSON that is none, or names what the app does not have, is refused with its path', async ({ start }) => {
    const kit = await start({ scenarios: [onboarding], templates: [nudge] })
    const code = async (json: unknown) => (await rejection(kit.scenarios.save(json))).code
    const json = JSON.parse(JSON.stringify(winBackJson()))
    const wrong = await rejection(kit.scenarios.save({ ...json, steps: { first: { ...json.steps.first, sendWithin: '1 day' } } }))
    expect([wrong.code, wrong.message.includes('steps.first.sendWithin')]).toEqual(['scenario.invalid', true])
    expect(await code({ ...json, steps: { first: { ...json.steps.first, next: 'nowhere' } } })).toBe('scenario.invalid')
    expect(await code({ ...json, steps: { first: { ...json.steps.first, template: 'none' } } })).toBe('template.unknown')
    expect(await code({ ...json, version: 2 ** 31 })).toBe('scenario.invalid')
    expect(await code({ ...json, exitOn: ['no.event'] })).toBe('scenario.invalid')
    expect(await code(onboarding.toJSON())).toBe('scenario.state')
    expect((await rejection(kit.scenarios.export('nowhere'))).code).toBe('scenario.unknown')
  })
}

const winBackJson = () => model.scenario('from-editor', { version: 1, steps: ({ send }) => [send('first', nudge)] }).toJSON()
