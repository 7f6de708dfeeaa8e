import type { DateTrigger } from '../scenario/scenario-definition.ts'
import { day, type Instant, type LocalDate } from './instant.ts'
import { localDate, wallTimeOfDate } from './local-date.ts'
import { parseTimeOfDay } from './time-of-day.ts'
import { fromWallTime } from './time-zone.ts'

/** One occurrence of a date trigger. */
export interface Occurrence {
  /** What is celebrated or renewed; the key of the entry. Not moved by the trigger's `days`. */
  readonly date: LocalDate
  /** When the trigger fires: `days` after `date`, at its time, on the wall of the zone. */
  readonly at: Instant
}

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0

/** The date in another year; null where 29 February is skipped. */
const dateInYear = (value: LocalDate, year: number, leapDay: DateTrigger['leapDay']): LocalDate | null => {
  const monthAndDay = value.slice(5)
  const prefix = String(year).padStart(4, '0')
  if (monthAndDay !== '02-29' || isLeap(year)) return `${prefix}-${monthAndDay}`
  return leapDay === 'skip' ? null : `${prefix}-${leapDay === 'feb-28' ? '02-28' : '03-01'}`
}

const occurrenceOf = (trigger: DateTrigger, date: LocalDate, zone: string): Occurrence => ({
  date,
  at: fromWallTime(wallTimeOfDate(date) + trigger.days * day + parseTimeOfDay(trigger.at), zone),
})

/** 29 February is at most eight years away (1896 to 1904, 2096 to 2104); one more for the time of day and the zone. */
const searchedYears = 10

/**
 * The first occurrence strictly after an instant; null where there is none any more. Not yearly: the date itself. Yearly: the date
 * in every year from its own on (a birthday in the future begins with the birth), once a year. Throws `time.invalid`.
 */
export const nextOccurrence = (trigger: DateTrigger, value: LocalDate, zone: string, after: Instant): Occurrence | null => {
  const only = occurrenceOf(trigger, value, zone)
  if (!trigger.yearly || only.at > after) return only.at > after ? only : null
  const celebrated = localDate(after - trigger.days * day, zone)
  const first = Math.max(Number(celebrated.slice(0, 4)) - 1, Number(value.slice(0, 4)) + 1)
  for (let year = first; year <= first + searchedYears; year += 1) {
    const date = dateInYear(value, year, trigger.leapDay)
    if (date === null) continue
    const occurrence = occurrenceOf(trigger, date, zone)
    if (occurrence.at > after) return occurrence
  }
  return null
}
