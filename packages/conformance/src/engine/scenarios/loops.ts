import { silentLogger } from '@tobiishi/core'
import type { EngineTheme } from '../engine-world.ts'
import { enrolments, ledger, rejection, subjects } from '../observations.ts'
import { model, nudge, plain, tips, winBack } from '../shop.ts'

const recorder = () => {
  const events: string[] = []
  const write = (event: string) => void events.push(event)
  return { events, logger: { debug: () => {}, info: () => {}, warn: write, error: write } }
}

/** Ends of loops: no enrolment and no chain of scenarios runs for ever. */
export const loopCases: EngineTheme = ({ test, expect }) => {
  test('a hundred steps without a wait are a loop: the enrolment fails, nothing of it goes out, and the others go on', async ({
    start,
  }) => {
    const endless = model.scenario('endless', {
      version: 1,
      enterOn: 'page.viewed',
      steps: ({ send }) => Array.from({ length: 101 }, (_, index) => send(`s-${index}`, tips)),
    })
    const kit = await start({ scenarios: [winBack, endless], logger: silentLogger })
    await kit.track('c_1', 'page.viewed', { page: '/' })
    await kit.enrol('c_1', winBack)
    await kit.clock.advance('10 days')
    expect(await enrolments(kit)).toEqual(['completed', 'failed: step-limit'])
    expect(subjects(kit)).toEqual(['nudge', 'thanks'])
    expect(await kit.scenarios.get('endless')).toMatchObject({ active: 0, failed: 1 })
  })

  test('a loop that never waits is not saved, and what is wrong is said with its steps', async ({ start }) => {
    const kit = await start({ templates: [tips] })
    const { steps, ...rest } = model
      .scenario('endless', { version: 1, enterOn: 'page.viewed', steps: ({ send }) => [send('again', tips), send('more', tips)] })
      .toJSON()
    const refusal = await rejection(kit.scenarios.save({ ...rest, steps: { ...steps, more: { ...steps.more, next: 'again' } } }))
    expect([refusal.code, refusal.message.includes('again → more → again')]).toEqual(['scenario.invalid', true])
  })

  test('a loop that sends mail and waits for the app only is not saved: an app that answers at once would send without end', async ({
    start,
  }) => {
    const kit = await start({ templates: [tips], handlers: { answer: () => {} } })
    const { steps, ...rest } = model
      .scenario('asking', { version: 1, steps: ({ send, call }) => [send('again', tips), call('ask', 'answer')] })
      .toJSON()
    const refusal = await rejection(kit.scenarios.save({ ...rest, steps: { ...steps, ask: { ...steps.ask, next: 'again' } } }))
    expect([refusal.code, refusal.message.includes('steps.ask: may be over at once')]).toEqual(['scenario.invalid', true])
  })

  test('a wait in a loop is waited for though a cap that goes on at once is full', async ({ start }) => {
    const kit = await start({ templates: [tips], caps: [{ name: 'a day', per: 'day', limit: 1, policy: 'advance' }] })
    const { steps, ...rest } = model
      .scenario('hourly', {
        version: 1,
        enterOn: 'page.viewed',
        minGap: '0 hours',
        steps: ({ send, wait }) => [send('tips', tips), wait('hour', '1 hour')],
      })
      .toJSON()
    await kit.scenarios.save({ ...rest, steps: { ...steps, hour: { ...steps.hour, next: 'tips' } } })
    await kit.scenarios.publish('hourly')
    await kit.track('c_1', 'page.viewed', { page: '/' })
    await kit.clock.advance('5 hours')
    expect([await enrolments(kit), subjects(kit), (await ledger(kit)).length]).toEqual([['active'], ['tips'], 6])
  })

  test('ninety-nine steps at once are none, and a loop that waits may go round for months', async ({ start }) => {
    const mails = Array.from({ length: 99 }, (_, index) => plain(`mail-${index}`))
    const long = model.scenario('long', {
      version: 1,
      enterOn: 'page.viewed',
      minGap: '0 hours',
      steps: ({ send }) => mails.map((mail, index) => send(`s-${index}`, mail)),
    })
    const weekly = model.scenario('weekly', {
      version: 1,
      enterOn: 'brochure.requested',
      exitOn: 'order.placed',
      steps: ({ send, wait }) => [send('nudge', nudge), wait('week', '7 days')],
    })
    const kit = await start({ scenarios: [long], templates: [nudge, ...mails] })
    const { steps, ...rest } = weekly.toJSON()
    await kit.scenarios.save({ ...rest, steps: { ...steps, week: { ...steps.week, next: 'nudge' } } })
    await kit.scenarios.publish('weekly')
    await kit.track('c_1', 'page.viewed', { page: '/' })
    await kit.settle()
    expect(kit.outbox.length).toBe(99)
    await kit.track('c_2', 'brochure.requested', { brochure: 'A' })
    await kit.clock.advance('120 days')
    expect([await enrolments(kit, 'c_2'), (await ledger(kit, 'c_2')).length]).toEqual([['active'], 18])
    await kit.track('c_2', 'order.placed', { total: 1 })
    await kit.settle()
    expect(await enrolments(kit, 'c_2')).toEqual(['exited: event:order.placed'])
  })

  test('scenarios that lead to each other do so twenty times, and then no more', async ({ start }) => {
    const { events, logger } = recorder()
    const turn = (name: string, next: string) =>
      model.scenario(name, {
        version: 1,
        ...(name === 'ping' ? { enterOn: 'page.viewed' as const } : {}),
        reentry: 'every-event',
        steps: ({ goTo }) => [goTo('on', next)],
      })
    const kit = await start({ scenarios: [turn('ping', 'pong'), turn('pong', 'ping')], logger })
    await kit.track('c_1', 'page.viewed', { page: '/' })
    await kit.clock.advance('1 hour')
    expect((await kit.scenarios.enrolments('c_1')).length).toBe(21)
    expect(events).toEqual(['scenario.chainTooDeep'])
  })

  test('the same holds where an updated attribute starts the next one', async ({ start }) => {
    const { events, logger } = recorder()
    const few = model.segment('few', ({ attribute }) => attribute('plan', '=', 'free'))
    const many = model.segment('many', ({ attribute }) => attribute('plan', '=', 'pro'))
    const turn = (name: string, segment: typeof few, plan: 'free' | 'pro') =>
      model.scenario(name, {
        version: 1,
        enterOn: { segment },
        reentry: 'every-event',
        steps: ({ update }) => [update('turn', { set: { plan } })],
      })
    const kit = await start({ scenarios: [turn('to-pro', few, 'pro'), turn('to-free', many, 'free')], logger })
    await kit.contacts.identify('c_1', { email: 'a@example.test' })
    await kit.settle()
    await kit.contacts.identify('c_1', { attributes: { plan: 'free' } })
    await kit.clock.advance('1 day')
    expect((await kit.scenarios.enrolments('c_1')).length).toBe(21)
    expect([...new Set(events)]).toEqual(['scenario.chainTooDeep'])
  })

  test('scenarios that wait may lead to each other, or to themselves, for years', async ({ start }) => {
    const { events, logger } = recorder()
    const monthly = model.scenario('monthly', {
      version: 1,
      enterOn: 'page.viewed',
      reentry: 'after-exit',
      exitOn: 'order.placed',
      steps: ({ send, wait, goTo }) => [send('nudge', nudge), wait('month', '1 month'), goTo('again', 'monthly')],
    })
    const turn = (name: string, next: string) =>
      model.scenario(name, {
        version: 1,
        ...(name === 'ping' ? { enterOn: 'brochure.requested' as const } : {}),
        reentry: 'every-event',
        steps: ({ wait, goTo }) => [wait('a', '30 days'), goTo('on', next)],
      })
    const kit = await start({ scenarios: [monthly, turn('ping', 'pong'), turn('pong', 'ping')], logger })
    await kit.track('c_1', 'page.viewed', { page: '/' })
    await kit.track('c_2', 'brochure.requested', { brochure: 'A' })
    await kit.clock.advance('900 days')
    expect([(await ledger(kit, 'c_1')).length, (await kit.scenarios.enrolments('c_2')).length]).toEqual([30, 31])
    await kit.track('c_1', 'order.placed', { total: 1 })
    await kit.clock.advance('60 days')
    expect([(await ledger(kit, 'c_1')).length, events]).toEqual([30, []])
  })
}
