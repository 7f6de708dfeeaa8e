import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { first, type LifeWorld, lifeWorld, second, start } from '../../../test/scenarios/life-world.ts'
import { buyers, model, nudge, onboarding, pro, receipt, thanks } from '../../../test/shop.ts'
import { isHoliday } from '../../calendars/jp.ts'
import type { Forecast } from '../../domain/scenario/forecast.ts'
import { localDate } from '../../domain/time/local-date.ts'
import { defineModel } from '../../index.ts'
import { memoryStorage } from '../../memory/index.ts'
import { createTestTobiishi } from '../../testing/index.ts'

const day = 86_400_000

type World = Pick<LifeWorld, 'scenarios' | 'clock' | 'messages' | 'outbox'>

/** Date → step → mails, without the days on which there are none. */
const byDate = ({ days }: Pick<Forecast, 'days'>) =>
  Object.fromEntries(days.flatMap(({ date, mails, byStep }) => (mails === 0 ? [] : [[date, byStep]])))

/** What went out of the scenario from now on until so many days are over, as a forecast tells it. */
const whatGoesOut = async (t: World, days: number, contacts: readonly string[]) => {
  const from = t.clock.now()
  const last = localDate(from + (days - 1) * day, 'Asia/Tokyo')
  await t.clock.advance(`${days} days`)
  const found = new Map<string, Map<string, number>>()
  for (const id of contacts)
    for (const { state, stepId, finishedAt } of await t.messages.ofContact(id, { limit: 1_000 })) {
      if (state !== 'sent' || finishedAt === null || finishedAt < from || stepId === null) continue
      const date = localDate(finishedAt, 'Asia/Tokyo')
      if (date > last) continue
      const steps = found.get(date) ?? new Map<string, number>()
      found.set(date, steps.set(stepId, (steps.get(stepId) ?? 0) + 1))
    }
  return Object.fromEntries([...found].toSorted().map(([date, steps]) => [date, Object.fromEntries(steps)]))
}

const request = (t: Pick<LifeWorld, 'track'>, id: string) => t.track(id, 'brochure.requested', { brochure: 'A' })

/** Waits of every kind, a window on business days, and another order of mails in its second version. */
const course = (version: 1 | 2) =>
  model.scenario('course', {
    version,
    enterOn: 'brochure.requested',
    window: { days: 'business', from: '10:00', to: '18:00' },
    steps: ({ send, wait }) =>
      version === 1
        ? [
            send('first', first),
            wait('short', '34 hours'),
            send('second', second),
            wait('weeks', { weeks: 1, at: '20:00' }),
            send('nudge', nudge),
          ]
        : [
            wait('open', { businessDays: 2, at: '09:00' }),
            send('second', second),
            wait('monday', { weekday: 'monday', at: '12:00' }),
            send('first', first),
          ],
  })

describe('a forecast', () => {
  it('is what then really goes out if nobody does anything: waits, windows, zones, two versions, and mail that is queued', async () => {
    const storage = memoryStorage()
    const options = { storage, isHoliday }
    const before = await lifeWorld([course(1)], options)
    await before.contacts.identify('ny', { email: 'ny@b.test', timeZone: 'America/New_York' })
    for (const id of ['c_1', 'c_2', 'ny']) await request(before, id)
    await before.clock.advance('1 day')
    const t = await lifeWorld([course(2)], { ...options, now: before.clock.now() })
    for (const id of ['c_3', 'c_4']) await request(t, id)
    await t.clock.advance('14 hours')
    expect(await t.scenarios.get('course')).toMatchObject({ version: 2, active: 5 })

    const forecast = await t.scenarios.forecast('course', { days: 20 })
    expect(forecast).toMatchObject({ uncertain: 0 })
    expect(forecast.days).toHaveLength(20)
    expect(forecast.days[0]?.date).toBe('2026-01-07')
    expect(byDate(forecast)).toEqual(await whatGoesOut(t, 20, ['c_1', 'c_2', 'c_3', 'c_4', 'ny']))
    expect(byDate(forecast)['2026-01-07']).toEqual({ second: 2 })
    expect(forecast.days.reduce((sum, { mails }) => sum + mails, 0)).toBe(3 * 2 + 2 * 2)
  })

  it('knows variants, holdouts and what the scenario itself changes', async () => {
    const club = defineModel({
      contact: z.object({ tags: z.array(z.string()).optional(), since: z.iso.date().optional() }),
      events: { joined: z.object({ on: z.iso.date() }) },
      topics: { news: { title: { en: 'News' } } },
    })
    const mail = (name: string) =>
      club.template(name, {
        purpose: 'marketing',
        topic: 'news',
        subject: ({ line }) => line`${name}`,
        body: ({ text, footer }) => text`text\n${footer()}`,
      })
    const tagged = club.segment('tagged', ({ attribute }) => attribute('since', 'isSet'))
    const scenario = club.scenario('tags', {
      version: 1,
      enterOn: 'joined',
      steps: ({ split, update, branch, wait, send, event }) => [
        wait('soon', '1 hour'),
        split('half', {
          arms: { a: { weight: 1, steps: [send('a', mail('a'))] }, b: { weight: 1, steps: [send('b', mail('b'))] } },
          holdout: 1,
        }),
        update('warm', { set: { since: event.on }, add: { tags: ['warm'] } }),
        branch('is', tagged, { yes: [wait('date', { days: 5, at: '10:00' }, { from: { attribute: 'since' } })], no: [] }),
        send('end', mail('end')),
      ],
    })
    const t = await createTestTobiishi({ model: club, scenarios: [scenario], now: start })
    const ids = Array.from({ length: 12 }, (_, nth) => `c_${nth}`)
    for (const id of ids) await t.track(id, 'joined', { on: '2026-01-05' })
    await t.settle()
    const forecast = await t.scenarios.forecast('tags', { days: 10 })
    expect(forecast.uncertain).toBe(12)
    expect(Object.keys(byDate(forecast))).toEqual(['2026-01-05', '2026-01-10'])
    expect(byDate(forecast)['2026-01-10']).toEqual({ end: 12 })
    expect(byDate(forecast)).toEqual(await whatGoesOut(t, 10, ids))
  })

  it('counts on the way taken if nothing happens, and says for how many that is not certain', async () => {
    const watching = model.scenario('watching', {
      version: 1,
      enterOn: 'brochure.requested',
      steps: ({ send, wait, waitFor, branch, opened }) => [
        send('first', first),
        wait('rest', '1 day'),
        branch('read', opened('first'), { yes: [send('thanks', thanks)], no: [send('nudge', nudge)] }),
        waitFor('order', {
          for: [{ event: 'order.placed', steps: [send('bought', thanks)] }],
          timeout: { after: { days: 3 }, steps: [send('second', second)] },
        }),
      ],
    })
    const t = await lifeWorld([watching, onboarding])
    await request(t, 'c_1')
    await request(t, 'c_2')
    await t.settle()
    expect((await t.scenarios.forecast('onboarding')).uncertain).toBe(0)
    const forecast = await t.scenarios.forecast('watching', { days: 7 })
    expect(forecast.uncertain).toBe(2)
    expect(byDate(forecast)).toEqual({ '2026-01-06': { nudge: 2 }, '2026-01-09': { second: 2 } })
    expect((await t.scenarios.forecast('watching', { days: 1 })).uncertain).toBe(2)
    await t.clock.advance('5 days')
    expect(await t.scenarios.forecast('watching', { days: 7 })).toMatchObject({ uncertain: 0 })
  })

  it('takes an exit by a segment that time changes as uncertain, and one that stands still as certain', async () => {
    const idle = model.segment('idle', ({ not, did }) => not(did('order.placed', { within: '2 days' })))
    const build = (name: string, exitWhen: typeof idle) =>
      model.scenario(name, {
        version: 1,
        enterOn: 'brochure.requested',
        exitWhen,
        steps: ({ wait, send }) => [wait('rest', '5 days'), send('thanks', thanks)],
      })
    const t = await lifeWorld([build('by-time', idle), build('by-deed', buyers)])
    await t.track('c_1', 'order.placed', { total: 1 }, { startScenarios: false })
    await request(t, 'c_1')
    await request(t, 'c_2')
    await t.settle()
    const of = async (name: string) => await t.scenarios.forecast(name, { days: 7 })
    expect(await of('by-time')).toMatchObject({ uncertain: 1 })
    expect(byDate(await of('by-deed'))).toEqual({ '2026-01-10': { thanks: 1 } })
    expect(await of('by-deed')).toMatchObject({ uncertain: 0 })
  })

  it('leaves out who may not be sent to now, in the queue too, and keeps what needs no consent', async () => {
    const mixed = model.scenario('mixed', {
      version: 1,
      enterOn: 'brochure.requested',
      window: { from: '18:00', to: '20:00' },
      steps: ({ send, wait }) => [
        send('first', first),
        send('receipt', receipt),
        wait('rest', { days: 1 }),
        send('second', second),
      ],
    })
    const t = await lifeWorld([mixed])
    for (const id of ['c_1', 'c_2', 'c_3']) await request(t, id)
    await t.settle()
    await t.consent.withdraw('c_1', { evidence: { source: 'test' } })
    await t.suppressions.add({ email: 'c_2@example.test' }, { scope: 'all' })
    const forecast = await t.scenarios.forecast('mixed', { days: 7 })
    expect(byDate(forecast)).toEqual({ '2026-01-05': { first: 1, receipt: 2 }, '2026-01-06': { second: 1 } })
    expect(byDate(forecast)).toEqual(await whatGoesOut(t, 7, ['c_1', 'c_2', 'c_3']))
  })

  it('goes on after a call as if it succeeded at once', async () => {
    const asking = model.scenario('asking', {
      version: 1,
      enterOn: 'brochure.requested',
      exitWhen: pro,
      steps: ({ call, wait, send }) => [call('ask', 'ask'), wait('rest', '1 day'), send('first', first)],
    })
    const handlers = {
      ask: () => {
        throw new Error('not now')
      },
    }
    const t = await lifeWorld([asking], { handlers })
    await request(t, 'c_1')
    await t.settle()
    const forecast = await t.scenarios.forecast('asking', { days: 7 })
    expect(byDate(forecast)).toEqual({ '2026-01-06': { first: 1 } })
    expect(forecast.uncertain).toBe(1)
  })

  it('counts nothing while the scenario is paused, and afterwards what the way of going on makes of it', async () => {
    const forecastAfter = async (missed: 'continue' | 'skip' | 'shift') => {
      const t = await lifeWorld([onboarding])
      await request(t, 'c_1')
      await t.clock.advance('1 day')
      await t.scenarios.pause('onboarding')
      expect(await t.scenarios.forecast('onboarding')).toMatchObject({ uncertain: 0 })
      expect(byDate(await t.scenarios.forecast('onboarding'))).toEqual({})
      t.clock.jumpTo('2026-01-08T12:00:00Z')
      await t.scenarios.resume('onboarding', { missed })
      const forecast = byDate(await t.scenarios.forecast('onboarding', { days: 10 }))
      expect(forecast).toEqual(await whatGoesOut(t, 10, ['c_1']))
      return forecast
    }
    expect(await forecastAfter('continue')).toEqual({ '2026-01-08': { nudge: 1 } })
    expect(await forecastAfter('skip')).toEqual({})
    expect(Object.keys(await forecastAfter('shift'))).toEqual(['2026-01-10'])
  })

  it('counts those who finish a stopped scenario, and nobody whom stopping ends', async () => {
    const t = await lifeWorld([onboarding])
    await request(t, 'c_1')
    await t.settle()
    await t.scenarios.stop('onboarding', { inFlight: 'finish' })
    expect(byDate(await t.scenarios.forecast('onboarding'))).toEqual({ '2026-01-08': { nudge: 1 } })
    await t.scenarios.stop('onboarding', { inFlight: 'exit' })
    expect(byDate(await t.scenarios.forecast('onboarding'))).toEqual({})
    await t.settle()
    expect(byDate(await t.scenarios.forecast('onboarding'))).toEqual({})
  })

  it('goes through more than one page, tells how far it is, and stops when it is told', async () => {
    const t = await lifeWorld([onboarding])
    const rows = Array.from({ length: 1_100 }, (_, nth) => ({
      contactId: `c_${nth}`,
      event: 'brochure.requested',
      payload: { brochure: 'A' },
    }))
    await t.contacts.identifyMany(rows.map(({ contactId }) => ({ id: contactId, profile: { email: `${contactId}@b.test` } })))
    await t.trackMany(rows, { startScenarios: true })
    await t.settle()
    const told: unknown[] = []
    const all = await t.scenarios.forecast('onboarding', { onProgress: (progress) => told.push(progress) })
    expect(byDate(all)).toEqual({ '2026-01-08': { nudge: 1_100 } })
    expect(told.at(-1)).toEqual({ done: 1_100, total: 1_100 })
    const controller = new AbortController()
    const some = await t.scenarios.forecast('onboarding', {
      signal: controller.signal,
      onProgress: ({ done }) => done > 0 && controller.abort(),
    })
    expect(byDate(some)).toEqual({ '2026-01-08': { nudge: 500 } })
  })

  it('refuses a scenario that is not there, and days that are none', async () => {
    const t = await lifeWorld([onboarding])
    await expect(t.scenarios.forecast('nope')).rejects.toMatchObject({ code: 'scenario.unknown' })
    for (const days of [0, 1.5, 367])
      await expect(t.scenarios.forecast('onboarding', { days })).rejects.toMatchObject({ code: 'config.invalid' })
    expect(await t.scenarios.forecast('onboarding')).toMatchObject({ uncertain: 0 })
    expect((await t.scenarios.forecast('onboarding')).days).toHaveLength(30)
  })
})
