import * as z from 'zod'
import { TobiishiError } from '../../errors/index.ts'
import { day, type Instant, type LocalDate } from './instant.ts'
import { firstInstantFrom, toWallTime, type WallTime } from './time-zone.ts'

const schema = z.iso.date()

/** Whether this is a date of the calendar as `YYYY-MM-DD`; 2026-02-30 is none. */
export const isLocalDate = (text: string): boolean => schema.safeParse(text).success

/** The date part of a wall-clock time. */
export const dateOfWallTime = (wall: WallTime): LocalDate => new Date(wall).toISOString().slice(0, 10)

/** The date part of a wall-clock time, as the wall-clock time of its midnight. */
export const midnightOf = (wall: WallTime): WallTime => Math.floor(wall / day) * day

/** 0 Sunday to 6 Saturday, of a wall-clock time: 1970-01-01 was a Thursday. */
export const weekdayOfWallTime = (wall: WallTime): number => (((Math.floor(wall / day) + 4) % 7) + 7) % 7

/** Midnight of a date as wall-clock time. Throws `time.invalid`. */
export const wallTimeOfDate = (date: LocalDate): WallTime => {
  if (!isLocalDate(date)) throw new TobiishiError('time.invalid', 'This is not a date: write it as YYYY-MM-DD.')
  return Date.parse(`${date}T00:00:00Z`)
}

/** The date that a calendar in that zone shows at that instant. */
export const localDate = (instant: Instant, zone: string): LocalDate => dateOfWallTime(toWallTime(instant, zone))

/** Today in a zone. */
export const today = (now: Instant, zone: string): LocalDate => localDate(now, zone)

/** 0 Sunday to 6 Saturday. */
export const weekdayOf = (date: LocalDate): number => weekdayOfWallTime(wallTimeOfDate(date))

/**
 * The instant at which a date begins in a zone, as the anchor of waits from a date: midnight, or the end of the gap where clocks
 * skip midnight (Santiago, Beirut). Throws `time.invalid`.
 */
export const anchorOfDate = (date: LocalDate, zone: string): Instant => firstInstantFrom(wallTimeOfDate(date), zone)
