import { describe, expect, it } from 'vitest'
import { brochureEducation } from '../recipes/brochure-education.ts'
import { brochureReceipt } from '../recipes/brochure-receipt.ts'
import { keepWarm } from '../recipes/keep-warm.ts'
import { welcome } from '../recipes/welcome.ts'
import { worldOf } from './world.ts'

describe('ようこそ: welcome', () => {
  it('greets at once, teaches, and ends by what was read', async () => {
    const t = await worldOf([welcome], '2026-01-05 13:30')
    await t.track('c', 'member.registered', {})
    await t.until('2026-01-08 21:00')
    await t.press()
    await t.until('2026-02-01 00:00')
    expect(await t.mailOf()).toEqual(['01-05 13:30 hello', '01-08 10:00 brewing', '01-12 10:00 popular'])
  })

  it('offers a trial to who did not click', async () => {
    const t = await worldOf([welcome], '2026-01-05 13:30')
    await t.track('c', 'member.registered', {})
    await t.until('2026-01-08 21:00')
    await t.open()
    await t.until('2026-02-01 00:00')
    expect((await t.mailOf()).at(-1)).toBe('01-12 10:00 trial')
  })

  it('waits for the morning, and is over with the first order', async () => {
    const t = await worldOf([welcome], '2026-01-05 23:30')
    await t.track('c', 'member.registered', {})
    await t.until('2026-01-07 00:00')
    await t.track('c', 'order.placed', { category: 'beans', total: 1_800 })
    await t.until('2026-02-01 00:00')
    expect(await t.mailOf()).toEqual(['01-06 08:00 hello'])
    expect(await t.endsOf()).toEqual(['goal'])
    await t.track('c', 'member.registered', {})
    await t.until('2026-03-01 00:00')
    expect(await t.mailOf()).toHaveLength(1)
  })

  it('sends nothing after an unsubscribe', async () => {
    const t = await worldOf([welcome], '2026-01-05 13:30')
    await t.track('c', 'member.registered', {})
    await t.until('2026-01-06 00:00')
    await t.leave()
    await t.until('2026-02-01 00:00')
    expect(await t.mailOf()).toEqual([
      '01-05 13:30 hello',
      expect.stringMatching('brewing \\('),
      expect.stringMatching('trial \\('),
    ])
    expect(t.outbox).toHaveLength(1)
  })

  it('speaks the language of its reader', async () => {
    const t = await worldOf([welcome], '2026-01-05 13:30')
    await t.contacts.identify('c', { email: 'c@example.test', name: { family: 'Smith', given: 'Jo' }, locale: 'en-GB' })
    await t.contacts.identify('d', { email: 'd@example.test', name: { family: '山田', given: '花子' } })
    for (const id of ['c', 'd']) await t.track(id, 'member.registered', {})
    await t.settle()
    const textTo = (id: string) => t.outbox.find(({ to }) => to.startsWith(id))?.text ?? ''
    expect(textTo('c')).toMatch(/Jo Smith.*Thank you for joining us.*Find my beans/s)
    expect(textTo('d')).toMatch(/山田 花子 様.*ご登録ありがとうございます.*好みの豆を探す.*配信停止/s)
  })
})

describe('資料請求の受付: brochure receipt', () => {
  it('answers every request at any hour, also of those who take no advertisements', async () => {
    const t = await worldOf([brochureReceipt], '2026-01-10 23:50', {
      quietHours: { from: '21:00', to: '08:00' },
      grantConsent: false,
    })
    await t.track('c', 'brochure.requested', { brochure: '導入ガイド' })
    await t.settle()
    await t.clock.advance('5 minutes')
    await t.track('c', 'brochure.requested', { brochure: '料金表' })
    await t.settle()
    expect(await t.mailOf()).toEqual(['01-10 23:50 receipt', '01-10 23:55 receipt'])
    expect(t.outbox.map(({ subject }) => subject)).toEqual([
      '「導入ガイド」のご請求を承りました',
      '「料金表」のご請求を承りました',
    ])
  })
})

describe('資料請求後の教育: education after a brochure request', () => {
  /** Thursday before Golden Week: 29 April, 3 to 6 May are holidays. */
  const request = async () => {
    const t = await worldOf([brochureEducation, keepWarm], '2026-04-23 15:00')
    await t.track('c', 'brochure.requested', { brochure: '導入ガイド' })
    return t
  }

  it('walks over open days only, offers a talk, and goes on to keep-warm, whose third month begins on a Saturday', async () => {
    const t = await request()
    await t.until('2026-05-31 00:00')
    expect(await t.mailOf()).toEqual(['04-28 10:00 basics', '05-08 10:00 example', '05-15 10:00 consultation'])
    await t.until('2026-12-01 00:00')
    expect((await t.mailOf()).slice(3)).toEqual(['06-15 10:00 checklist', '07-15 10:00 budget', '08-17 09:00 tasting'])
    expect(t.calls).toEqual([])
  })

  it('hands who clicks to sales, once and without another mail', async () => {
    const t = await request()
    await t.until('2026-05-08 12:00')
    await t.press()
    await t.until('2026-07-01 00:00')
    expect(t.calls).toEqual(['tellSales c'])
    expect(await t.mailOf()).toHaveLength(2)
    expect((await t.contacts.get('c'))?.attributes.tags).toEqual(['warm-lead'])
  })

  it('sends no lessons to whom sales knows, and tells sales of their next request', async () => {
    const t = await request()
    await t.until('2026-05-08 12:00')
    await t.press()
    await t.until('2026-08-03 12:00')
    await t.track('c', 'brochure.requested', { brochure: '料金表' })
    await t.until('2026-12-01 00:00')
    expect(t.calls).toEqual(['tellSales c', 'tellSales c'])
    expect(await t.mailOf()).toHaveLength(2)
  })

  it('is over with an inquiry, and begins again only after 90 days', async () => {
    const t = await request()
    await t.until('2026-05-01 00:00')
    await t.track('c', 'inquiry.received', { about: '見積り' })
    await t.until('2026-06-01 12:00')
    await t.track('c', 'brochure.requested', { brochure: '料金表' })
    await t.until('2026-08-03 12:00')
    await t.track('c', 'brochure.requested', { brochure: '新しい料金表' })
    await t.until('2026-08-07 00:00')
    expect(await t.mailOf()).toEqual(['04-28 10:00 basics', '08-06 10:00 basics'])
    expect(await t.endsOf()).toEqual(['goal', 'at read'])
  })
})

describe('見込み客の温め: keep-warm', () => {
  it('tells sales of who has read any of the three', async () => {
    const t = await worldOf([keepWarm], '2026-06-01 10:00')
    for (const id of ['c', 'd']) await t.enrol(id, keepWarm)
    await t.until('2026-06-01 12:00')
    await t.press()
    await t.until('2026-12-01 00:00')
    expect(t.calls).toHaveLength(1)
    expect(await t.endsOf('d')).toEqual(['completed'])
  })

  it('can begin again when it is over, and not before', async () => {
    const t = await worldOf([keepWarm], '2026-06-01 10:00')
    await t.enrol('c', keepWarm, { key: 'spring' })
    await t.settle()
    expect(await t.enrol('c', keepWarm, { key: 'june' })).toMatchObject({ enrolled: 0 })
    await t.until('2026-06-02 10:00')
    await t.track('c', 'deal.lost', { reason: '予算' })
    await t.settle()
    expect(await t.enrol('c', keepWarm, { key: 'summer' })).toMatchObject({ enrolled: 1 })
    expect(await t.endsOf()).toEqual(['event:deal.lost', 'at month-1'])
  })
})
