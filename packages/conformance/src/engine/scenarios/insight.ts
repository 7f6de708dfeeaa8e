import { silentLogger } from '@tobiishi/core'
import type { EngineTheme, Kit } from '../engine-world.ts'
import { wallTime } from '../observations.ts'
import { buyers, hello, model, news, nudge, onboarding, pros, thanks, tips } from '../shop.ts'

/** Waits, a window, a branch on a segment of events, a split, a mail that is asked about, and a date. */
const journey = model.scenario('journey', {
  version: 1,
  enterOn: 'brochure.requested',
  window: { days: 'weekdays', from: '09:00', to: '18:00' },
  steps: ({ send, wait, branch, split, waitFor, event, clicked }) => [
    send('hello', hello, { brochure: event.brochure }),
    wait('rest', '35 hours'),
    branch('bought', buyers, { yes: [send('thanks', thanks)], no: [send('nudge', nudge)] }),
    wait('renewal', { days: -3, at: '10:00' }, { from: { attribute: 'renewsOn' } }),
    split('half', { arms: { a: { weight: 1, steps: [send('a', tips)] }, b: { weight: 1 } }, holdout: 1 }),
    waitFor('click', {
      for: [{ mail: clicked('hello') }, { segment: pros }, { event: 'page.viewed' }],
      timeout: { after: { weeks: 1 }, steps: [send('last', thanks)] },
    }),
  ],
})

const contacts = Array.from({ length: 12 }, (_, nth) => `c_${nth}`)

const onTheWay = async (kit: Kit) => {
  for (const [nth, id] of contacts.entries()) {
    await kit.contacts.identify(id, { email: `${id}@example.test`, attributes: { renewsOn: `2026-01-${12 + nth}` } })
    if (nth % 3 === 0) await kit.track(id, 'order.placed', { total: 5_000 }, { startScenarios: false })
    await kit.track(id, 'brochure.requested', { brochure: 'A' })
  }
  await kit.clock.advance('35 hours')
}

/** `2026-01-06 nudge 4`, in order. */
const counted = (mails: readonly { readonly date: string; readonly step: string }[]): readonly string[] => {
  const counts = new Map<string, number>()
  for (const { date, step } of mails) counts.set(`${date} ${step}`, (counts.get(`${date} ${step}`) ?? 0) + 1)
  return [...counts].map(([mail, count]) => `${mail} ${count}`).toSorted()
}

/** Questions about those who are in a scenario. */
export const insightCases: EngineTheme = ({ test, expect }) => {
  test('a forecast is what then goes out if nobody does anything', async ({ start }) => {
    const kit = await start({ scenarios: [journey] })
    await onTheWay(kit)
    const from = kit.clock.now()
    const { days, uncertain } = await kit.scenarios.forecast('journey', { days: 40 })
    const told = days
      .flatMap(({ date, byStep }) => Object.entries(byStep).map(([step, count]) => `${date} ${step} ${count}`))
      .toSorted()

    await kit.clock.advance('40 days')
    const sent: { readonly date: string; readonly step: string }[] = []
    for (const id of contacts)
      for (const { state, stepId, finishedAt } of await kit.messages.ofContact(id))
        if (state === 'sent' && finishedAt !== null && finishedAt >= from)
          sent.push({ date: wallTime(finishedAt).slice(0, 10), step: stepId ?? '' })
    expect(told).toEqual(counted(sent))
    // At 21:00 of the second day the next mails wait in the queue for nine o'clock.
    expect(told.filter((mail) => mail.startsWith('2026-01-07'))).toEqual(['2026-01-07 nudge 8', '2026-01-07 thanks 4'])
    expect(uncertain).toBe(12)
  })

  test('an explanation tells what happened, what is waited for, and why not', async ({ start }) => {
    const kit = await start({ scenarios: [journey, onboarding] })
    await onTheWay(kit)
    await kit.contacts.identify('stranger', { email: 'stranger@example.test' })
    const explain = async (id: string, target: Parameters<Kit['explain']>[1]) => {
      const { findings, nextAt } = await kit.explain(id, target)
      const told = findings.map(({ kind, step, reason }) => [kind, step, reason].filter((part) => part !== null).join(' '))
      return { told, next: nextAt === null ? null : wallTime(nextAt) }
    }
    expect(await explain('c_1', journey)).toEqual({
      told: ['entered', 'sent hello', 'queued nudge window', 'waiting renewal'],
      next: '2026-01-07 09:00',
    })
    expect(await explain('stranger', journey)).toEqual({ told: ['not-entered', 'not-entered no-event'], next: null })
    expect((await explain('c_0', buyers)).told).toEqual(['member', 'true'])
    expect((await explain('c_1', buyers)).told).toEqual(['not-member', 'false'])
    await kit.track('c_1', 'order.placed', { total: 1 })
    await kit.settle()
    expect((await explain('c_1', onboarding)).told).toEqual(['entered', 'sent hello', 'ended event:order.placed'])
    await kit.broadcasts.send({ id: 'b', template: nudge, to: buyers })
    await kit.settle()
    expect((await explain('c_0', { broadcast: 'b' })).told).toEqual(['sent'])
    expect((await explain('c_2', { broadcast: 'b' })).told).toEqual(['not-entered not-in-audience'])
  })

  test('an explanation names what keeps a mail back, the cap that left one out, and how far a call has come', async ({
    start,
  }) => {
    const course = model.scenario('course', {
      version: 1,
      enterOn: 'brochure.requested',
      steps: ({ send, call, wait }) => [
        send('first', tips),
        call('tell', 'tell', {}, { wait: false, attempts: 3 }),
        wait('rest', '30 minutes'),
        send('second', thanks),
        wait('more', '5 minutes'),
        send('third', nudge),
      ],
    })
    let mails = 0
    const kit = await start({
      scenarios: [course],
      logger: silentLogger,
      handlers: {
        tell: () => {
          throw new Error('not now')
        },
      },
      answer: () => {
        mails += 1
        return mails === 1 ? undefined : { kind: 'transient', answer: { code: '421' } }
      },
    })
    await kit.track('c_1', 'brochure.requested', { brochure: 'A' })
    await kit.clock.advance('40 minutes')
    const { findings, nextAt } = await kit.explain('c_1', course)
    const queued = findings.filter((each) => each.kind === 'queued')
    expect(queued.map(({ step, holds }) => [step, holds.map(({ reason }) => reason)])).toEqual([
      ['second', ['retry']],
      ['third', ['earlier-mail']],
    ])
    expect(queued[0]?.holds).toMatchObject([{ code: '421', attempts: null, until: queued[0]?.at }])
    expect(nextAt).toBe(queued[0]?.at)
    const dead = findings.filter((each) => each.kind === 'call')
    expect(dead).toMatchObject([{ step: 'tell', reason: 'dead', call: { handler: 'tell', tries: 3, attempts: 3, nextAt: null } }])
  })

  test('an explanation names the cap that left a mail out or puts it off, and for whose mail its place is kept', async ({
    start,
  }) => {
    const single = (name: string, template: typeof tips, priority = 0) =>
      model.scenario(name, {
        ...{ version: 1, enterOn: 'brochure.requested', priority },
        steps: ({ wait, send }) => [
          ...(priority > 0 ? [wait('late', '5 hours')] : []),
          send(name, template),
          ...(template === news ? [send('again', news)] : []),
        ],
      })
    const [low, high, other] = [single('low', tips), single('high', thanks, 5), single('other', news)]
    const kit = await start({
      scenarios: [low, high, other],
      caps: [
        { name: 'guide a day', per: 'day', limit: 1, topic: 'onboarding' },
        { name: 'news a month', per: 'month', limit: 1, topic: 'news', policy: 'skip' },
      ],
    })
    await kit.track('c_1', 'brochure.requested', { brochure: 'A' })
    await kit.settle()
    const detail = async (scenario: typeof low) => {
      const { findings } = await kit.explain('c_1', scenario)
      return findings.flatMap((each) =>
        each.kind === 'queued' ? each.holds : each.kind === 'skipped' && each.cap !== null ? [each.cap] : [],
      )
    }
    const until = Date.parse('2026-01-06T00:00:00+09:00')
    expect(await detail(low)).toEqual([{ reason: 'cap', cap: 'guide a day', isFull: false, keptFor: 'high', until }])
    expect(await detail(other)).toEqual([{ reason: 'cap', cap: 'news a month', isFull: true, keptFor: null, until: null }])
    await kit.clock.advance('6 hours')
    expect(await detail(low)).toEqual([{ reason: 'cap', cap: 'guide a day', isFull: false, keptFor: 'high', until }])
    await kit.clock.advance('1 day')
    expect(await detail(low)).toEqual([])
  })

  test('who left a segment again, came too late or is shown out is told so', async ({ start }) => {
    const back = model.scenario('back', {
      version: 1,
      enterOn: { segment: pros, on: 'exit' },
      reentry: { cooldown: '30 days' },
      steps: ({ send }) => [send('tips', tips)],
    })
    const kit = await start({ scenarios: [back, onboarding] })
    const last = async (id: string, scenario: typeof back | typeof onboarding) => {
      const { findings, nextAt } = await kit.explain(id, scenario)
      const { kind, reason, at } = findings.at(-1) ?? { kind: null, reason: null, at: null }
      return { kind, reason, at: at === null ? null : wallTime(at), nextAt }
    }
    const nothing = { nextAt: null, at: null } as const
    for (const plan of ['pro', 'free', 'pro', 'free'] as const) {
      await kit.contacts.identify('c_1', { email: 'c_1@example.test', attributes: { plan } })
      await kit.clock.advance('1 hour')
    }
    expect(await last('c_1', back)).toEqual({ ...nothing, kind: 'not-entered', reason: 'reentry', at: '2026-01-05 13:00' })

    await kit.track('c_2', 'brochure.requested', { brochure: 'A' })
    await kit.clock.jumpTo(kit.clock.now() + 3 * 86_400_000)
    await kit.settle()
    expect(await last('c_2', onboarding)).toMatchObject({ nextAt: null, kind: 'not-entered', reason: 'event-too-old' })

    await kit.track('c_3', 'brochure.requested', { brochure: 'A' })
    await kit.settle()
    await kit.scenarios.stop('onboarding', { inFlight: 'exit' })
    const { findings, nextAt } = await kit.explain('c_3', onboarding)
    expect(nextAt).toBe(null)
    expect(findings.filter(({ kind }) => kind === 'waiting').map(({ reason, at }) => [reason, at])).toEqual([['stopped', null]])
  })

  test('a diagram counts who stands where and what was sent', async ({ start }) => {
    const kit = await start()
    for (const id of ['c_1', 'c_2', 'c_3']) await kit.track(id, 'brochure.requested', { brochure: 'A' })
    await kit.clock.advance('1 day')
    await kit.track('c_3', 'order.placed', { total: 1 })
    await kit.settle()
    const drawn = await kit.scenarios.diagram('onboarding', { counts: true })
    expect(drawn.includes('hello<br/>3 sent')).toBe(true)
    expect(drawn.includes('3 days, at 10:00<br/>2 here')).toBe(true)
    expect(drawn.includes('0 completed · 1 exited · 0 failed')).toBe(true)
    expect(await kit.scenarios.diagram('onboarding')).toBe(onboarding.diagram())
  })
}
