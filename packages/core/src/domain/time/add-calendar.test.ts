import { describe, expect, it } from 'vitest'
import type { WaitSpec } from '../scenario/scenario-definition.ts'
import { addCalendar } from './add-calendar.ts'
import { parseInstant } from './parse-instant.ts'

type CalendarWait = Extract<WaitSpec, { kind: 'calendar' }>
type Parts = Partial<Omit<CalendarWait, 'kind'>>
const calendar = (parts: Parts): CalendarWait => ({ kind: 'calendar', months: 0, weeks: 0, days: 0, at: null, ...parts })

const rows: readonly (readonly [string, Parts, string, string, string])[] = [
  ['keeps the time of day', { days: 3 }, '2026-01-05T10:15:30+09:00', 'Asia/Tokyo', '2026-01-08T10:15:30+09:00'],
  [
    'moves to a wall-clock time',
    { days: 3, at: '09:00' },
    '2026-01-05T23:59:00+09:00',
    'Asia/Tokyo',
    '2026-01-08T09:00:00+09:00',
  ],
  [
    'counts days of the zone, not of UTC',
    { days: 1, at: '09:00' },
    '2026-01-05T20:00:00Z',
    'Asia/Tokyo',
    '2026-01-07T09:00:00+09:00',
  ],
  [
    'today at a time that is past lies in the past',
    { days: 0, at: '09:00' },
    '2026-01-05T10:00:00+09:00',
    'Asia/Tokyo',
    '2026-01-05T09:00:00+09:00',
  ],
  ['clips to the end of February', { months: 1 }, '2026-01-31T09:00:00+09:00', 'Asia/Tokyo', '2026-02-28T09:00:00+09:00'],
  ['clips to the 29th in a leap year', { months: 1 }, '2028-01-31T09:00:00+09:00', 'Asia/Tokyo', '2028-02-29T09:00:00+09:00'],
  [
    'two months from the anchor are not one month twice',
    { months: 2 },
    '2026-01-31T09:00:00+09:00',
    'Asia/Tokyo',
    '2026-03-31T09:00:00+09:00',
  ],
  ['a year from 29 February', { months: 12 }, '2028-02-29T09:00:00+09:00', 'Asia/Tokyo', '2029-02-28T09:00:00+09:00'],
  ['months go before days', { months: 1, days: 1 }, '2026-01-31T09:00:00+09:00', 'Asia/Tokyo', '2026-03-01T09:00:00+09:00'],
  ['over the new year', { weeks: 1 }, '2026-12-28T09:00:00+09:00', 'Asia/Tokyo', '2027-01-04T09:00:00+09:00'],
  [
    'keeps the wall clock into summer time',
    { days: 1 },
    '2026-03-07T09:00:00-05:00',
    'America/New_York',
    '2026-03-08T09:00:00-04:00',
  ],
  [
    'keeps the wall clock out of summer time',
    { days: 1 },
    '2026-10-31T09:00:00-04:00',
    'America/New_York',
    '2026-11-01T09:00:00-05:00',
  ],
  ['moves a skipped time forward', { days: 1 }, '2026-03-07T02:30:00-05:00', 'America/New_York', '2026-03-08T03:30:00-04:00'],
  [
    'takes the first of a repeated time',
    { days: 1 },
    '2026-10-31T01:30:00-04:00',
    'America/New_York',
    '2026-11-01T01:30:00-04:00',
  ],
  ['at the border of a gap', { days: 1 }, '2026-03-07T03:00:00-05:00', 'America/New_York', '2026-03-08T03:00:00-04:00'],
  ['at the last minute before a gap', { days: 1 }, '2026-03-07T01:59:00-05:00', 'America/New_York', '2026-03-08T01:59:00-05:00'],
  ['after the repeated hour', { days: 1 }, '2026-10-31T02:00:00-04:00', 'America/New_York', '2026-11-01T02:00:00-05:00'],
  [
    'a half-hour change of Lord Howe',
    { days: 1 },
    '2026-10-03T02:15:00+10:30',
    'Australia/Lord_Howe',
    '2026-10-04T02:45:00+11:00',
  ],
  [
    'a midnight that does not exist in Santiago',
    { days: 1, at: '00:00' },
    '2026-09-05T09:00:00-04:00',
    'America/Santiago',
    '2026-09-06T01:00:00-03:00',
  ],
  ['a day that Samoa left out', { days: 1 }, '2011-12-29T09:00:00-10:00', 'Pacific/Apia', '2011-12-31T09:00:00+14:00'],
]

describe('addCalendar', () => {
  it.each(rows)('%s', (_what, parts, anchor, zone, expected) => {
    expect(new Date(addCalendar(parseInstant(anchor), calendar(parts), zone)).toISOString()).toBe(
      new Date(expected).toISOString(),
    )
  })
})
