import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bucketsOverAt, type CapPeriod, capBucket, nextBucketStart } from './cap-bucket.ts'
import { day } from './instant.ts'
import { parseInstant } from './parse-instant.ts'

const rows: readonly (readonly [string, CapPeriod, string, string, string, string])[] = [
  ['the day in Tokyo', 'day', '2026-01-05T15:30Z', 'Asia/Tokyo', '2026-01-06', '2026-01-07T00:00+09:00'],
  ['the day in New York', 'day', '2026-01-05T15:30Z', 'America/New_York', '2026-01-05', '2026-01-06T00:00-05:00'],
  ['a day without midnight', 'day', '2026-09-05T12:00-04:00', 'America/Santiago', '2026-09-05', '2026-09-06T01:00-03:00'],
  ['the week of its Monday, on a Sunday', 'week', '2026-01-11T12:00+09:00', 'Asia/Tokyo', '2026-01-05', '2026-01-12T00:00+09:00'],
  ['a Monday begins its week', 'week', '2026-01-12T00:00+09:00', 'Asia/Tokyo', '2026-01-12', '2026-01-19T00:00+09:00'],
  ['the week over the new year', 'week', '2027-01-02T12:00+09:00', 'Asia/Tokyo', '2026-12-28', '2027-01-04T00:00+09:00'],
  ['the month', 'month', '2026-12-31T15:30Z', 'Asia/Tokyo', '2027-01', '2027-02-01T00:00+09:00'],
  ['December ends with the year', 'month', '2026-12-15T12:00Z', 'Asia/Tokyo', '2026-12', '2027-01-01T00:00+09:00'],
]

describe('buckets of caps', () => {
  it.each(rows)('%s', (_what, per, instant, zone, name, next) => {
    expect([capBucket(per, parseInstant(instant), zone), nextBucketStart(per, parseInstant(instant), zone)]).toEqual([
      name,
      parseInstant(next),
    ])
  })

  it('are over when their names are earlier, wherever the contact is, and not a day before', () => {
    const zones = fc.constantFrom('Pacific/Kiritimati', 'Etc/GMT+12', 'Pacific/Honolulu', 'Asia/Tokyo', 'America/New_York')
    const instants = fc.integer({ min: parseInstant('2025-12-20T00:00Z'), max: parseInstant('2028-03-05T00:00Z') })
    fc.assert(
      fc.property(fc.constantFrom<CapPeriod>('day', 'week', 'month'), instants, zones, (per, instant, zone) => {
        const end = nextBucketStart(per, instant, zone)
        const isOverAt = (now: number) => capBucket(per, instant, zone) < bucketsOverAt(now)[per === 'month' ? 'month' : 'date']
        expect(isOverAt(end + day)).toBe(false)
        expect(isOverAt(end + (per === 'day' ? 11 : 5) * day)).toBe(true)
      }),
    )
  })
})
