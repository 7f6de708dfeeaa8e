import { day, type Instant } from './instant.ts'
import { dateOfWallTime, midnightOf, weekdayOfWallTime } from './local-date.ts'
import { firstInstantFrom, toWallTime, type WallTime } from './time-zone.ts'

/** What a frequency cap counts by, on the wall of the contact's zone. Weeks begin on Monday. */
export type CapPeriod = 'day' | 'week' | 'month'

/** Midnight at which the bucket begins. */
const startOf = (per: CapPeriod, wall: WallTime): WallTime => {
  const midnight = midnightOf(wall)
  if (per === 'day') return midnight
  if (per === 'week') return midnight - ((weekdayOfWallTime(wall) + 6) % 7) * day
  return midnight - (new Date(midnight).getUTCDate() - 1) * day
}

/** Name of the bucket of an instant: its date `YYYY-MM-DD`, the date of the week's Monday, or the month `YYYY-MM`. */
export const capBucket = (per: CapPeriod, instant: Instant, zone: string): string =>
  dateOfWallTime(startOf(per, toWallTime(instant, zone))).slice(0, per === 'month' ? 7 : 10)

/**
 * Names before which every bucket is over, in every zone and for more than a day: of days and weeks a date, of months a month. A
 * week is named by its first day; zones are at most a day off UTC.
 */
export const bucketsOverAt = (now: Instant): { readonly date: string; readonly month: string } => {
  const daysAgo = (days: number) => new Date(now - days * day).toISOString()
  return { date: daysAgo(9).slice(0, 10), month: daysAgo(2).slice(0, 7) }
}

/** The first instant of the next bucket. */
export const nextBucketStart = (per: CapPeriod, instant: Instant, zone: string): Instant => {
  const start = startOf(per, toWallTime(instant, zone))
  if (per !== 'month') return firstInstantFrom(start + (per === 'day' ? 1 : 7) * day, zone)
  const date = new Date(start)
  return firstInstantFrom(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1), zone)
}
