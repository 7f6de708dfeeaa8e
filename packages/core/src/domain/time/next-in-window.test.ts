import { describe, expect, it } from 'vitest'
import { TobiishiError } from '../../errors/index.ts'
import type { SendWindow } from '../scenario/scenario-definition.ts'
import { nextInWindow } from './next-in-window.ts'
import { parseInstant } from './parse-instant.ts'

const goldenWeek = new Set(['2026-05-04', '2026-05-05', '2026-05-06'])
const isHoliday = (date: string) => goldenWeek.has(date)
const window = (days: SendWindow['days'], from: string, to: string): SendWindow => ({ days, from, to })

const office = window('business', '09:00', '20:00')
const night = window('any', '22:00', '06:00')
const weekNight = window('weekdays', '22:00', '06:00')
const earlyHours = window('any', '02:30', '09:00')
const inGap = window('any', '02:15', '02:45')
const repeated = window('any', '01:30', '05:00')

const rows: readonly (readonly [string, SendWindow | null, string, string])[] = [
  ['no window: any time', null, '2026-05-02T03:00+09:00', '2026-05-02T03:00+09:00'],
  ['inside: no wait', office, '2026-01-05T10:00+09:00', '2026-01-05T10:00+09:00'],
  ['the first minute is inside', office, '2026-01-05T09:00+09:00', '2026-01-05T09:00+09:00'],
  ['the last minute is inside', office, '2026-01-05T19:59:59.999+09:00', '2026-01-05T19:59:59.999+09:00'],
  ['the end is outside', office, '2026-01-05T20:00+09:00', '2026-01-06T09:00+09:00'],
  ['before the opening', office, '2026-01-05T03:00+09:00', '2026-01-05T09:00+09:00'],
  ['Friday evening: Monday', office, '2026-01-09T21:00+09:00', '2026-01-12T09:00+09:00'],
  ['Saturday: over Golden Week to Thursday', office, '2026-05-02T12:00+09:00', '2026-05-07T09:00+09:00'],
  ['weekdays do not look at holidays', window('weekdays', '09:00', '20:00'), '2026-05-02T12:00+09:00', '2026-05-04T09:00+09:00'],
  ['overnight: in the evening', night, '2026-01-05T12:00+09:00', '2026-01-05T22:00+09:00'],
  ['overnight: inside before midnight', night, '2026-01-05T23:30+09:00', '2026-01-05T23:30+09:00'],
  ['overnight: inside after midnight', night, '2026-01-05T05:59+09:00', '2026-01-05T05:59+09:00'],
  ['overnight: the end is outside', night, '2026-01-05T06:00+09:00', '2026-01-05T22:00+09:00'],
  ['overnight on weekdays: Friday night ends at midnight', weekNight, '2026-01-09T23:59+09:00', '2026-01-09T23:59+09:00'],
  ['overnight on weekdays: Saturday is closed', weekNight, '2026-01-10T00:00+09:00', '2026-01-12T00:00+09:00'],
  ['the whole day', window('any', '00:00', '24:00'), '2026-01-05T23:59+09:00', '2026-01-05T23:59+09:00'],
  ['equal ends mean the whole day', window('weekdays', '09:00', '09:00'), '2026-01-10T08:00+09:00', '2026-01-12T00:00+09:00'],
]

describe('nextInWindow in Tokyo', () => {
  it.each(rows)('%s', (_what, given, instant, expected) => {
    expect(new Date(nextInWindow(parseInstant(instant), given, 'Asia/Tokyo', isHoliday)).toISOString()).toBe(
      new Date(expected).toISOString(),
    )
  })
})

const summerTime: readonly (readonly [string, SendWindow, string, string])[] = [
  ['opens with the first minute after a skipped opening', earlyHours, '2026-03-08T01:00-05:00', '2026-03-08T03:00-04:00'],
  ['a window within the gap opens the day after', inGap, '2026-03-08T01:00-05:00', '2026-03-09T02:15-04:00'],
  ['first of a repeated opening', repeated, '2026-11-01T00:00-04:00', '2026-11-01T01:30-04:00'],
  ['second of a repeated opening', repeated, '2026-11-01T01:15-05:00', '2026-11-01T01:30-05:00'],
]

describe('nextInWindow in New York', () => {
  it.each(summerTime)('%s', (_what, given, instant, expected) => {
    expect(new Date(nextInWindow(parseInstant(instant), given, 'America/New_York', isHoliday)).toISOString()).toBe(
      new Date(expected).toISOString(),
    )
  })
})

describe('nextInWindow without an answer', () => {
  it('says so where the window never opens', () => {
    expect(() => nextInWindow(0, office, 'Asia/Tokyo', () => true)).toThrow(/No mail can ever go out/)
  })

  it('does not guess past the calendar', () => {
    const horizon = () => {
      throw new TobiishiError('time.beyond_horizon', 'no data')
    }
    expect(() => nextInWindow(0, office, 'Asia/Tokyo', horizon)).toThrow(expect.objectContaining({ code: 'time.beyond_horizon' }))
  })
})
