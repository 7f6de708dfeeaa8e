import * as z from 'zod'
import { TobiishiError } from '../../errors/index.ts'
import type { Instant, LocalDate } from './instant.ts'
import { toWallTime, type WallTime } from './time-zone.ts'

const schema = z.iso.date()

/** Whether this is a date of the calendar as `YYYY-MM-DD`; 2026-02-30 is none. */
export const isLocalDate = (text: string): boolean => schema.safeParse(text).success

/** The date part of a wall-clock time. */
export const dateOfWallTime = (wall: WallTime): LocalDate => new Date(wall).toISOString().slice(0, 10)

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
export const weekdayOf = (date: LocalDate): number => new Date(wallTimeOfDate(date)).getUTCDay()
