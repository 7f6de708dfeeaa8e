import { describe, expect, it } from 'vitest'
import type { DateTrigger } from '../../src/domain/scenario/scenario-definition.ts'
import { type CapPeriod, capBucket, nextBucketStart } from '../../src/domain/time/cap-bucket.ts'
import { anchorOfDate } from '../../src/domain/time/local-date.ts'
import { nextOccurrence } from '../../src/domain/time/next-occurrence.ts'
import { toWallTime } from '../../src/domain/time/time-zone.ts'
import { waitEnd } from '../../src/domain/time/wait-end.ts'
import { clockChanges } from '../../src/domain/time/zone-offsets.ts'
import { dateAt, day, hour, instantShowing, minute, textOf, wallAt, wallByIntl, years } from './time-wall-oracle.ts'
import { calendar, changing, isHoliday, midnightOf, millisecondsOf, monthEnds, same, showsAt, world } from './time-world.ts'

it('the world has its zones, some of which skip midnight, and clocks that change four times', () => {
  expect(world.length).toBeGreaterThan(400)
  expect(changing.filter(({ changes }) => changes.length === 4).length).toBeGreaterThan(80)
  const skipped = changing.filter(({ zone, changes }) => changes.some((at) => textOf(wallAt(at - 1, zone)).endsWith('23:59')))
  expect(skipped.map(({ zone }) => zone)).toContain('America/Santiago')
})

describe('every zone through two years', () => {
  it('knows when its clocks change, to the millisecond', () => {
    for (const { zone, changes } of world)
      expect([zone, ...clockChanges(years.from, years.until, zone)]).toEqual([zone, ...changes])
  })

  it('shows the wall that Intl shows', () => {
    for (const { zone, changes, dates } of world) {
      for (const at of [...changes.flatMap((change) => [-hour, -1, 0, 1, hour].map((off) => change + off)), ...dates])
        if (toWallTime(at, zone) !== wallByIntl(at, zone))
          expect(`${zone} ${toWallTime(at, zone)}`).toBe(`${zone} ${wallByIntl(at, zone)}`)
    }
  })

  it('n days later at a time shows that time on that date, or the time moved out of a gap', () => {
    for (const { zone, dates } of world) {
      for (const midnight of dates) {
        const anchor = instantShowing(midnight + 22 * hour + 30 * minute, zone)
        const from = midnightOf(wallAt(anchor, zone))
        for (const at of ['09:00', '00:00', '02:30', '23:30']) {
          const days = at === '09:00' ? [0, 1, 3, -7] : [1]
          for (const n of days) {
            const end = waitEnd(anchor, calendar({ days: n, at }), { zone, isHoliday })
            showsAt(zone, end, from + n * day + millisecondsOf(at))
          }
        }
        showsAt(zone, waitEnd(anchor, calendar({ weeks: 1 }), { zone, isHoliday }), wallAt(anchor, zone) + 7 * day)
      }
    }
  })

  it('a date begins when its first instant does, and 7 days before it at 10:00 is that', () => {
    for (const { zone, dates } of world) {
      for (const midnight of dates) {
        const date = textOf(midnight).slice(0, 10)
        const anchor = anchorOfDate(date, zone)
        same([zone, dateAt(anchor, zone), dateAt(anchor - 1, zone) < date], [zone, date, true])
        showsAt(zone, waitEnd(anchor, calendar({ days: -7, at: '10:00' }), { zone, isHoliday }), midnight - 7 * day + 10 * hour)
      }
    }
  })

  it('months from a month end clip to the month end, counted from the anchor each time', () => {
    for (const { zone } of world) {
      for (const months of [1, 2, 3, 13, -1]) {
        for (const midnight of monthEnds.slice(0, 20)) {
          const first = new Date(midnight)
          const lastDay = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + months + 1, 0)).getUTCDate()
          const clipped = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + months, Math.min(first.getUTCDate(), lastDay))
          const end = waitEnd(instantShowing(midnight + 12 * hour, zone), calendar({ months, at: '09:00' }), { zone, isHoliday })
          showsAt(zone, end, clipped + 9 * hour)
        }
      }
    }
  })

  it('a weekday is that weekday on the wall, the first one after the anchor', () => {
    for (const { zone, dates } of world) {
      for (const midnight of dates) {
        const anchor = instantShowing(midnight + 9 * hour, zone)
        for (const [weekday, at] of [
          [1, '09:00'],
          [1, '10:00'],
          [5, null],
          [0, '02:30'],
        ] as const) {
          const end = waitEnd(anchor, { kind: 'weekday', weekday, at }, { zone, isHoliday })
          const time = at === null ? wallAt(anchor, zone) - midnightOf(wallAt(anchor, zone)) : millisecondsOf(at)
          const days = [0, 1, 2, 3, 4, 5, 6, 7].filter((n) => new Date(midnight + n * day).getUTCDay() === weekday)
          const first = days.find((n) => (n > 0 || at !== null) && instantShowing(midnight + n * day + time, zone) > anchor)
          showsAt(zone, end, midnight + (first ?? Number.NaN) * day + time)
        }
      }
    }
  })

  it('business days are open days on the wall', () => {
    for (const { zone, dates } of world) {
      for (const midnight of dates) {
        const anchor = instantShowing(midnight + 9 * hour, zone)
        const isOpen = (date: number) => ![0, 6].includes(new Date(date).getUTCDay()) && !isHoliday(textOf(date).slice(0, 10))
        for (const days of [2, -1, 0]) {
          const end = waitEnd(anchor, { kind: 'business', days, at: '09:00' }, { zone, isHoliday })
          let date = midnight
          for (let left = Math.abs(days); left > 0; ) {
            date += Math.sign(days) * day
            if (isOpen(date)) left -= 1
          }
          while (!isOpen(date)) date += day
          showsAt(zone, end, date + 9 * hour)
        }
      }
    }
  })

  it('a date comes once a year, at its time on the wall', () => {
    const dates: readonly (readonly [value: string, leapDay: DateTrigger['leapDay'], dates: readonly string[]])[] = [
      ['2000-02-29', 'feb-28', ['2027-02-28', '2028-02-29', '2029-02-28', '2030-02-28']],
      ['2000-02-29', 'mar-1', ['2027-03-01', '2028-02-29', '2029-03-01', '2030-03-01']],
      ['2000-02-29', 'skip', ['2028-02-29', '2032-02-29']],
      ['1990-12-31', 'skip', ['2026-12-31', '2027-12-31', '2028-12-31', '2029-12-31']],
      ['2028-01-01', 'skip', ['2028-01-01', '2029-01-01', '2030-01-01']],
    ]
    for (const { zone } of world) {
      for (const [value, leapDay, expected] of dates) {
        for (const [days, at] of [
          [0, '09:00'],
          [-7, '00:30'],
          [3, '23:30'],
        ] as const) {
          const trigger: DateTrigger = { kind: 'date', attribute: 'birthday', days, at, yearly: true, leapDay }
          const first = Date.parse(`${expected[0]}T00:00:00Z`) + days * day
          let after = first - 3 * day
          for (const date of expected) {
            const next = nextOccurrence(trigger, value, zone, after)
            same([zone, next?.date], [zone, date])
            after = next?.at ?? Number.NaN
            showsAt(zone, after, Date.parse(`${date}T00:00:00Z`) + days * day + millisecondsOf(at))
            same([zone, nextOccurrence(trigger, value, zone, after - 1)?.at], [zone, after])
          }
        }
      }
    }
  })

  it('buckets of caps are days, weeks from Monday and months of the wall, without gap or overlap', () => {
    const nameOf: { readonly [P in CapPeriod]: (midnight: number) => string } = {
      day: (midnight) => textOf(midnight).slice(0, 10),
      week: (midnight) => textOf(midnight - ((new Date(midnight).getUTCDay() + 6) % 7) * day).slice(0, 10),
      month: (midnight) => textOf(midnight).slice(0, 7),
    }
    for (const { zone, dates } of world) {
      for (const midnight of dates) {
        const at = instantShowing(midnight + 23 * hour + 30 * minute, zone)
        for (const per of ['day', 'week', 'month'] as const) {
          const name = capBucket(per, at, zone)
          const next = nextBucketStart(per, at, zone)
          same([zone, name], [zone, nameOf[per](midnightOf(wallAt(at, zone)))])
          same([zone, next > at, capBucket(per, next - 1, zone), capBucket(per, next, zone) > name], [zone, true, name, true])
        }
      }
    }
  })
})
