import { describe, expect, it } from 'vitest'
import { type LifeWorld, lifeWorld } from '../../../test/scenarios/life-world.ts'
import { buyers, model, nudge, onboarding, pro, thanks } from '../../../test/shop.ts'
import { japaneseHolidays } from '../../calendars/jp.ts'
import type { DeclaredScenario } from '../../define/declared.ts'
import { silentLogger, TobiishiError } from '../../index.ts'
import { memoryStorage } from '../../memory/index.ts'
import type { ExplainFinding } from './explanation.ts'
import { ruleInWords } from './rule-words.ts'

const at = (text: string) => Date.parse(`${text}:00+09:00`)
const request = (t: Pick<LifeWorld, 'track'>, id = 'c_1') => t.track(id, 'brochure.requested', { brochure: 'A' })

/** Names, times and zones are as they are; all else of a Japanese sentence is Japanese. */
const isJapanese = (text: string): boolean =>
  !/[A-Za-z]{2,}/.test(text.replace(/「[^」]*」|\([A-Za-z_/]+\)|（total[^）]*）|createTobiishi|maxEventAge|ID/g, ''))

/** The findings in English, after a look at the Japanese of the same. */
const explained = async (t: LifeWorld, scenario: DeclaredScenario): Promise<readonly ExplainFinding[]> => {
  const japanese = await t.explain('c_1', scenario, { language: 'ja' })
  for (const { text } of japanese.findings) expect(text).toSatisfy(isJapanese)
  const { findings, nextAt } = await t.explain('c_1', scenario)
  expect(japanese.nextAt).toBe(nextAt)
  return findings
}

const queued = async (t: LifeWorld, scenario: DeclaredScenario) => {
  const found = (await explained(t, scenario)).filter((each) => each.kind === 'queued')
  return found.map(({ step, reason, at: goesAt, holds, text }) => ({ step, reason, at: goesAt, holds, text }))
}

type Time = `${number}:${number}`
interface Options {
  readonly window?: { readonly days?: 'business'; readonly from: Time; readonly to: Time }
  readonly priority?: number
}

const single = (name: string, options: Options = {}) =>
  model.scenario(name, { version: 1, enterOn: 'brochure.requested', ...options, steps: ({ send }) => [send('nudge', nudge)] })

/** Two mails with a wait between them. */
const pair = (gap: '30 minutes' | '5 hours') =>
  model.scenario('pair', {
    version: 1,
    enterOn: 'brochure.requested',
    steps: ({ send, wait }) => [send('nudge', nudge), wait('gap', gap), send('thanks', thanks)],
  })

describe('why a mail in the queue is not out yet', () => {
  it('names the window of its scenario', async () => {
    const evening = single('evening', { window: { from: '18:00', to: '21:00' } })
    const t = await lifeWorld([evening])
    await request(t)
    await t.settle()
    const until = at('2026-01-05T18:00')
    expect(await queued(t, evening)).toEqual([
      {
        ...{ step: 'nudge', reason: 'window', at: until, holds: [{ reason: 'window', from: '18:00', to: '21:00', until }] },
        text: 'Mail "nudge" is queued for 2026-01-05 18:00 (Asia/Tokyo): the scenario sends from 18:00 to 21:00 only, next 2026-01-05 18:00.',
      },
    ])
  })

  it('names a closed day, and a calendar that ends', async () => {
    const office = single('office', { window: { days: 'business', from: '09:00', to: '18:00' } })
    const t = await lifeWorld([office], { now: '2026-01-10T03:00:00Z', isHoliday: japaneseHolidays.isHoliday })
    await request(t)
    await t.settle()
    // Saturday; Monday is a holiday.
    const until = at('2026-01-13T09:00')
    const [mail] = await queued(t, office)
    expect(mail?.holds).toEqual([{ reason: 'closed-day', date: '2026-01-10', days: 'business', until }])
  })

  it('names quiet hours, with those of a window that closes first', async () => {
    const office = single('office', { window: { from: '07:00', to: '18:00' } })
    const t = await lifeWorld([office], { now: '2026-01-05T13:00:00Z', quietHours: { from: '21:00', to: '08:00' } })
    await request(t)
    await t.settle()
    const [mail] = await queued(t, office)
    expect(mail).toMatchObject({ at: at('2026-01-06T08:00'), reason: 'window' })
    expect(mail?.holds).toMatchObject([
      { reason: 'window', until: at('2026-01-06T07:00') },
      { reason: 'quiet-hours', from: '21:00', to: '08:00', until: at('2026-01-06T08:00') },
    ])
  })

  it('names all that keeps it one after the other, up to when it goes', async () => {
    const office = single('office', { window: { days: 'business', from: '09:00', to: '20:00' } })
    const quietHours = { from: '19:00', to: '09:30' } as const
    // Friday 19:55.
    const t = await lifeWorld([office], { now: '2026-12-25T10:55:00Z', quietHours })
    await request(t)
    await t.settle()
    const [mail] = await queued(t, office)
    const goesAt = at('2026-12-28T09:30')
    expect(mail).toMatchObject({
      at: goesAt,
      reason: 'quiet-hours',
      holds: [
        { reason: 'quiet-hours', until: at('2026-12-26T09:30') },
        { reason: 'closed-day', date: '2026-12-26', until: at('2026-12-28T09:00') },
        { reason: 'quiet-hours', until: goesAt },
      ],
    })
    await t.clock.jumpTo('2026-12-28T00:15:00Z')
    expect((await queued(t, office))[0]?.holds).toEqual([{ reason: 'quiet-hours', ...quietHours, until: goesAt }])
    // No worker came in time, and it is closed again.
    await t.clock.jumpTo('2026-12-28T10:10:00Z')
    expect((await queued(t, office))[0]).toMatchObject({ reason: 'quiet-hours' })
  })

  it('names the cap that put it off, and the scenario for which a place is kept', async () => {
    const [low, high] = [single('low'), single('high', { priority: 5, window: { from: '15:00', to: '16:00' } })]
    const t = await lifeWorld([low, high], { caps: [{ name: 'a day', per: 'day', limit: 1 }] })
    await request(t)
    await t.settle()
    const until = at('2026-01-06T00:00')
    const kept = { reason: 'cap', cap: 'a day', isFull: false, keptFor: 'high', until }
    expect(await queued(t, low)).toMatchObject([{ reason: 'cap', at: until, holds: [kept] }])
    await t.clock.jumpTo('2026-01-05T06:30:00Z')
    await t.settle()
    expect(await queued(t, high)).toEqual([])
  })

  it('names a cap that is full before anybody has looked, and until when', async () => {
    const [now, evening] = [single('now'), single('evening', { window: { from: '18:00', to: '21:00' } })]
    const t = await lifeWorld([now, evening], { caps: [{ name: 'a week', per: 'week', limit: 1 }] })
    await request(t)
    await t.settle()
    const [mail] = await queued(t, evening)
    expect(mail?.holds[0]).toEqual({ reason: 'cap', cap: 'a week', isFull: true, keptFor: null, until: at('2026-01-12T00:00') })
    expect(mail?.text).toMatch(/^Mail "nudge" could go out 2026-01-12 18:00 \(Asia\/Tokyo\) at the earliest, too late for it/)
  })

  it('tells how often the server was asked, and that the next mail waits for it', async () => {
    const two = pair('30 minutes')
    const t = await lifeWorld([two], {
      answer: () => ({ kind: 'transient', answer: { code: '421', text: 'c_1@example.test is busy' } }),
      retry: { attempts: 20 },
    })
    await request(t)
    await t.clock.advance('40 minutes')
    const [first, second] = await queued(t, two)
    expect(first).toMatchObject({ reason: 'retry', holds: [{ reason: 'retry', attempts: 20, code: '421', until: first?.at }] })
    expect(first?.text).toMatch(
      /^Mail "nudge" is queued for .*: the mail server did not take it \(421\); tried \d of 20 times, next try /,
    )
    expect(second).toMatchObject({ step: 'thanks', reason: 'earlier-mail' })
    expect(JSON.stringify(await t.explain('c_1', two))).not.toMatch(/@|busy/)
  })

  it('tells of the gap after an outage', async () => {
    const two = pair('5 hours')
    let isDown = true
    const t = await lifeWorld([two], {
      answer: () => (isDown ? { kind: 'transient', answer: { code: '451' } } : { kind: 'accepted', providerId: 'p', answer: {} }),
    })
    await request(t)
    await t.clock.advance('5 hours')
    isDown = false
    await t.clock.advance('4 hours')
    const [mail] = await queued(t, two)
    expect(mail).toMatchObject({ step: 'thanks', reason: 'min-gap', holds: [{ reason: 'min-gap', gap: 5 * 3_600_000 }] })
    expect(mail?.text).toMatch(/the mail before went out late, and they stay 5 hours apart, until 2026-01-0/)
  })

  it('says that nothing goes out while the scenario is paused, and what is due', async () => {
    const evening = single('evening', { window: { from: '18:00', to: '21:00' } })
    const t = await lifeWorld([evening])
    await request(t)
    await t.settle()
    await t.scenarios.pause('evening')
    expect(await queued(t, evening)).toMatchObject([{ reason: 'paused', holds: [{ reason: 'paused' }] }])
    await t.scenarios.resume('evening')
    await t.clock.jumpTo('2026-01-05T09:30:00Z')
    expect(await queued(t, evening)).toMatchObject([{ reason: 'due', holds: [{ reason: 'due' }] }])
  })

  it('tells the cap by which a mail was left out', async () => {
    const [a, b] = [single('a'), single('b')]
    const t = await lifeWorld([a, b], { caps: [{ name: 'a day', per: 'day', limit: 1, policy: 'skip' }] })
    await request(t)
    await t.settle()
    const all = [...(await explained(t, a)), ...(await explained(t, b))].filter((each) => each.kind === 'skipped')
    expect(all).toMatchObject([{ reason: 'capped', cap: { cap: 'a day' } }])
    expect(all[0]?.text).toContain('frequency cap "a day"')
  })
})

describe('when a mail in the queue goes out', () => {
  const office = single('office', { window: { days: 'business', from: '09:00', to: '18:00' } })
  const worlds: { readonly [name: string]: () => Promise<{ readonly t: LifeWorld; readonly scenario: DeclaredScenario }> } = {
    'its window': async () => ({ t: await lifeWorld([office], { now: '2026-01-10T03:00:00Z' }), scenario: office }),
    'quiet hours': async () => ({
      t: await lifeWorld([office], { now: '2026-01-05T13:00:00Z', quietHours: { from: '17:00', to: '11:00' } }),
      scenario: office,
    }),
    'a cap, then its window': async () => {
      const t = await lifeWorld([office, single('other')], { caps: [{ name: 'a day', per: 'day', limit: 1 }] })
      await t.enrol('c_1', 'other')
      await t.settle()
      return { t, scenario: office }
    },
    'an outage': async () => {
      let calls = 0
      const answer = () => {
        calls += 1
        return calls < 4 ? ({ kind: 'transient', answer: { code: '451' } } as const) : undefined
      }
      return { t: await lifeWorld([office], { answer }), scenario: office }
    },
  }

  it.each(Object.keys(worlds))('is what is told: %s', async (name) => {
    const world = await worlds[name]?.()
    if (world === undefined) throw new Error(name)
    const { t, scenario } = world
    await request(t)
    await t.settle()
    const [mail] = await queued(t, scenario)
    const { nextAt } = await t.explain('c_1', scenario)
    expect(nextAt).toBe(mail?.at)
    await t.clock.advanceTo((mail?.at ?? 0) - 1)
    const states = async () =>
      (await t.messages.ofContact('c_1')).filter((one) => one.scenario === 'office').map(({ state }) => state)
    expect(await states()).toEqual(['queued'])
    // What a server refuses again is told again.
    for (let tries = 0; (await queued(t, scenario))[0]?.reason === 'retry' && tries < 9; tries += 1) {
      const [again] = await queued(t, scenario)
      await t.clock.advanceTo(again?.at ?? 0)
    }
    await t.clock.advanceTo(Math.max(t.clock.now(), mail?.at ?? 0))
    expect(await states()).toEqual(['sent'])
  })
})

describe('what an enrolment waits for', () => {
  it('tells the arms, the time-out, and since when events count', async () => {
    const asking = model.scenario('asking', {
      version: 1,
      enterOn: 'brochure.requested',
      steps: ({ send, wait, waitFor, clicked }) => [
        send('nudge', nudge),
        wait('rest', '1 hour'),
        waitFor('reaction', {
          for: [
            { event: 'order.placed', where: (order) => order('total', '>=', 1_000) },
            { segment: pro },
            { mail: clicked('nudge', { link: 1 }) },
          ],
          timeout: { after: { weeks: 1 } },
        }),
      ],
    })
    const t = await lifeWorld([asking])
    await request(t)
    await t.clock.advance('1 hour')
    const waiting = (await explained(t, asking)).find(({ kind }) => kind === 'waiting')
    expect(waiting).toMatchObject({
      at: at('2026-01-12T11:00'),
      waitsFor: {
        kind: 'first-of',
        arms: [
          { kind: 'event', event: 'order.placed' },
          { kind: 'segment', segment: 'pro' },
          { kind: 'mail', step: 'nudge', fate: 'clicked', link: 1 },
        ],
        eventsSince: at('2026-01-05T10:00'),
        until: at('2026-01-12T11:00'),
      },
    })
    expect(waiting?.text).toBe(
      'Waits at step "reaction" until 2026-01-12 11:00 (Asia/Tokyo) for the first of: event "order.placed" (total is at least 1000); the contact is in segment "pro"; the mail of step "nudge" is clicked (link 1). Events count since 2026-01-05 10:00; if nothing happens it goes on by the time-out.',
    )
  })

  it('tells what a wait counts from, in the zone of the contact', async () => {
    const anchored = model.scenario('anchored', {
      version: 1,
      enterOn: 'brochure.requested',
      steps: ({ wait }) => [
        wait('entry', { days: 2, at: '10:00' }, { from: 'entry' }),
        wait('joined', { days: -7, at: '09:00' }, { from: { attribute: 'joinedAt' } }),
      ],
    })
    const t = await lifeWorld([anchored])
    const attributes = { joinedAt: '2026-03-01T00:00:00+09:00' }
    await t.contacts.identify('c_1', { email: 'a@b.test', timeZone: 'America/New_York', attributes })
    await request(t)
    await t.settle()
    const [, first] = await explained(t, anchored)
    expect(first).toMatchObject({
      waitsFor: { kind: 'time', from: { kind: 'entry', name: null }, countsFrom: at('2026-01-05T10:00') },
    })
    expect(first?.text).toBe(
      'Waits at step "entry" until 2026-01-06 10:00 (America/New_York): 2 days after entry, at 10:00 (counted from the entry, 2026-01-04 20:00).',
    )
    await t.clock.advance('3 days')
    const [, second] = await explained(t, anchored)
    expect(second).toMatchObject({
      waitsFor: { from: { kind: 'attribute', name: 'joinedAt' }, countsFrom: at('2026-03-01T00:00') },
    })
  })

  it('tells how far a call has come, waited for or not, and that it was given up', async () => {
    const calling = model.scenario('calling', {
      version: 1,
      enterOn: 'brochure.requested',
      steps: ({ call }) => [call('tell', 'tell', {}, { wait: false, attempts: 2 }), call('ask', 'ask', {}, { attempts: 3 })],
    })
    const fail = () => {
      throw new Error('the mail to a@b.test bounced')
    }
    const t = await lifeWorld([calling], { handlers: { tell: fail, ask: fail } })
    await request(t)
    await t.enrol('c_2', calling, { event: { brochure: 'A' } })
    const due = await t.explain('c_2', calling)
    expect(due.findings.at(-1)?.text).toMatch(/call of "ask": tried 0 of 3 times, the first try is due or under way\.$/)
    await t.settle()
    const [, told, asked] = await explained(t, calling)
    const { nextAt } = await t.explain('c_1', calling)
    expect(told).toMatchObject({
      kind: 'call',
      step: 'tell',
      reason: 'waiting',
      call: { handler: 'tell', tries: 1, attempts: 2 },
    })
    expect(asked).toMatchObject({ kind: 'waiting', waitsFor: { kind: 'call', call: { handler: 'ask', tries: 1, attempts: 3 } } })
    expect(nextAt).toBeGreaterThan(t.clock.now())
    await t.clock.advance('1 day')
    const dead = (await explained(t, calling)).filter((each) => each.kind === 'call')
    expect(dead.map(({ reason, text }) => [reason, text])).toEqual([
      ['dead', 'Step "tell": call of "tell": tried 2 of 2 times, given up.'],
      ['dead', 'Step "ask": call of "ask": tried 3 of 3 times, given up.'],
    ])
    expect(JSON.stringify(await t.explain('c_1', calling))).not.toContain('@')
  })
})

describe('the version of an enrolment', () => {
  it('is the one that it entered and the one that it is in', async () => {
    const second = model.scenario('onboarding', {
      ...{ version: 2, enterOn: 'brochure.requested', inFlight: 'migrate', successors: { hello: 'settle' } },
      steps: ({ wait, send }) => [wait('settle', { days: 5 }), send('nudge', nudge)],
    })
    const storage = memoryStorage()
    const before = await lifeWorld([onboarding], { storage })
    await request(before)
    await before.settle()
    const t = await lifeWorld([second], { storage })
    await t.settle()
    const [entered] = await explained(t, second)
    expect(entered).toMatchObject({ kind: 'entered', enteredVersion: 1, version: 2 })
    expect(entered?.text).toBe('Entered 2026-01-05 10:00 (Asia/Tokyo), version 1; moved to version 2 since.')
  })
})

describe('an enrolment that failed', () => {
  it('is told by the code of the error, without its sentence', async () => {
    const office = single('office', { window: { days: 'business', from: '09:00', to: '18:00' } })
    const isHoliday = () => {
      throw new TobiishiError('time.beyond_horizon', 'nothing is known of this day: ask c_1@example.test')
    }
    const t = await lifeWorld([office], { isHoliday, logger: silentLogger })
    await t.enrol('c_1', office, { event: { brochure: 'A' } }).catch(() => {})
    await t.settle().catch(() => {})
    const findings = await explained(t, office)
    expect(JSON.stringify(findings)).not.toContain('@')
    expect(findings.map(({ kind, reason }) => `${kind} ${reason}`)).toEqual(['entered null', 'ended time.beyond_horizon'])
  })
})

describe('in Japanese', () => {
  it('says conditions of segments, laws and settings in Japanese', async () => {
    const t = await lifeWorld([onboarding], { grantConsent: false })
    await t.contacts.identify('c_1', { email: 'a@b.test' })
    await t.suppressions.add({ email: 'a@b.test' })
    await explained(t, onboarding)
    const { findings } = await t.explain('c_1', buyers, { language: 'ja' })
    expect(findings.map(({ text }) => text)).toEqual(['セグメント「buyers」に該当しません。', '非該当：order.placed がある。'])
  })

  it.each(['JP 特定商取引法 art. 12-3 (1)', 'JP 特定電子メール法 art. 3-3', 'suppression: soft-bounces', 'setting sendWithin'])(
    'has words for the rule %s',
    (rule) => {
      expect(ruleInWords(rule, 'ja').replace('sendWithin', '')).not.toMatch(/[A-Za-z]/)
      expect(ruleInWords(rule, 'en')).toBe(rule)
    },
  )
})
