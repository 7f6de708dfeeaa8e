import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { type LifeWorld, lifeWorld, start } from '../../../test/scenarios/life-world.ts'
import { model, nudge, onboarding, pro, thanks } from '../../../test/shop.ts'
import { defineModel } from '../../index.ts'
import { memoryStorage } from '../../memory/index.ts'
import { createTestTobiishi } from '../../testing/index.ts'
import type { Explanation } from '../tobiishi.ts'

const at = (text: string) => Date.parse(`${text}:00+09:00`)

/** Kind, reason and step of each finding. */
const brief = ({ findings }: Explanation) =>
  findings.map(({ kind, reason, step }) => [kind, step, reason].filter((part) => part !== null).join(' '))

const texts = ({ findings }: Explanation) => findings.map(({ text }) => text)

const request = (t: Pick<LifeWorld, 'track'>, id = 'c_1') => t.track(id, 'brochure.requested', { brochure: 'A' })

describe('explaining a contact on the way through a scenario', () => {
  it('tells what happened, what is waited for, and when it goes on', async () => {
    const t = await lifeWorld([onboarding])
    await request(t)
    await t.settle()
    const explained = await t.explain('c_1', onboarding)
    expect(texts(explained)).toEqual([
      'Entered 2026-01-05 10:00 (Asia/Tokyo), version 1.',
      'Mail "hello" went out 2026-01-05 10:00 (Asia/Tokyo).',
      'Waits at step "settle" until 2026-01-08 10:00 (Asia/Tokyo): 3 days, at 10:00 (counted from the planned time of the mail before, 2026-01-05 10:00).',
    ])
    expect(explained).toMatchObject({
      contactId: 'c_1',
      contact: { exists: true, hasAddress: true, timeZone: 'Asia/Tokyo' },
      nextAt: at('2026-01-08T10:00'),
    })
    expect(explained.findings[1]).toMatchObject({ kind: 'sent', step: 'hello', messageId: t.outbox[0]?.messageId })
  })

  it('says the same in Japanese, with times of the contact', async () => {
    const t = await lifeWorld([onboarding])
    await t.contacts.identify('c_1', { email: 'a@b.test', timeZone: 'America/New_York' })
    await request(t)
    await t.settle()
    expect(texts(await t.explain('c_1', { scenario: 'onboarding' }, { language: 'ja' }))).toEqual([
      '2026-01-04 20:00 (America/New_York) に開始（バージョン1）。',
      'メール「hello」を 2026-01-04 20:00 (America/New_York) に配信しました。',
      'ステップ「settle」で 2026-01-07 10:00 (America/New_York) まで待機中：3日後 10:00（前のメールの予定時刻 2026-01-04 20:00 から数えて）。',
    ])
  })

  it('tells of mail that waits for its window, and that nothing comes after it', async () => {
    const evening = model.scenario('evening', {
      version: 1,
      enterOn: 'brochure.requested',
      window: { from: '18:00', to: '21:00' },
      steps: ({ send }) => [send('nudge', nudge)],
    })
    const t = await lifeWorld([evening])
    await request(t)
    await t.settle()
    const explained = await t.explain('c_1', evening)
    expect(brief(explained)).toEqual(['entered', 'queued nudge window', 'waiting'])
    expect(texts(explained)[2]).toBe('All steps are done; the last mail is due 2026-01-05 18:00 (Asia/Tokyo).')
    expect(explained.nextAt).toBe(at('2026-01-05T18:00'))
    await t.clock.advance('1 day')
    expect(brief(await t.explain('c_1', evening))).toEqual(['entered', 'sent nudge', 'ended completed'])
  })

  it('tells how it ended, and in words', async () => {
    const t = await lifeWorld([onboarding])
    await request(t)
    await t.clock.advance('1 day')
    await t.track('c_1', 'order.placed', { total: 1 })
    await t.settle()
    const explained = await t.explain('c_1', onboarding)
    expect(brief(explained)).toEqual(['entered', 'sent hello', 'ended event:order.placed'])
    expect(texts(explained)[2]).toBe('Ended 2026-01-06 10:00 (Asia/Tokyo): "order.placed" happened.')
    expect(explained.nextAt).toBeNull()
  })

  it('tells of mail that was left out, why, and by what rule the next would be', async () => {
    const t = await lifeWorld([onboarding], { grantConsent: false })
    await t.contacts.identify('c_1', { email: 'a@b.test' })
    await request(t)
    await t.settle()
    const explained = await t.explain('c_1', onboarding)
    expect(brief(explained)).toEqual([
      'entered',
      'skipped hello no-consent',
      'waiting settle',
      'blocked no-consent',
      'blocked no-consent',
    ])
    expect(explained.findings.at(-1)).toMatchObject({ rule: 'JP 特定商取引法 art. 12-3 (1)' })
    expect(texts(explained).at(-1)).toBe('Mail "nudge" would not be sent now: no consent (JP 特定商取引法 art. 12-3 (1)).')
    await t.consent.grant('c_1', { basis: 'opt-in', evidence: { source: 'test' } })
    expect(brief(await t.explain('c_1', onboarding))).not.toContain('blocked no-consent')
  })

  it('tells of a call that is under way, and of one that may be answered at any time', async () => {
    const asking = model.scenario('asking', {
      version: 1,
      enterOn: 'brochure.requested',
      steps: ({ call }) => [call('ask', 'ask', {}, { attempts: 3 })],
    })
    const t = await lifeWorld([asking], {
      handlers: {
        ask: () => {
          throw new Error('not now')
        },
      },
    })
    await request(t)
    await t.settle()
    const explained = await t.explain('c_1', asking)
    expect(brief(explained)).toEqual(['entered', 'waiting ask'])
    expect(texts(explained)[1]).toBe(
      'Waits at step "ask" for the answer of the app: call of "ask": tried 1 of 3 times, next try 2026-01-05 10:00.',
    )
  })

  it('names the end of the wait, not the moment at which a segment is looked at before', async () => {
    const idle = model.segment('idle', ({ not, did }) => not(did('order.placed', { within: '2 days' })))
    const keeping = model.scenario('keeping', {
      version: 1,
      enterOn: 'order.placed',
      exitWhen: idle,
      steps: ({ wait, send }) => [wait('rest', '5 days'), send('thanks', thanks)],
    })
    const t = await lifeWorld([keeping])
    await t.track('c_1', 'order.placed', { total: 1 })
    await t.settle()
    const explained = await t.explain('c_1', keeping)
    expect(texts(explained)[1]).toBe(
      'Waits at step "rest" until 2026-01-10 10:00 (Asia/Tokyo): 5 days (counted from the entry, 2026-01-05 10:00).',
    )
    expect(explained.nextAt).toBe(at('2026-01-07T10:00'))
    await t.clock.advance('3 days')
    expect(texts(await t.explain('c_1', keeping))[1]).toBe('Ended 2026-01-07 10:00 (Asia/Tokyo): came into segment "idle".')
  })

  it('says that nothing goes on while the scenario is paused', async () => {
    const t = await lifeWorld([onboarding])
    await request(t)
    await t.settle()
    await t.scenarios.pause('onboarding')
    const explained = await t.explain('c_1', onboarding)
    expect(brief(explained)).toEqual(['entered', 'sent hello', 'waiting settle paused'])
    expect(texts(explained)[2]).toBe('Nothing goes on: the scenario is paused.')
    expect(explained.nextAt).toBeNull()
    await request(t, 'c_2')
    await t.settle()
    expect(brief(await t.explain('c_2', onboarding))).toEqual(['entered', 'waiting hello paused'])
    expect(texts(await t.explain('c_1', onboarding, { language: 'ja' }))[2]).toBe('シナリオは一時停止中のため止まっています。')
  })

  it('tells when it goes on after a pause, before the enrolment was looked at', async () => {
    const nextAfter = async (missed: 'continue' | 'skip' | 'shift') => {
      const t = await lifeWorld([onboarding])
      await request(t)
      await t.settle()
      await t.scenarios.pause('onboarding')
      await t.clock.advance('2 days')
      await t.scenarios.resume('onboarding', { missed })
      const { nextAt, findings } = await t.explain('c_1', onboarding)
      await t.clock.advance('9 days')
      const nudged = (await t.messages.ofContact('c_1')).find(({ template }) => template === 'nudge')
      expect(nextAt).toBe(nudged?.finishedAt)
      return findings.at(-1)?.at
    }
    expect(await nextAfter('continue')).toBe(at('2026-01-08T10:00'))
    expect(await nextAfter('skip')).toBe(at('2026-01-08T10:00'))
    expect(await nextAfter('shift')).toBe(at('2026-01-10T10:00'))
  })
})

describe('explaining why a contact is not in a scenario', () => {
  it('knows a contact that is not there, and one without an address', async () => {
    const t = await lifeWorld([onboarding])
    expect(await t.explain('nobody', onboarding)).toMatchObject({
      contact: { exists: false, hasAddress: false },
      findings: [{ kind: 'not-entered', text: 'There is no contact with this id.' }],
      nextAt: null,
    })
    const bare = await lifeWorld([onboarding], { autoContacts: false })
    await request(bare)
    await bare.settle()
    expect(brief(await bare.explain('c_1', onboarding))).toContain('skipped hello no-address')
    const blocked = (await bare.explain('c_1', onboarding, { language: 'ja' })).findings.findLast(
      ({ kind }) => kind === 'blocked',
    )
    expect(blocked).toMatchObject({ reason: 'no-address', rule: 'contact has no e-mail address' })
    expect(blocked?.text).toBe('メール「nudge」は現在配信されません：メールアドレスなし。')
  })

  it('names the event that did not happen, did not fit, came too late, or was history', async () => {
    const large = model.scenario('large', {
      version: 1,
      enterOn: { event: 'order.placed', where: (order) => order('total', '>=', 100) },
      steps: ({ send }) => [send('thanks', thanks)],
    })
    const t = await lifeWorld([large])
    const order = (id: string, total: number, options = {}) => t.track(id, 'order.placed', { total }, options)
    await t.contacts.identify('never', { email: 'never@b.test' })
    await order('small', 5)
    await order('old', 500, { occurredAt: Date.parse(start) - 86_400_001 })
    await order('history', 500, { startScenarios: false })
    await t.settle()
    const why = async (id: string) => brief(await t.explain(id, large))
    expect(await why('never')).toEqual(['not-entered', 'not-entered no-event'])
    expect(await why('small')).toEqual(['not-entered', 'not-entered event-not-fit'])
    expect(await why('old')).toEqual(['not-entered', 'not-entered event-too-old'])
    expect(await why('history')).toEqual(['not-entered', 'not-entered event-missed'])
    expect(texts(await t.explain('small', large, { language: 'ja' }))[1]).toBe(
      '直近の「order.placed」（2026-01-05 10:00 (Asia/Tokyo)）は開始条件を満たしませんでした。',
    )
  })

  it('knows an event that no worker came to in time, and one from before the scenario', async () => {
    const storage = memoryStorage()
    const t = await lifeWorld([onboarding], { storage })
    await request(t)
    await t.clock.jumpTo('2026-01-08T01:00:00Z')
    await t.settle()
    const explained = await t.explain('c_1', onboarding)
    expect(brief(explained).at(-1)).toBe('not-entered event-too-old')
    expect(texts(explained).at(-1)).toBe(
      'The last "brochure.requested" (2026-01-05 10:00 (Asia/Tokyo)) started nothing: it was too old when a worker came to it (maxEventAge), the scenario took no entries then, or it was recorded to start nothing.',
    )
    const later = model.scenario('later', {
      version: 1,
      enterOn: 'brochure.requested',
      steps: ({ send }) => [send('thanks', thanks)],
    })
    const now = await lifeWorld([onboarding, later], { storage, now: '2026-01-20T01:00:00Z' })
    await now.settle()
    expect(brief(await now.explain('c_1', later)).at(-1)).toBe('not-entered event-missed')
  })

  it('says when re-entry kept somebody out', async () => {
    const t = await lifeWorld([onboarding])
    await request(t)
    await t.clock.advance('10 days')
    expect(brief(await t.explain('c_1', onboarding))).not.toContain('not-entered reentry')
    await request(t)
    await t.settle()
    const explained = await t.explain('c_1', onboarding)
    expect(brief(explained).at(-1)).toBe('not-entered reentry')
    expect(texts(explained).at(-1)).toMatch(/happened again \(2026-01-15 10:00/)
  })

  it('tells which side of a segment the contact is on', async () => {
    const build = (on: 'entry' | 'exit') =>
      model.scenario(on, { version: 1, enterOn: { segment: pro, on }, steps: ({ send }) => [send('thanks', thanks)] })
    const [entry, exit] = [build('entry'), build('exit')]
    const storage = memoryStorage()
    const before = await lifeWorld([], { storage })
    await before.contacts.identify('in', { email: 'in@b.test', attributes: { plan: 'pro' } })
    await before.contacts.identify('out', { email: 'out@b.test' })
    const t = await lifeWorld([entry, exit], { storage })
    await t.settle()
    const said = async (id: string, scenario: typeof entry) => texts(await t.explain(id, scenario))[1]
    expect(await said('in', entry)).toBe(
      'Was in segment "pro" before the scenario watched it: only coming into it starts the scenario.',
    )
    expect(await said('out', entry)).toBe('Is not in segment "pro": coming into it starts the scenario.')
    expect(await said('in', exit)).toBe('Is in segment "pro": leaving it starts the scenario.')
    expect(await said('out', exit)).toBe('Is not in segment "pro": only leaving it starts the scenario.')
    expect(brief(await t.explain('out', exit))[1]).toBe('not-entered not-in-segment')
  })

  it('says that nobody enters a draft, or what was stopped, or what only starts by hand', async () => {
    const byHand = model.scenario('by-hand', { version: 1, steps: ({ send }) => [send('thanks', thanks)] })
    const draft = model.scenario('draft', { version: 1, draft: true, steps: ({ send }) => [send('thanks', thanks)] })
    const t = await lifeWorld([onboarding, byHand, draft])
    await t.contacts.identify('c_1', { email: 'a@b.test' })
    expect(brief(await t.explain('c_1', byHand))).toEqual(['not-entered', 'not-entered by-hand-only'])
    expect(brief(await t.explain('c_1', draft))).toEqual(['not-entered', 'not-entered draft'])
    await t.scenarios.stop('onboarding', { inFlight: 'finish' })
    const stopped = await t.explain('c_1', onboarding, { language: 'ja' })
    expect(brief(stopped)).toEqual(['not-entered', 'not-entered stopped'])
    expect(texts(stopped)[1]).toBe('シナリオは停止済みのため、新たに入ることはありません。')
    await t.scenarios.archive('onboarding')
    expect(brief(await t.explain('c_1', onboarding))).toEqual(['not-entered', 'not-entered archived'])
    await t.scenarios.pause('by-hand')
    expect(brief(await t.explain('c_1', byHand))).toContain('waiting paused')
  })

  it('refuses names that are not there', async () => {
    const t = await lifeWorld([onboarding])
    await t.contacts.identify('c_1', { email: 'a@b.test' })
    await expect(t.explain('c_1', { scenario: 'nope' })).rejects.toMatchObject({ code: 'scenario.unknown' })
    await expect(t.explain('c_1', { broadcast: 'nope' })).rejects.toMatchObject({ code: 'broadcast.unknown' })
  })
})

describe('explaining a scenario that a date starts', () => {
  const club = defineModel({
    contact: z.object({ birthday: z.iso.date().optional(), trialEnds: z.iso.date().optional() }),
    events: {},
    topics: { news: { title: { en: 'News' } } },
  })
  const cake = club.template('cake', {
    purpose: 'marketing',
    topic: 'news',
    subject: ({ line }) => line`cake`,
    body: ({ text, footer }) => text`cake\n${footer()}`,
  })
  const birthday = club.scenario('birthday', {
    version: 1,
    enterOn: { date: 'birthday', days: -7, at: '09:00', yearly: true },
    steps: ({ send }) => [send('cake', cake)],
  })
  const trial = club.scenario('trial', {
    version: 1,
    enterOn: { date: 'trialEnds', at: '09:00' },
    steps: ({ send }) => [send('cake', cake)],
  })

  it('tells when the contact enters next, before the first time and after it', async () => {
    const t = await createTestTobiishi({ model: club, scenarios: [birthday, trial], now: start })
    await t.contacts.identify('c_1', { email: 'a@b.test', attributes: { birthday: '1990-01-20' } })
    const first = await t.explain('c_1', birthday)
    expect(brief(first)).toEqual(['not-entered', 'waiting'])
    expect(first.nextAt).toBe(at('2026-01-13T09:00'))
    await t.clock.advance('30 days')
    const second = await t.explain('c_1', birthday)
    expect(brief(second)).toEqual(['entered', 'sent cake', 'ended completed', 'waiting'])
    expect(texts(second).at(-1)).toBe('Enters next 2027-01-13 09:00 (Asia/Tokyo).')
  })

  it('tells a date that is missing from one that has passed', async () => {
    const t = await createTestTobiishi({ model: club, scenarios: [birthday, trial], now: start })
    await t.contacts.identify('c_1', { email: 'a@b.test', attributes: { trialEnds: '2025-12-01' } })
    expect(brief(await t.explain('c_1', birthday))).toEqual(['not-entered', 'not-entered no-date'])
    expect(brief(await t.explain('c_1', trial))).toEqual(['not-entered', 'not-entered date-over'])
    expect((await t.explain('c_1', trial)).nextAt).toBeNull()
  })
})

describe('explaining a broadcast', () => {
  it('tells before it starts whether the contact is meant, and afterwards what became of it', async () => {
    const t = await lifeWorld([onboarding])
    await t.contacts.identify('in', { email: 'in@b.test', attributes: { plan: 'pro' } })
    await t.contacts.identify('out', { email: 'out@b.test' })
    await t.broadcasts.send({ id: 'b', template: thanks, to: pro, at: at('2026-01-06T09:00') })
    const before = await t.explain('in', { broadcast: 'b' })
    expect(brief(before)).toEqual(['waiting', 'member', 'true'])
    expect(before.nextAt).toBe(at('2026-01-06T09:00'))
    expect(brief(await t.explain('out', { broadcast: 'b' }))).toEqual(['waiting', 'not-member', 'false'])
    await t.clock.advance('1 day')
    expect(brief(await t.explain('in', { broadcast: 'b' }))).toEqual(['sent'])
    expect(brief(await t.explain('out', { broadcast: 'b' }))).toEqual(['not-entered not-in-audience'])
  })

  it('tells that it was cancelled, and by what a mail would be blocked', async () => {
    const t = await lifeWorld([onboarding])
    await t.contacts.identify('c_1', { email: 'a@b.test', attributes: { plan: 'pro' } })
    await t.broadcasts.send({ id: 'b', template: thanks, to: pro, at: at('2026-01-06T09:00') })
    await t.suppressions.add({ email: 'a@b.test' })
    expect(brief(await t.explain('c_1', { broadcast: 'b' })).at(-1)).toBe('blocked suppressed')
    await t.broadcasts.cancel('b')
    const explained = await t.explain('c_1', { broadcast: 'b' })
    expect(brief(explained)).toEqual(['not-entered cancelled'])
    expect(explained.nextAt).toBeNull()
  })
})

describe('explaining a segment', () => {
  it('tells each of its conditions apart, in both languages', async () => {
    const t = await lifeWorld([onboarding])
    const good = model.segment('good', ({ all, attribute, did, not }) =>
      all(attribute('plan', '=', 'pro'), not(did('order.placed', { within: '30 days' }))),
    )
    await t.contacts.identify('c_1', { email: 'a@b.test', attributes: { plan: 'pro' } })
    await t.track('c_1', 'order.placed', { total: 1 })
    await t.settle()
    expect(texts(await t.explain('c_1', good))).toEqual([
      'Is not in segment "good".',
      'True: plan is “pro”.',
      'True: did order.placed in the last 30 days.',
    ])
    await t.clock.advance('31 days')
    const later = await t.explain('c_1', good, { language: 'ja' })
    expect(brief(later)).toEqual(['member', 'true', 'false'])
    expect(texts(later)).toEqual([
      'セグメント「good」に該当します。',
      '該当：plan が「pro」。',
      '非該当：過去30日間に order.placed がある。',
    ])
  })
})
