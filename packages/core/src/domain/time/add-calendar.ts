import { getDaysInMonth } from 'date-fns/getDaysInMonth'
import { day, type Instant } from './instant.ts'
import { midnightOf } from './local-date.ts'
import { parseTimeOfDay } from './time-of-day.ts'
import { fromWallTime, toWallTime, type WallTime } from './time-zone.ts'
import type { WaitSpec } from './wait-spec.ts'

/** The wall clock that many months later, clipped. On numbers: `addMonths` of date-fns in UTC takes 25 times as long. */
const addMonths = (wall: WallTime, months: number): WallTime => {
  const date = new Date(wall)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + months]
  // The 15th is of that month on every machine, whatever its own zone skips.
  const lastDay = getDaysInMonth(new Date(year, month, 15))
  return Date.UTC(year, month, Math.min(date.getUTCDate(), lastDay)) + (wall - midnightOf(wall))
}

/**
 * The instant that lies months, weeks and days of the calendar after the anchor (negative: before), in that zone: same
 * wall-clock time, or `at`. Months go first and clip to the month's end (31 January + 1 month = 28 February), counted from the
 * anchor each time. Over a change to or from summer time the wall clock is kept; a skipped time moves forward, of a repeated
 * one the first counts.
 */
export const addCalendar = (anchor: Instant, spec: Extract<WaitSpec, { kind: 'calendar' }>, zone: string): Instant => {
  const wall = toWallTime(anchor, zone)
  const shifted = spec.months === 0 ? wall : addMonths(wall, spec.months)
  const moved = shifted + (spec.weeks * 7 + spec.days) * day
  return fromWallTime(spec.at === null ? moved : midnightOf(moved) + parseTimeOfDay(spec.at), zone)
}
