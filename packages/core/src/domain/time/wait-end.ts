import { TobiishiError } from '../../errors/index.ts'
import { addCalendar } from './add-calendar.ts'
import { day, type Instant, type LocalDate } from './instant.ts'
import { dateOfWallTime, midnightOf, weekdayOfWallTime } from './local-date.ts'
import { parseTimeOfDay } from './time-of-day.ts'
import { fromWallTime, toWallTime, type WallTime } from './time-zone.ts'
import type { WaitSpec } from './wait-spec.ts'

/** What a wait needs to know of where the contact is. */
export interface WaitContext {
  /** IANA zone. */
  readonly zone: string
  /** True on closed days beside Saturday and Sunday; asked only by `business`. May throw past its horizon. */
  isHoliday(date: LocalDate): boolean
}

/**
 * When a wait that counts from `anchor` is over. Everything but `elapsed` counts local dates of the zone and keeps the wall clock
 * of the anchor, or takes `at`: a time that is skipped moves forward, of a repeated one the first counts. Throws `time.invalid`
 * where no day is open for 400 days, and whatever `isHoliday` throws.
 */
export const waitEnd = (anchor: Instant, wait: WaitSpec, context: WaitContext): Instant => {
  switch (wait.kind) {
    case 'elapsed':
      return anchor + wait.ms
    case 'calendar':
      return addCalendar(anchor, wait, context.zone)
    case 'business':
      return addBusinessDays(anchor, wait, context)
    case 'weekday':
      return nextWeekday(anchor, wait, context.zone)
  }
}

/** The instant of a date and, without `at`, the time of day of `wall`. */
const onDate = (midnight: WallTime, at: string | null, wall: WallTime, zone: string): Instant =>
  fromWallTime(midnight + (at === null ? wall - midnightOf(wall) : parseTimeOfDay(at)), zone)

/** Longer than any row of closed days: a calendar that has none open for so long has none. */
const searchedDays = 400

/** The first open date from `midnight` on, in the direction of `step`. */
const openDate = (midnight: WallTime, step: 1 | -1, context: WaitContext): WallTime => {
  for (let passed = 0; passed < searchedDays; passed += 1) {
    const date = midnight + passed * step * day
    const weekday = weekdayOfWallTime(date)
    if (weekday !== 0 && weekday !== 6 && !context.isHoliday(dateOfWallTime(date))) return date
  }
  throw new TobiishiError('time.invalid', `No day is open for ${searchedDays} days: check isHoliday and the app's closed days.`)
}

const addBusinessDays = (anchor: Instant, wait: Extract<WaitSpec, { kind: 'business' }>, context: WaitContext): Instant => {
  const wall = toWallTime(anchor, context.zone)
  const step = wait.days < 0 ? -1 : 1
  let date = midnightOf(wall)
  if (wait.days === 0) date = openDate(date, 1, context)
  for (let left = Math.abs(wait.days); left > 0; left -= 1) date = openDate(date + step * day, step, context)
  return onDate(date, wait.at, wall, context.zone)
}

const nextWeekday = (anchor: Instant, wait: Extract<WaitSpec, { kind: 'weekday' }>, zone: string): Instant => {
  const wall = toWallTime(anchor, zone)
  const date = midnightOf(wall)
  const ahead = (wait.weekday - weekdayOfWallTime(wall) + 7) % 7
  const first = onDate(date + ahead * day, wait.at, wall, zone)
  const isOver = ahead === 0 && (wait.at === null || first <= anchor)
  return isOver ? onDate(date + 7 * day, wait.at, wall, zone) : first
}
