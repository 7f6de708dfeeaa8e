import { describe, expect, it } from 'vitest'
import { anniversary } from '../recipes/anniversary.ts'
import { birthday } from '../recipes/birthday.ts'
import { renewal } from '../recipes/renewal.ts'
import { tokyo, worldOf } from './world.ts'

describe('誕生日: birthday', () => {
  const born = async (date: string) => {
    const t = await worldOf([birthday], '2026-01-05 13:00')
    await t.contacts.identify('c', { email: 'c@example.test', attributes: { birthday: date } })
    return t
  }

  it('brings a gift a week before and a wish on the day, each year', async () => {
    const t = await born('1990-03-10')
    await t.until('2026-12-31 00:00')
    expect(await t.mailOf()).toEqual(['03-03 10:00 gift', '03-10 09:00 today'])
    await t.until('2027-12-31 00:00')
    expect(t.outbox).toHaveLength(4)
  })

  it('celebrates 29 February on the 28th in other years', async () => {
    const t = await born('1992-02-29')
    await t.until('2026-12-31 00:00')
    expect(await t.mailOf()).toEqual(['02-21 10:00 gift', '02-28 09:00 today'])
  })

  it('does not press who has used the gift', async () => {
    const t = await born('1990-03-10')
    await t.until('2026-03-05 12:00')
    await t.track('c', 'order.placed', { category: 'beans', total: 1_800 })
    await t.until('2026-12-31 00:00')
    expect(await t.mailOf()).toEqual(['03-03 10:00 gift'])
  })

  it('gives once a year, however often the date is corrected', async () => {
    const t = await born('1990-03-10')
    await t.until('2026-03-20 00:00')
    await t.contacts.identify('c', { attributes: { birthday: '1990-04-20' } })
    await t.until('2027-03-31 00:00')
    expect(await t.mailOf()).toEqual(['03-03 10:00 gift', '03-10 09:00 today'])
    await t.until('2027-04-30 00:00')
    expect((await t.mailOf()).slice(2)).toEqual(['04-13 10:00 gift', '04-20 09:00 today'])
  })

  it('follows the contact to another zone', async () => {
    const t = await born('1990-03-10')
    await t.contacts.identify('c', { timeZone: 'America/New_York' })
    await t.until('2026-12-31 00:00')
    expect(await t.mailOf()).toEqual(['03-04 00:00 gift', '03-10 22:00 today'])
  })
})

describe('記念日: anniversary', () => {
  it('does not celebrate the day of joining, but each one after it', async () => {
    const t = await worldOf([anniversary], '2026-01-05 09:30')
    await t.contacts.identify('c', { email: 'c@example.test', attributes: { joinedOn: '2026-01-05' } })
    await t.track('c', 'member.registered', {})
    await t.until('2026-12-31 00:00')
    expect(await t.mailOf()).toEqual([])
    await t.until('2028-02-01 00:00')
    expect(await t.mailOf()).toEqual(['01-05 10:00 thanks', '01-05 10:00 thanks'])
  })

  it('thanks the loyal in another way', async () => {
    const t = await worldOf([anniversary], '2026-01-05 09:30')
    await t.contacts.identify('c', { email: 'c@example.test', attributes: { joinedOn: '2024-06-01' } })
    for (let month = 1; month <= 5; month += 1)
      await t.track(
        'c',
        'order.placed',
        { category: 'beans', total: 1_800 },
        { occurredAt: tokyo(`2025-1${month % 3}-0${month} 10:00`) },
      )
    await t.until('2026-12-31 00:00')
    expect(await t.mailOf()).toEqual(['06-01 10:00 loyal-thanks'])
  })
})

describe('契約更新のお知らせ: renewal', () => {
  const contract = async (renewsOn: string, consent = true) => {
    const t = await worldOf([renewal], '2026-01-05 13:00', { grantConsent: consent, quietHours: { from: '18:00', to: '11:00' } })
    await t.contacts.identify('c', { email: 'c@example.test', attributes: { renewsOn } })
    return t
  }

  it('reminds three times, also without consent to advertisements', async () => {
    const t = await contract('2026-03-31', false)
    await t.until('2026-12-31 00:00')
    expect(await t.mailOf()).toEqual(['03-01 10:00 month-before', '03-24 10:00 week-before', '03-30 10:00 day-before'])
    expect(t.outbox[0]?.text).toContain('2026年3月31日')
  })

  it('ends with the renewal, and begins anew for the next date', async () => {
    const t = await contract('2026-03-31')
    await t.until('2026-03-10 12:00')
    await t.track('c', 'subscription.renewed', {})
    await t.contacts.identify('c', { attributes: { renewsOn: '2027-03-31' } })
    await t.until('2026-12-31 00:00')
    expect(await t.mailOf()).toEqual(['03-01 10:00 month-before'])
    await t.until('2027-03-02 00:00')
    expect(await t.endsOf()).toEqual(['event:subscription.renewed', 'at until-week'])
  })

  it('follows a date that is corrected, without a second course beside the first', async () => {
    const t = await contract('2026-03-31')
    await t.until('2026-03-10 12:00')
    await t.contacts.identify('c', { attributes: { renewsOn: '2026-05-31' } })
    await t.until('2026-12-31 00:00')
    expect(await t.mailOf()).toEqual(['03-01 10:00 month-before', '05-24 10:00 week-before', '05-30 10:00 day-before'])
  })

  it('reminds of the new date only when it was moved', async () => {
    const t = await contract('2026-03-31')
    await t.until('2026-03-10 12:00')
    await t.track('c', 'subscription.moved', {})
    await t.contacts.identify('c', { attributes: { renewsOn: '2026-04-10' } })
    await t.until('2026-12-31 00:00')
    expect(await t.mailOf()).toEqual([
      '03-01 10:00 month-before',
      '03-11 10:00 month-before',
      '04-03 10:00 week-before',
      '04-09 10:00 day-before',
    ])
    expect(await t.endsOf()).toEqual(['event:subscription.moved', 'completed'])
  })

  it('leaves out what has passed for who is enrolled late', async () => {
    const t = await contract('2026-01-09')
    await t.enrol('c', renewal)
    await t.until('2026-12-31 00:00')
    expect(await t.mailOf()).toEqual(['01-02 10:00 week-before (past)', '01-05 13:00 month-before', '01-08 10:00 day-before'])
  })
})
