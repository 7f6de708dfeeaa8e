import { describe, expect, it } from 'vitest'
import { crossSell } from '../recipes/cross-sell.ts'
import { purchaseFollowUp } from '../recipes/purchase-follow-up.ts'
import { reviewRequest } from '../recipes/review-request.ts'
import { upSell } from '../recipes/up-sell.ts'
import { tokyo, worldOf } from './world.ts'

const machine = { category: 'machine', name: 'ドリッパー01' } as const

describe('購入後フォロー: post-purchase follow-up', () => {
  it('helps first, and asks first-time buyers back with a gift', async () => {
    const t = await worldOf([purchaseFollowUp], '2026-01-05 13:00')
    await t.track('c', 'order.placed', { category: 'machine', total: 12_000 }, { occurredAt: tokyo('2026-01-03 10:00') })
    await t.track('c', 'order.delivered', machine)
    await t.until('2026-02-28 00:00')
    expect(await t.mailOf()).toEqual(['01-07 10:00 how-to', '01-25 19:00 first-refill'])
    expect(t.outbox[0]?.subject).toBe('ドリッパー01を長くお使いいただくために')
  })

  it('thanks regular buyers instead', async () => {
    const t = await worldOf([purchaseFollowUp], '2026-01-05 13:00')
    for (const day of ['2025-11-01 10:00', '2026-01-03 10:00'])
      await t.track('c', 'order.placed', { category: 'beans', total: 1_800 }, { occurredAt: tokyo(day) })
    await t.track('c', 'order.delivered', machine)
    await t.until('2026-02-28 00:00')
    expect((await t.mailOf()).at(-1)).toBe('01-25 19:00 regular-thanks')
  })

  it('is over with the next order, and stays silent at deliveries of the same month', async () => {
    const t = await worldOf([purchaseFollowUp], '2026-01-05 13:00')
    await t.track('c', 'order.delivered', machine)
    await t.until('2026-01-10 12:00')
    await t.track('c', 'order.placed', { category: 'beans', total: 1_800 })
    await t.until('2026-01-12 12:00')
    await t.track('c', 'order.delivered', { category: 'beans', name: '中煎り' })
    await t.until('2026-02-06 12:00')
    await t.track('c', 'order.delivered', { category: 'beans', name: '深煎り' })
    await t.until('2026-02-10 00:00')
    expect(await t.mailOf()).toEqual(['01-07 10:00 how-to', '02-08 10:00 how-to'])
    expect(await t.endsOf()).toEqual(['goal', 'at use'])
  })

  it('does not praise what was sent back', async () => {
    const t = await worldOf([purchaseFollowUp], '2026-01-05 13:00')
    await t.track('c', 'order.delivered', machine)
    await t.until('2026-01-06 12:00')
    await t.track('c', 'order.returned', { name: machine.name })
    await t.until('2026-02-28 00:00')
    expect(await t.mailOf()).toEqual([])
    expect(await t.endsOf()).toEqual(['event:order.returned'])
  })
})

describe('クロスセル: cross-sell', () => {
  it('offers beans to who bought a machine, and reminds who did not open', async () => {
    const t = await worldOf([crossSell], '2026-01-05 13:00')
    await t.track('c', 'order.delivered', machine)
    await t.until('2026-02-28 00:00')
    expect(await t.mailOf()).toEqual(['01-15 19:00 beans', '01-16 19:00 beans-again'])
  })

  it('leaves alone who opened, who bought beans with it, and who bought something else', async () => {
    const t = await worldOf([crossSell], '2026-01-05 13:00')
    await t.track('opens', 'order.delivered', machine)
    await t.track('with-it', 'order.placed', { category: 'beans', total: 1_800 }, { occurredAt: tokyo('2026-01-03 10:00') })
    await t.track('with-it', 'order.delivered', machine)
    await t.track('other', 'order.delivered', { category: 'other', name: 'マグカップ' })
    await t.until('2026-01-15 22:00')
    await t.open()
    await t.until('2026-02-28 00:00')
    expect(await t.mailOf('opens')).toEqual(['01-15 19:00 beans'])
    expect(await t.mailOf('with-it')).toEqual([])
    expect(await t.endsOf('other')).toEqual([])
  })

  it('reaches its goal by beans, not by any order', async () => {
    const t = await worldOf([crossSell], '2026-01-05 13:00')
    await t.track('c', 'order.delivered', machine)
    await t.until('2026-01-07 12:00')
    await t.track('c', 'order.placed', { category: 'other', total: 900 })
    expect(await t.endsOf()).toEqual(['at first-cups'])
    await t.until('2026-01-15 21:00')
    await t.track('c', 'order.placed', { category: 'beans', total: 1_800 })
    await t.settle()
    expect(await t.endsOf()).toEqual(['goal'])
  })
})

describe('アップセル: up-sell', () => {
  /** A month of use on the free plan, one visit a day from 6 January on. */
  const month = async (ids: readonly string[], days = 20) => {
    const t = await worldOf([upSell], '2026-01-05 13:00')
    for (const id of ids) await t.contacts.identify(id, { email: `${id}@example.test`, attributes: { plan: 'free' } })
    for (let visit = 0; visit < days; visit += 1) {
      await t.clock.advance('1 day')
      for (const id of ids) await t.track(id, 'app.used', {})
    }
    await t.settle()
    return t
  }
  const ids = Array.from({ length: 30 }, (_, index) => `u${index}`)

  it('writes to heavy users by their arm, and to nobody of the holdout', async () => {
    const t = await month(ids)
    await t.until('2026-03-01 00:00')
    const lives = await Promise.all(ids.map((id) => t.mailOf(id)))
    const kinds = new Set(lives.map((mails) => mails.join(', ')))
    expect([...kinds].toSorted()).toEqual([
      '01-26 09:00 saving',
      '01-26 09:00 trial (holdout), 02-04 10:00 trial-again (holdout)',
      '01-26 09:00 trial, 02-04 10:00 trial-again',
    ])
  })

  it('writes to nobody who uses it little', async () => {
    const t = await month(['c'], 19)
    expect(await t.endsOf()).toEqual([])
  })

  it('stops as soon as somebody is on Pro', async () => {
    const t = await month(ids)
    await t.until('2026-01-27 12:00')
    for (const id of ids) await t.contacts.identify(id, { attributes: { plan: 'pro' } })
    await t.until('2026-03-01 00:00')
    const lives = await Promise.all(ids.map((id) => t.mailOf(id)))
    expect(lives.filter((mails) => mails.length > 1)).toEqual([])
    expect(new Set((await Promise.all(ids.map((id) => t.endsOf(id)))).flat())).toEqual(new Set(['completed', 'goal']))
  })
})

describe('レビュー依頼とフィードバック: review request', () => {
  const delivered = async () => {
    const t = await worldOf([reviewRequest], '2026-01-05 13:00')
    await t.track('c', 'order.delivered', machine)
    return t
  }

  it('asks, reminds, and gives up', async () => {
    const t = await delivered()
    await t.until('2026-03-01 00:00')
    expect(await t.mailOf()).toEqual(['01-15 12:00 ask', '01-22 19:00 remind'])
    expect(await t.endsOf()).toEqual(['completed'])
  })

  it('thanks for praise', async () => {
    const t = await delivered()
    await t.until('2026-01-16 12:00')
    await t.track('c', 'review.posted', { rating: 5 })
    await t.until('2026-03-01 00:00')
    expect(await t.mailOf()).toEqual(['01-15 12:00 ask', '01-16 12:00 thanks-asked'])
    expect(t.calls).toEqual([])
  })

  it('answers blame with a person, after the reminder too', async () => {
    const t = await delivered()
    await t.until('2026-01-24 12:00')
    await t.track('c', 'review.posted', { rating: 2 })
    await t.until('2026-03-01 00:00')
    expect((await t.mailOf()).at(-1)).toBe('01-24 12:00 sorry-reminded')
    expect(t.calls).toEqual(['callBack c'])
  })

  it('does not ask who has said it all before', async () => {
    const t = await delivered()
    await t.until('2026-01-08 12:00')
    await t.track('c', 'review.posted', { rating: 5 })
    await t.until('2026-03-01 00:00')
    expect(await t.mailOf()).toEqual(['01-08 12:00 thanks-unasked'])
  })
})
