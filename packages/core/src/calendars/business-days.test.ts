import { describe, expect, it } from 'vitest'
import { businessCalendar } from '../domain/time/business-calendar.ts'
import { localDate, weekdayOf } from '../domain/time/local-date.ts'
import { nextSendable } from '../domain/time/next-sendable.ts'
import { parseInstant } from '../domain/time/parse-instant.ts'
import { waitEnd } from '../domain/time/wait-end.ts'
import { isObonClosure, isYearEndClosure, japaneseHolidays } from './jp.ts'

const zone = 'Asia/Tokyo'
const calendar = businessCalendar({
  holidays: japaneseHolidays,
  closed: [isYearEndClosure, isObonClosure, '2026-11-02'],
  version: '2026-04-01',
})
const at = (date: string) => parseInstant(`${date}T10:00+09:00`)
const businessDays = (date: string, days: number) =>
  localDate(waitEnd(at(date), { kind: 'business', days, at: null }, { zone, isHoliday: calendar.isHoliday }), zone)

describe('business days with the holidays of Japan and closed days of a company', () => {
  it.each([
    ['over Golden Week with its substitute holiday', '2026-05-01', 1, '2026-05-07'],
    ['back over Golden Week', '2026-05-07', -1, '2026-05-01'],
    ["over Silver Week with its citizens' holiday", '2026-09-18', 1, '2026-09-24'],
    ['over a substitute holiday of the equinox', '2027-03-19', 1, '2027-03-23'],
    ['over the new year', '2026-12-28', 1, '2027-01-04'],
    ['back over the new year', '2027-01-04', -1, '2026-12-28'],
    ['over Obon and the Mountain Day before it', '2026-08-10', 2, '2026-08-17'],
    ['over a closed day of its own, a weekend and a holiday', '2026-10-30', 1, '2026-11-04'],
    ['from a weekend', '2026-10-31', 1, '2026-11-04'],
    ['none: an open day is itself', '2026-10-30', 0, '2026-10-30'],
    ['none: a closed day becomes the next open one', '2026-10-31', 0, '2026-11-04'],
    ['a whole year', '2026-01-01', 237, '2026-12-28'],
  ])('%s', (_what, from, days, expected) => {
    expect(businessDays(from, days)).toBe(expected)
  })

  it('counts what an independent list of open days counts', () => {
    const days = Array.from({ length: 730 }, (_, n) => new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10))
    const open = days.filter((date) => ![0, 6].includes(weekdayOf(date)) && !calendar.isHoliday(date))
    for (const date of days.slice(60, -60)) {
      const after = open.filter((one) => one > date)
      const before = open.filter((one) => one < date)
      expect(
        [1, 2, 10].map((n) => businessDays(date, n)),
        date,
      ).toEqual([after[0], after[1], after[9]])
      expect(
        [-1, -5].map((n) => businessDays(date, n)),
        date,
      ).toEqual([before.at(-1), before.at(-5)])
      expect(businessDays(date, 0)).toBe(open.find((one) => one >= date))
    }
  })

  it('opens no window on them', () => {
    const window = { days: 'business', from: '09:00', to: '20:00' } as const
    const opens = (date: string) =>
      localDate(nextSendable(at(date), { window, quietHours: null, zone, isHoliday: calendar.isHoliday }), zone)
    expect(['2026-12-29', '2026-08-13', '2026-11-02', '2026-11-04'].map(opens)).toEqual([
      '2027-01-04',
      '2026-08-17',
      '2026-11-04',
      '2026-11-04',
    ])
  })

  it('does not guess beyond the data, not on closed days either', () => {
    for (const date of ['2050-12-30', '2051-05-10'])
      expect(() => calendar.isHoliday(date)).toThrow(expect.objectContaining({ code: 'time.beyond_horizon' }))
    expect(() => businessDays('2050-11-22', 5)).toThrow(expect.objectContaining({ code: 'time.beyond_horizon' }))
  })

  it('says where its days come from', () => {
    expect(calendar.version).toMatch(/^@holiday-jp\/holiday_jp \d+\.\d+\.\d+ to 2050-11-23, closed days 2026-04-01$/)
    expect(businessCalendar({}).version).toBe('unstamped')
  })

  it('refuses a closed day that is no date, and a year without an open day', () => {
    expect(() => businessCalendar({ closed: ['2026-02-30'] })).toThrow(expect.objectContaining({ code: 'time.invalid' }))
    const { isHoliday } = businessCalendar({ closed: [() => true] })
    expect(() => waitEnd(0, { kind: 'business', days: 1, at: null }, { zone, isHoliday })).toThrow(/No day is open/)
  })
})
