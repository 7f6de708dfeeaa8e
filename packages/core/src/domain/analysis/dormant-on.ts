import { day, type LocalDate } from '../time/instant.ts'
import { dateOfWallTime, wallTimeOfDate } from '../time/local-date.ts'

/** Nobody is dormant sooner after a purchase than this. */
const leastDays = 90

/**
 * The first date on which a buyer who buys nothing more is dormant: the last purchase is then older than 90 days, and older than
 * twice the median gap between purchases, which counts from two gaps on. Dates are of the app's zone, in any order; purchases of
 * one day are one. Null without purchases. Throws `time.invalid`.
 *
 * Kept as a date of the contact, written with every order, cancellation and return, it starts a win-back on the day:
 *
 * @example
 * ```ts
 * import { dormantOn } from '@tobiishi/core'
 *
 * dormantOn(['2026-01-01']) // '2026-04-02': on 1 April the purchase is 90 days old
 * dormantOn(['2026-01-01', '2026-03-02', '2026-05-01']) // '2026-08-30': the gaps are 60 days
 * ```
 */
export const dormantOn = (purchases: readonly LocalDate[]): LocalDate | null => {
  const days = [...new Set(purchases.map((date) => wallTimeOfDate(date) / day))].toSorted((a, b) => a - b)
  const last = days.at(-1)
  if (last === undefined) return null
  const gaps = days.slice(1).map((at, index) => at - (days[index] ?? at))
  const patience = gaps.length < 2 ? leastDays : Math.max(leastDays, twiceMedian(gaps))
  return dateOfWallTime((last + patience + 1) * day)
}

/** Twice the median, whole also where the median lies between two gaps. */
const twiceMedian = (gaps: readonly number[]): number => {
  const sorted = gaps.toSorted((a, b) => a - b)
  const middle = sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1)
  return middle.reduce((sum, gap) => sum + gap, 0) * (2 / middle.length)
}
