import { dormantOn } from '@tobiishi/core'
import { describe, expect, it } from 'vitest'
import { winBackBuyers } from '../recipes/win-back-buyers.ts'
import { winBackLeads } from '../recipes/win-back-leads.ts'
import { tokyo, worldOf } from './world.ts'

describe('休眠顧客の掘り起こし(購入者): win-back of dormant buyers', () => {
  /** Orders as the app takes them: the event, and the day from which the buyer will be dormant. */
  const shopOf = async () => {
    const t = await worldOf([winBackBuyers], '2026-01-05 13:00')
    const dates = new Map<string, readonly string[]>()
    const order = async (id: string, date: string) => {
      await t.until(`${date} 13:00`)
      const all = [...(dates.get(id) ?? []), date]
      dates.set(id, all)
      await t.contacts.identify(id, { email: `${id}@example.test`, attributes: { dormantOn: dormantOn(all) } })
      await t.track(id, 'order.placed', { category: 'beans', total: 1_800 })
      await t.settle()
    }
    return { ...t, order }
  }

  it('writes 91 days after the only order, each arm in its way and the holdout not at all', () => {
    const contacts = Array.from({ length: 200 }, (_, index) => ({
      id: `c${index}`,
      attributes: { dormantOn: dormantOn(['2026-01-06']) },
    }))
    const { mails, variants } = winBackBuyers.simulate({ from: tokyo('2026-01-06 13:00'), days: 200, contacts })
    const steps = (variant: string) => mails.filter(({ skipped }) => (skipped ?? 'sent') === variant).map(({ step }) => step)
    expect(variants['win-back-1']).toEqual({
      news: expect.closeTo(90, -2),
      coupon: expect.closeTo(90, -2),
      holdout: expect.closeTo(20, -2),
    })
    expect(new Set(steps('sent'))).toEqual(new Set(['news', 'late-coupon', 'coupon']))
    expect(new Set(steps('holdout'))).toEqual(new Set(['news', 'late-coupon']))
    expect(Math.min(...mails.map(({ at }) => at))).toBe(Date.parse(tokyo('2026-04-07 11:00')))
  })

  it('waits for twice the usual gap of who buys rarely, and not at all for who keeps buying', async () => {
    const t = await shopOf()
    for (const date of ['2026-01-06', '2026-03-07', '2026-05-06']) await t.order('c', date)
    expect((await t.contacts.get('c'))?.attributes.dormantOn).toBe('2026-09-04')
    await t.until('2026-09-04 10:59')
    expect(await t.endsOf()).toEqual([])
    await t.until('2026-09-04 12:00')
    expect(await t.endsOf()).toHaveLength(1)
  })

  it('is over with an order, and begins again when that one is too old', async () => {
    const t = await shopOf()
    await t.order('c1', '2026-01-06')
    await t.order('c1', '2026-04-10')
    await t.until('2026-07-09 00:00')
    expect(await t.mailOf('c1')).toEqual(['04-07 11:00 news'])
    expect(await t.endsOf('c1')).toEqual(['goal'])
    await t.until('2026-07-11 00:00')
    expect(await t.mailOf('c1')).toEqual(['04-07 11:00 news', '07-10 11:00 news'])
  })

  it('stops in the middle for who leaves', async () => {
    const t = await shopOf()
    await t.order('c1', '2026-01-06')
    await t.until('2026-04-08 00:00')
    await t.leave()
    await t.until('2026-08-01 00:00')
    expect(await t.mailOf('c1')).toEqual(['04-07 11:00 news', '04-21 11:00 late-coupon (consent-withdrawn)'])
  })
})

describe('休眠顧客の掘り起こし(見込み客): win-back of dormant leads', () => {
  const inquiry = async (id = 'c') => {
    const t = await worldOf([winBackLeads], '2026-01-05 13:00')
    await t.track(id, 'inquiry.received', { about: '見積り' })
    await t.contacts.identify(id, { attributes: { leadStatus: 'inquired' } })
    return t
  }

  it('writes when nobody has spoken for 90 days, and asks once more', async () => {
    const t = await inquiry()
    await t.until('2026-12-31 00:00')
    expect(await t.mailOf()).toEqual(['04-06 09:00 update', '04-15 10:00 question'])
    expect(t.calls).toEqual([])
  })

  it('counts from the last talk, over Golden Week', async () => {
    const t = await inquiry()
    await t.until('2026-02-01 13:00')
    await t.track('c', 'sales.contacted', { channel: 'phone' })
    await t.until('2026-05-08 00:00')
    expect(await t.mailOf()).toEqual(['05-07 09:00 update'])
  })

  it('hands who clicks to sales', async () => {
    const t = await inquiry()
    await t.until('2026-04-06 15:00')
    await t.press()
    await t.until('2026-12-31 00:00')
    expect(t.calls).toEqual(['tellSales c'])
    expect(await t.mailOf()).toHaveLength(1)
  })

  it('leaves who has ordered since, but not who ordered before', async () => {
    const t = await inquiry('won')
    await t.track('old', 'order.placed', { category: 'machine', total: 90_000 }, { occurredAt: tokyo('2025-01-05 13:00') })
    await t.until('2026-02-01 13:00')
    await t.track('won', 'order.placed', { category: 'machine', total: 90_000 })
    await t.contacts.identify('won', { attributes: { leadStatus: 'won' } })
    await t.track('old', 'deal.lost', { reason: '予算' })
    await t.contacts.identify('old', { attributes: { leadStatus: 'lost' } })
    await t.until('2026-12-31 00:00')
    expect(await t.mailOf('won')).toEqual([])
    expect((await t.mailOf('old')).map((mail) => mail.slice(12))).toEqual(['update', 'question'])
  })

  it('begins again after the next 90 days of silence', async () => {
    const t = await inquiry()
    await t.until('2026-04-07 13:00')
    await t.track('c', 'sales.contacted', { channel: 'phone' })
    await t.until('2026-07-01 13:00')
    await t.track('c', 'sales.contacted', { channel: 'phone' })
    await t.until('2026-10-31 00:00')
    expect(await t.mailOf()).toEqual(['04-06 09:00 update', '09-29 13:00 update', '10-08 10:00 question'])
    expect(await t.endsOf()).toEqual(['event:sales.contacted', 'completed'])
  })
})
