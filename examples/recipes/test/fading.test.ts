import { describe, expect, it } from 'vitest'
import { model } from '../mail/model.ts'
import { fallingUse } from '../recipes/falling-usage.ts'
import { listeners, sunset } from '../recipes/sunset.ts'
import { worldOf } from './world.ts'

describe('利用低下: falling usage', () => {
  /** Daily use from 6 to 17 January, then none; with the last two uses on the 16th and 17th it has fallen on the 30th. */
  const silent = async (plan: 'free' | 'pro') => {
    const t = await worldOf([fallingUse], '2026-01-05 13:00')
    await t.contacts.identify('c', { email: 'c@example.test', attributes: { plan } })
    for (let day = 0; day < 12; day += 1) {
      await t.clock.advance('1 day')
      await t.track('c', 'app.used', {})
    }
    await t.settle()
    return t
  }

  it('helps when use has fallen, and offers help again after a week', async () => {
    const t = await silent('free')
    await t.until('2026-05-01 00:00')
    expect(await t.mailOf()).toEqual(['01-30 13:00 tips', '02-06 10:00 help'])
    expect(t.calls).toEqual([])
  })

  it('has paying customers called by a person', async () => {
    const t = await silent('pro')
    await t.until('2026-05-01 00:00')
    expect(await t.mailOf()).toEqual(['01-30 13:00 tips'])
    expect(t.calls).toEqual(['callBack c'])
  })

  it('is over when they are back, and rests for 60 days', async () => {
    const t = await silent('free')
    await t.until('2026-02-01 13:00')
    for (let use = 0; use < 2; use += 1) await t.track('c', 'app.used', {})
    await t.until('2026-03-01 00:00')
    expect(await t.mailOf()).toEqual(['01-30 13:00 tips'])
    expect(await t.endsOf()).toEqual(['goal'])
  })

  it('leaves alone who never used it much', async () => {
    const t = await worldOf([fallingUse], '2026-01-05 13:00')
    for (let use = 0; use < 11; use += 1) await t.track('c', 'app.used', {})
    await t.until('2026-05-01 00:00')
    expect(await t.endsOf()).toEqual([])
  })
})

describe('反応のない方への配信停止: sunset', () => {
  const newsletter = model.template('newsletter', {
    purpose: 'marketing',
    topic: 'offers',
    subject: ({ line }) => line`今月のお知らせ`,
    body: ({ text, footer }) => text`今月の豆 https://shop.example.jp/monthly\n${footer()}`,
  })

  /** A newsletter to `listeners` on the first of each month; half a year after registering there are six. */
  const reader = async () => {
    const t = await worldOf([sunset], '2026-01-05 13:00', { templates: [newsletter] })
    await t.track('c', 'member.registered', {})
    for (let month = 1; month <= 12; month += 1) {
      const at = Date.UTC(2026, month, 1, 1)
      await t.broadcasts.send({ id: `m${month}`, template: newsletter, to: listeners, at })
    }
    return t
  }
  const newsletters = async (t: Awaited<ReturnType<typeof reader>>) =>
    (await t.mailOf()).filter((mail) => mail.endsWith('null')).map((mail) => mail.slice(0, 5))

  it('asks once, then rests', async () => {
    const t = await reader()
    await t.until('2026-12-31 00:00')
    expect(await newsletters(t)).toEqual(['02-01', '03-01', '04-01', '05-01', '06-01', '07-01'])
    expect((await t.mailOf()).at(-1)).toBe('07-13 10:00 last-ask')
    expect((await t.contacts.get('c'))?.attributes.mailing).toBe('paused')
  })

  it('asks long-time members after the sixth mail, unless they click that one', async () => {
    const t = await worldOf([sunset], '2026-01-05 13:00', { templates: [newsletter] })
    for (const id of ['c', 'd']) await t.track(id, 'member.registered', {}, { occurredAt: '2024-01-01T00:00:00Z' })
    for (let day = 6; day <= 11; day += 1) {
      await t.until(`2026-01-${String(day).padStart(2, '0')} 12:00`)
      await t.broadcasts.send({ id: `n${day}`, template: newsletter, to: listeners })
    }
    await t.until('2026-01-12 12:00')
    await t.press()
    await t.until('2026-01-31 00:00')
    expect([...(await t.endsOf('c')), ...(await t.endsOf('d'))].toSorted()).toEqual(['at answer', 'completed'])
  })

  it('goes on for who says so', async () => {
    const t = await reader()
    await t.until('2026-07-14 12:00')
    await t.press()
    await t.until('2026-12-31 00:00')
    expect(await newsletters(t)).toHaveLength(11)
    expect(await t.endsOf()).toEqual(['completed'])
    await t.until('2027-01-11 00:00')
    expect(await t.endsOf()).toEqual(['completed', 'at time-to-read'])
  })

  it('goes on for who orders after all, from then on', async () => {
    const t = await reader()
    await t.until('2026-09-15 12:00')
    await t.track('c', 'order.placed', { category: 'beans', total: 1_800 })
    await t.until('2026-12-31 00:00')
    expect((await newsletters(t)).slice(6)).toEqual(['10-01', '11-01', '12-01'])
    expect((await t.contacts.get('c'))?.attributes.mailing).toBe('all')
  })

  it('does not ask who clicks now and then', async () => {
    const t = await reader()
    await t.until('2026-05-02 12:00')
    await t.press()
    await t.until('2026-10-20 00:00')
    expect(await t.endsOf()).toEqual([])
  })
})
