import { describe, expect, it } from 'vitest'
import { browsing } from '../recipes/browsing.ts'
import { campaignProgress } from '../recipes/campaign-progress.ts'
import { cart } from '../recipes/cart.ts'
import { worldOf } from './world.ts'

const filled = { items: 2, url: 'https://shop.example.jp/cart/abc' }
const dripper = { name: 'ドリッパー01', url: 'https://shop.example.jp/items/dripper-01' }

describe('カゴ落ち: cart', () => {
  it('reminds two hours after the latest change, and on the next evening', async () => {
    const t = await worldOf([cart], '2026-01-05 13:00')
    await t.track('c', 'cart.updated', filled)
    await t.until('2026-01-05 14:30')
    await t.track('c', 'cart.updated', { ...filled, items: 3 })
    await t.until('2026-01-10 00:00')
    expect(await t.mailOf()).toEqual(['01-05 16:30 forgotten', '01-06 20:00 last-call'])
  })

  it('waits for the morning where the two hours end at night', async () => {
    const t = await worldOf([cart], '2026-01-05 21:30')
    await t.track('c', 'cart.updated', filled)
    await t.until('2026-01-10 00:00')
    expect(await t.mailOf()).toEqual(['01-06 08:00 forgotten', '01-07 20:00 last-call'])
  })

  it('leaves buyers alone, and everyone for the rest of the week', async () => {
    const t = await worldOf([cart], '2026-01-05 13:00')
    await t.track('c', 'cart.updated', filled)
    await t.track('buys', 'cart.updated', filled)
    await t.track('empty', 'cart.updated', { ...filled, items: 0 })
    await t.until('2026-01-05 14:00')
    await t.track('buys', 'order.placed', { category: 'other', total: 900 })
    await t.until('2026-01-09 13:00')
    await t.track('c', 'cart.updated', filled)
    await t.until('2026-01-13 13:00')
    await t.track('c', 'cart.updated', filled)
    await t.until('2026-01-13 18:00')
    expect(await t.mailOf()).toEqual(['01-05 15:00 forgotten', '01-06 20:00 last-call', '01-13 15:00 forgotten'])
    expect([await t.mailOf('buys'), await t.endsOf('buys')]).toEqual([[], ['goal']])
    expect(await t.endsOf('empty')).toEqual([])
  })
})

describe('閲覧リターゲティング: browsing', () => {
  it('writes to who looks again and again, once in two weeks', async () => {
    const t = await worldOf([browsing], '2026-01-05 13:00')
    for (let day = 6; day < 26; day += 1) {
      await t.track('c', 'item.viewed', dripper)
      await t.until(`2026-01-${String(day).padStart(2, '0')} 13:00`)
    }
    await t.until('2026-02-10 00:00')
    expect(await t.mailOf()).toEqual(['01-08 19:00 look-again', '01-22 19:00 look-again'])
    expect(t.outbox[0]?.subject).toBe('ドリッパー01をご検討中の方へ')
  })

  it('leaves alone who looked once, who bought, and who has filled a cart', async () => {
    const t = await worldOf([browsing], '2026-01-05 13:00')
    await t.track('once', 'item.viewed', dripper)
    for (const id of ['buys', 'puts']) for (let view = 0; view < 3; view += 1) await t.track(id, 'item.viewed', dripper)
    await t.until('2026-01-06 10:00')
    await t.track('buys', 'order.placed', { category: 'machine', total: 12_000 })
    await t.track('puts', 'cart.updated', filled)
    await t.until('2026-02-01 00:00')
    for (const id of ['once', 'buys', 'puts']) expect(await t.mailOf(id)).toEqual([])
    expect([await t.endsOf('once'), await t.endsOf('buys'), await t.endsOf('puts')]).toEqual([
      ['completed'],
      ['goal'],
      ['event:cart.updated'],
    ])
  })
})

describe('キャンペーンの進み具合: campaign progress', () => {
  const stamps = async (count: number) => {
    const t = await worldOf([campaignProgress], '2026-07-06 12:00')
    for (let stamp = 0; stamp < count; stamp += 1) {
      await t.clock.advance('1 hour')
      await t.track('c', 'stamp.earned', { campaign: 'summer-2026' })
    }
    await t.settle()
    return t
  }

  it('writes when one is missing, and again before the weekend', async () => {
    const t = await stamps(4)
    await t.until('2026-08-31 00:00')
    expect(await t.mailOf()).toEqual(['07-06 16:00 one-more', '07-10 18:00 weekend'])
  })

  it('congratulates as soon as the card is complete', async () => {
    const t = await stamps(4)
    await t.until('2026-07-08 12:00')
    await t.track('c', 'stamp.earned', { campaign: 'summer-2026' })
    await t.until('2026-08-31 00:00')
    expect(await t.mailOf()).toEqual(['07-06 16:00 one-more', '07-08 12:00 complete'])
  })

  it('congratulates after the second mail too', async () => {
    const t = await stamps(4)
    await t.until('2026-07-11 12:00')
    await t.track('c', 'stamp.earned', { campaign: 'summer-2026' })
    await t.until('2026-08-31 00:00')
    expect((await t.mailOf()).at(-1)).toBe('07-11 12:00 complete-late')
  })

  it('counts the stamps of this campaign only', async () => {
    const t = await stamps(3)
    await t.track('c', 'stamp.earned', { campaign: 'winter-2025' })
    await t.until('2026-08-31 00:00')
    expect(await t.endsOf()).toEqual([])
  })
})
