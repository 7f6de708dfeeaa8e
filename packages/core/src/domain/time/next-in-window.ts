import { TobiishiError } from '../../errors/index.ts'
import type { SendWindow } from '../scenario/scenario-definition.ts'
import { day, type Instant, type LocalDate } from './instant.ts'
import { dateOfWallTime, weekdayOf } from './local-date.ts'
import { parseTimeOfDay } from './time-of-day.ts'
import { instantsOf, toWallTime, type WallTime } from './time-zone.ts'

type IsHoliday = (date: LocalDate) => boolean

const isOpenDay = (date: LocalDate, days: SendWindow['days'], isHoliday: IsHoliday): boolean => {
  if (days === 'any') return true
  const weekday = weekdayOf(date)
  return weekday !== 0 && weekday !== 6 && !(days === 'business' && isHoliday(date))
}

const isOpenTime = (time: number, window: SendWindow): boolean => {
  const from = parseTimeOfDay(window.from)
  const to = parseTimeOfDay(window.to)
  if (from === to) return true
  return from < to ? time >= from && time < to : time >= from || time < to
}

/**
 * Whether a wall-clock time lies in the window: the time of day in `[from, to)`, which wraps over midnight where `from` is
 * later and is the whole day where they are equal; and the day of that very date open (Saturday 01:00 is Saturday, also in a
 * window that opened on Friday night).
 */
export const isInWindow = (wall: WallTime, window: SendWindow, isHoliday: IsHoliday): boolean => {
  const midnight = Math.floor(wall / day) * day
  return isOpenTime(wall - midnight, window) && isOpenDay(dateOfWallTime(wall), window.days, isHoliday)
}

/** Longer than any row of holidays: beyond it a window counts as one that never opens. */
const searchedDays = 400

/**
 * The instant itself if it lies in the window, else the next opening, by the wall clock of the zone. Throws `time.invalid`
 * where the window does not open within 400 days, and whatever `isHoliday` throws past its horizon.
 */
export const nextInWindow = (instant: Instant, window: SendWindow | null, zone: string, isHoliday: IsHoliday): Instant => {
  if (window === null) return instant
  const wall = toWallTime(instant, zone)
  if (isInWindow(wall, window, isHoliday)) return instant
  const firstMidnight = Math.floor(wall / day) * day
  const openings = [0, parseTimeOfDay(window.from)].filter((time) => time < day && isOpenTime(time, window))
  for (let midnight = firstMidnight; midnight < firstMidnight + searchedDays * day; midnight += day) {
    if (!isOpenDay(dateOfWallTime(midnight), window.days, isHoliday)) continue
    const starts = openings
      .flatMap((time) => instantsOf(midnight + time, zone))
      .filter((start) => start > instant && isInWindow(toWallTime(start, zone), window, isHoliday))
    if (starts.length > 0) return Math.min(...starts)
  }
  throw new TobiishiError('time.invalid', `The window ${window.from}–${window.to} never opens: check its days and the calendar.`)
}
