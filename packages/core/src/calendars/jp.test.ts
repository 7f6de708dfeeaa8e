import { holidays } from '@holiday-jp/holiday_jp'
import { describe, expect, it } from 'vitest'
import { nextInWindow } from '../domain/time/next-in-window.ts'
import { parseInstant } from '../domain/time/parse-instant.ts'
import { daysByYear } from './japanese-holidays.ts'
import { isHoliday, isObonClosure, isYearEndClosure, japaneseHolidays } from './jp.ts'

describe("Japan's holidays", () => {
  it.each([
    ['2026-01-01', true],
    ['2026-01-12', true],
    ['2026-05-06', true],
    ['2026-09-22', true],
    ['2027-03-22', true],
    ['2026-05-07', false],
    ['2026-01-10', false],
    ['2026-12-29', false],
  ])('%s: %s', (date, expected) => {
    expect(isHoliday(date)).toBe(expected)
  })

  it.each([
    [2026, 18],
    [2027, 17],
    [2028, 16],
    [2030, 19],
    [2035, 19],
  ])('%i has %i', (year, count) => {
    const days = Array.from({ length: 366 }, (_, n) => new Date(Date.UTC(year, 0, 1 + n)).toISOString().slice(0, 10))
    expect(days.filter((date) => date.startsWith(String(year)) && isHoliday(date))).toHaveLength(count)
  })

  it('is the table of @holiday-jp/holiday_jp (run scripts/generate-japanese-holidays.ts if this fails)', () => {
    const here = Object.entries(daysByYear).flatMap(([year, days]) => days.split(' ').map((day) => `${year}${day}`))
    expect(here).toEqual(
      Object.keys(holidays)
        .sort()
        .map((date) => date.replaceAll('-', '')),
    )
  })

  it('throws past its horizon instead of calling it a working day', () => {
    expect(isHoliday(japaneseHolidays.span.to)).toBe(true)
    expect(() => isHoliday('2051-01-01')).toThrow(expect.objectContaining({ code: 'time.beyond_horizon' }))
    expect(() => isHoliday('1969-12-31')).toThrow(expect.objectContaining({ code: 'time.beyond_horizon' }))
  })

  it('sends business mail after the year-end closure', () => {
    const closed = (date: string) => isHoliday(date) || isYearEndClosure(date) || isObonClosure(date)
    const window = { days: 'business', from: '09:00', to: '20:00' } as const
    const next = nextInWindow(parseInstant('2026-12-28T21:00+09:00'), window, 'Asia/Tokyo', closed)
    expect(next).toBe(parseInstant('2027-01-04T09:00+09:00'))
    expect([closed('2026-08-13'), closed('2026-08-17')]).toEqual([true, false])
  })
})
