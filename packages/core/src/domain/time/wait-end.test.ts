import { describe, expect, it } from 'vitest'
import { hour } from './instant.ts'
import { anchorOfDate } from './local-date.ts'
import { parseInstant } from './parse-instant.ts'
import { waitEnd } from './wait-end.ts'
import type { WaitSpec } from './wait-spec.ts'

const isHoliday = (date: string) => ['2026-05-04', '2026-05-05', '2026-05-06'].includes(date)
const calendar = (days: number, at: string | null): WaitSpec => ({ kind: 'calendar', months: 0, weeks: 0, days, at })
const business = (days: number, at: string | null = null): WaitSpec => ({ kind: 'business', days, at })
const weekday = (day: number, at: string | null = null): WaitSpec => ({ kind: 'weekday', weekday: day, at })
const end = (anchor: string, wait: WaitSpec, zone = 'Asia/Tokyo') =>
  new Date(waitEnd(parseInstant(anchor), wait, { zone, isHoliday })).toISOString()
const utc = (text: string) => new Date(text).toISOString()

describe('waitEnd', () => {
  it('lets 72 hours elapse where 3 days keep the wall clock', () => {
    const friday = '2026-03-06T09:00:00-05:00'
    expect(end(friday, { kind: 'elapsed', ms: 72 * hour }, 'America/New_York')).toBe(utc('2026-03-09T10:00:00-04:00'))
    expect(end(friday, calendar(3, null), 'America/New_York')).toBe(utc('2026-03-09T09:00:00-04:00'))
  })

  it.each([
    ['over a weekend', '2026-01-09T18:00+09:00', business(1), '2026-01-12T18:00+09:00'],
    ['over Golden Week, at a time', '2026-05-01T18:00+09:00', business(2, '09:00'), '2026-05-08T09:00+09:00'],
    ['back over Golden Week', '2026-05-08T08:00+09:00', business(-2, '10:00'), '2026-05-01T10:00+09:00'],
    ['the date in Tokyo, not in London', '2026-01-08T15:30Z', business(0, '09:00'), '2026-01-09T09:00+09:00'],
    ['on a closed day, none means the next open one', '2026-05-02T12:00+09:00', business(0), '2026-05-07T12:00+09:00'],
    [
      'on an open day, none means that day, past or not',
      '2026-01-09T18:00+09:00',
      business(0, '09:00'),
      '2026-01-09T09:00+09:00',
    ],
  ])('business days: %s', (_what, anchor, wait, expected) => {
    expect(end(anchor, wait)).toBe(utc(expected))
  })

  it.each([
    ['the next Monday', '2026-01-07T18:00+09:00', weekday(1), '2026-01-12T18:00+09:00'],
    ['Monday in Tokyo, where it is Sunday in London', '2026-01-04T16:00Z', weekday(1, '09:00'), '2026-01-05T09:00+09:00'],
    ['on a Monday, the time is still to come', '2026-01-05T08:59+09:00', weekday(1, '09:00'), '2026-01-05T09:00+09:00'],
    ['on a Monday, it is that time now', '2026-01-05T09:00+09:00', weekday(1, '09:00'), '2026-01-12T09:00+09:00'],
    ['on a Monday without a time: a week later', '2026-01-05T09:00+09:00', weekday(1), '2026-01-12T09:00+09:00'],
    ['Sunday is 0', '2026-01-10T09:00+09:00', weekday(0, '00:00'), '2026-01-11T00:00+09:00'],
  ])('weekdays: %s', (_what, anchor, wait, expected) => {
    expect(end(anchor, wait)).toBe(utc(expected))
  })

  it('does not ask the calendar where it is not needed', () => {
    const context = { zone: 'Asia/Tokyo', isHoliday: () => expect.fail('asked') }
    for (const wait of [calendar(1, null), weekday(1), { kind: 'elapsed', ms: 1 } as const]) waitEnd(0, wait, context)
    // 1 January 1970 was a Thursday: Saturday and Sunday are not asked about.
    const asked: string[] = []
    waitEnd(0, business(2), { zone: 'UTC', isHoliday: (date) => asked.push(date) < 0 })
    expect(asked).toEqual(['1970-01-02', '1970-01-05'])
  })
})

describe('anchorOfDate', () => {
  const first = (date: string, zone: string) => new Date(anchorOfDate(date, zone)).toISOString()

  it.each([
    ['midnight', '2026-01-05', 'Asia/Tokyo', '2026-01-05T00:00+09:00'],
    ['one o’clock where midnight is skipped', '2026-09-06', 'America/Santiago', '2026-09-06T01:00-03:00'],
    ['the end of a gap that began the day before', '1919-03-31', 'America/Toronto', '1919-03-31T00:30-04:00'],
    ['the next day where a whole day is skipped', '2011-12-30', 'Pacific/Apia', '2011-12-31T00:00+14:00'],
    ['the first of two midnights', '2026-11-01', 'America/Havana', '2026-11-01T00:00-04:00'],
  ])('%s', (_what, date, zone, expected) => {
    expect(first(date, zone)).toBe(utc(expected))
  })

  it('carries a wait of days before it over a skipped midnight', () => {
    const wait = calendar(-7, '10:00')
    const context = { zone: 'America/Santiago', isHoliday }
    expect(waitEnd(anchorOfDate('2026-09-06', context.zone), wait, context)).toBe(parseInstant('2026-08-30T10:00-04:00'))
    expect(waitEnd(anchorOfDate('2026-09-13', context.zone), wait, context)).toBe(parseInstant('2026-09-06T10:00-03:00'))
  })

  it('refuses what is no date', () => {
    expect(() => anchorOfDate('2026-02-30', 'Asia/Tokyo')).toThrow(expect.objectContaining({ code: 'time.invalid' }))
  })
})
