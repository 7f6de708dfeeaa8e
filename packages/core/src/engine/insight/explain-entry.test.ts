import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { lifeWorld, start } from '../../../test/scenarios/life-world.ts'
import { model, pro, thanks } from '../../../test/shop.ts'
import type { DeclaredScenario } from '../../define/declared.ts'
import { defineModel } from '../../index.ts'
import { createTestTobiishi } from '../../testing/index.ts'
import type { Tobiishi } from '../tobiishi.ts'

const at = (text: string) => Date.parse(`${text}:00+09:00`)

/** What is said of entering, and in Japanese. */
const entering = async (t: Pick<Tobiishi, 'explain'>, scenario: DeclaredScenario) => {
  const meant = async (language: 'en' | 'ja') =>
    (await t.explain('c_1', scenario, { language })).findings.filter(
      ({ kind, at: time, step }) => kind === 'not-entered' || (kind === 'waiting' && step === null && time !== null),
    )
  const [english, japanese] = [await meant('en'), await meant('ja')]
  return english.map(({ reason, at: time, text }, index) => ({ reason, at: time, text, ja: japanese[index]?.text }))
}

describe('explaining a scenario that a segment starts, to somebody who was in it', () => {
  type Options = { readonly on?: 'entry' | 'exit'; readonly reentry?: 'once' | 'after-exit' | { readonly cooldown: '30 days' } }
  const world = async ({ on = 'exit', ...rest }: Options) => {
    const scenario = model.scenario('back', {
      ...{ version: 1, enterOn: { segment: pro, on }, ...rest },
      steps: ({ send }) => [send('thanks', thanks)],
    })
    const t = await lifeWorld([scenario])
    const become = async (plan: 'free' | 'pro') => {
      await t.contacts.identify('c_1', { email: 'a@b.test', attributes: { plan } })
      await t.clock.advance('1 hour')
    }
    for (const plan of ['free', 'pro', 'free'] as const) await become(plan)
    return { t, scenario, become }
  }

  it('tells that a cooldown kept it out when it left again, and what it may count on', async () => {
    const { t, scenario, become } = await world({ reentry: { cooldown: '30 days' } })
    expect(await entering(t, scenario)).toEqual([
      {
        ...{ reason: 'not-in-segment', at: null },
        text: 'Is not in segment "pro": only leaving it anew starts the scenario again, from 2026-02-04 12:00 on.',
        ja: 'セグメント「pro」に該当していません。新たに外れた時点でのみ再び始まります（再び入れるのは 2026-02-04 12:00 以降）。',
      },
    ])
    await become('pro')
    expect((await entering(t, scenario)).map(({ text }) => text)).toEqual([
      'Is in segment "pro": leaving it starts the scenario again, from 2026-02-04 12:00 on.',
    ])
    await become('free')
    expect(await entering(t, scenario)).toEqual([
      {
        ...{ reason: 'reentry', at: at('2026-01-05T14:00') },
        text: 'Left segment "pro" again (2026-01-05 14:00 (Asia/Tokyo)), but re-entry kept the contact out: it may enter again from 2026-02-04 12:00. What counts next is leaving it anew.',
        ja: 'セグメント「pro」から再び外れました（2026-01-05 14:00 (Asia/Tokyo)）が、再登録の規則により入りませんでした：次に入れるのは 2026-02-04 12:00 以降。次に新たに外れた時点で判定します。',
      },
    ])
    await t.clock.advance('31 days')
    await become('pro')
    expect((await entering(t, scenario)).map(({ text }) => text)).toEqual([
      'Is in segment "pro": leaving it starts the scenario again.',
    ])
    await become('free')
    expect(t.outbox).toHaveLength(2)
  })

  it('tells it of the side that is entered, and that once is once', async () => {
    const { t, scenario, become } = await world({ on: 'entry' })
    expect(await entering(t, scenario)).toEqual([])
    await become('pro')
    expect(await entering(t, scenario)).toMatchObject([{ reason: 'reentry', at: at('2026-01-05T13:00') }])
    const again = await world({ on: 'entry', reentry: 'after-exit' })
    expect((await entering(again.t, again.scenario)).map(({ text }) => text)).toEqual([
      'Is not in segment "pro": coming into it starts the scenario again.',
    ])
    await again.become('pro')
    expect((await entering(again.t, again.scenario)).map(({ text }) => text)).toEqual([
      'Is in segment "pro": only coming into it anew starts the scenario again.',
    ])
  })
})

describe('explaining a scenario that a date starts, to somebody who was in it', () => {
  const club = defineModel({
    contact: z.object({ birthday: z.iso.date().optional() }),
    events: {},
    topics: { news: { title: { en: 'News' } } },
  })
  const cake = club.template('cake', {
    ...{ purpose: 'marketing', topic: 'news' },
    subject: ({ line }) => line`cake`,
    body: ({ text, footer }) => text`cake\n${footer()}`,
  })

  it('tells of the date that a cooldown leaves out, and the one after it', async () => {
    const birthday = club.scenario('birthday', {
      version: 1,
      enterOn: { date: 'birthday', at: '09:00', yearly: true },
      reentry: { cooldown: '400 days' },
      steps: ({ send }) => [send('cake', cake)],
    })
    const t = await createTestTobiishi({ model: club, scenarios: [birthday], now: start })
    await t.contacts.identify('c_1', { email: 'a@b.test', attributes: { birthday: '1990-01-20' } })
    await t.clock.advance('30 days')
    expect(t.outbox).toHaveLength(1)
    expect(await entering(t, birthday)).toEqual([
      {
        ...{ reason: 'reentry', at: at('2027-01-20T09:00') },
        text: 'The date in "birthday" comes 2027-01-20 09:00 (Asia/Tokyo), but as things are re-entry keeps the contact out: it may enter again from 2027-02-24 09:00.',
        ja: '属性「birthday」の日付による開始日時は 2027-01-20 09:00 (Asia/Tokyo) ですが、現状では再登録の規則により入りません：次に入れるのは 2027-02-24 09:00 以降。',
      },
      {
        ...{ reason: null, at: at('2028-01-20T09:00') },
        text: 'Enters next 2028-01-20 09:00 (Asia/Tokyo).',
        ja: '次は 2028-01-20 09:00 (Asia/Tokyo) に始まります。',
      },
    ])
    expect((await t.explain('c_1', birthday)).nextAt).toBe(at('2028-01-20T09:00'))
  })
})
