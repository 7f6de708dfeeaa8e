import { TobiishiError } from '../../errors/index.ts'
import type { SendWindow } from '../scenario/scenario-definition.ts'
import { day, type Instant, type LocalDate } from './instant.ts'
import { dateOfWallTime, midnightOf, weekdayOfWallTime } from './local-date.ts'
import { parseTimeOfDay } from './time-of-day.ts'
import { instantsOf, toWallTime, type WallTime } from './time-zone.ts'
import { clockChanges } from './zone-offsets.ts'

/** A band of the day, wall clock `HH:MM`: half-open, wraps over midnight where `from` is later, the whole day where they are equal. */
export interface DayBand {
  readonly from: string
  readonly to: string
}

/** When mail may go out to a contact. */
export interface SendRules {
  /** Null: at any time. */
  readonly window: SendWindow | null
  /** Null: none. */
  readonly quietHours: DayBand | null
  /** IANA zone of the contact. */
  readonly zone: string
  /** True on closed days beside Saturday and Sunday; asked only for `days: 'business'`. May throw past its horizon. */
  isHoliday(date: LocalDate): boolean
}

type DayRules = Omit<SendRules, 'zone'>

const isOpenDay = (wall: WallTime, days: SendWindow['days'], rules: DayRules): boolean => {
  if (days === 'any') return true
  const weekday = weekdayOfWallTime(wall)
  return weekday !== 0 && weekday !== 6 && !(days === 'business' && rules.isHoliday(dateOfWallTime(wall)))
}

const isInBand = (time: number, band: DayBand): boolean => {
  const from = parseTimeOfDay(band.from)
  const to = parseTimeOfDay(band.to)
  if (from === to) return true
  return from < to ? time >= from && time < to : time >= from || time < to
}

/**
 * Whether mail may go out at a wall-clock time: the time of day lies in the window and not in the quiet hours, and the day of
 * that very date is open (Saturday 01:00 is Saturday, also in a window that opened on Friday night).
 */
export const isSendable = (wall: WallTime, rules: DayRules): boolean => {
  const time = wall - midnightOf(wall)
  const { window, quietHours } = rules
  if (quietHours !== null && isInBand(time, quietHours)) return false
  return window === null || (isInBand(time, window) && isOpenDay(wall, window.days, rules))
}

/** Longer than any row of holidays: beyond it a window counts as one that never opens. */
const searchedDays = 400

/** The times of day at which sending can become possible; nothing else but a change of the clocks can open a day. */
const openingsOf = ({ window, quietHours }: DayRules): readonly number[] => {
  const openings = [0]
  if (window !== null) openings.push(parseTimeOfDay(window.from))
  if (quietHours !== null) openings.push(parseTimeOfDay(quietHours.to))
  return openings
}

/** The first sendable instant from `instant` on whose date is that of `midnight`; null: none. */
const firstOfDay = (instant: Instant, midnight: WallTime, openings: readonly number[], rules: SendRules): Instant | null => {
  let first: Instant | null = null
  const look = (start: Instant): void => {
    if (start < instant || (first !== null && start >= first)) return
    const wall = toWallTime(start, rules.zone)
    if (midnightOf(wall) === midnight && isSendable(wall, rules)) first = start
  }
  for (const time of openings) for (const start of instantsOf(midnight + time, rules.zone)) look(start)
  for (const change of clockChanges(midnight - day, midnight + 2 * day, rules.zone)) look(change)
  return first
}

/**
 * The first instant at or after `instant` at which mail may go out, by the wall clock of the zone; an overnight window goes on
 * after midnight, and what the clocks skip opens when they have skipped it. Throws `time.invalid` where there is none within 400
 * days, and whatever `isHoliday` throws past its horizon.
 */
export const nextSendable = (instant: Instant, rules: SendRules): Instant => {
  const { window, quietHours } = rules
  if (window === null && quietHours === null) return instant
  const wall = toWallTime(instant, rules.zone)
  if (isSendable(wall, rules)) return instant
  const openings = openingsOf(rules)
  const first = midnightOf(wall)
  for (let midnight = first; midnight < first + searchedDays * day; midnight += day) {
    if (window !== null && !isOpenDay(midnight, window.days, rules)) continue
    const found = firstOfDay(instant, midnight, openings, rules)
    if (found !== null) return found
  }
  const named = window === null ? 'outside of the quiet hours' : `in the window ${window.from}–${window.to}`
  throw new TobiishiError(
    'time.invalid',
    `No mail can ever go out ${named}: check its days, the calendar and the quiet hours${quietHours === null ? '' : ` ${quietHours.from}–${quietHours.to}`}.`,
  )
}
