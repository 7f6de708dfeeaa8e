import type { LocalDate } from '../domain/time/instant.ts'
import { TobiishiError } from '../errors/index.ts'
import { daysByYear, source, span } from './japanese-holidays.ts'

const dates: ReadonlySet<LocalDate> = new Set(
  Object.entries(daysByYear).flatMap(([year, days]) =>
    days.split(' ').map((day) => `${year}-${day.slice(0, 2)}-${day.slice(2)}`),
  ),
)

/**
 * Whether this date (`YYYY-MM-DD`) is a holiday in Japan: 国民の祝日, 振替休日 and 国民の休日. Weekends are none by themselves.
 * Throws `time.beyond_horizon` outside `japaneseHolidays.span` instead of calling everything a working day.
 */
export const isHoliday = (date: LocalDate): boolean => {
  if (date < span.from || date > span.to) {
    throw new TobiishiError(
      'time.beyond_horizon',
      `The calendar of Japan's holidays goes from ${span.from} to ${span.to}, so nothing can be said about ${date}: update @tobiishi/core.`,
      { details: { date, ...span } },
    )
  }
  return dates.has(date)
}

/** Japan's holidays as a calendar, with the origin and reach of its data: for `businessCalendar({ holidays })`. */
export const japaneseHolidays = { isHoliday, source, span } as const

/** 年末年始 as most companies close: 29 December to 3 January. No holiday by law: for `businessCalendar({ closed })`. */
export const isYearEndClosure = (date: LocalDate): boolean => /-(12-(29|30|31)|01-0[123])$/.test(date)

/** お盆 as many companies close: 13 to 16 August. No holiday by law: for `businessCalendar({ closed })`. */
export const isObonClosure = (date: LocalDate): boolean => /-08-1[3456]$/.test(date)
