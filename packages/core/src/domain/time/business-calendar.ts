import { TobiishiError } from '../../errors/index.ts'
import type { LocalDate } from './instant.ts'
import { isLocalDate } from './local-date.ts'

/** Holidays with the origin and reach of their data, as `japaneseHolidays`. */
export interface HolidayCalendar {
  readonly isHoliday: (date: LocalDate) => boolean
  /** Name and version of the data. */
  readonly source: string
  /** First and last date of the data; outside, `isHoliday` throws. */
  readonly span: { readonly from: LocalDate; readonly to: LocalDate }
}

export interface BusinessCalendarOptions {
  /** Public holidays. Default none. */
  readonly holidays?: HolidayCalendar
  /** Days on which the app's own company is closed: dates `YYYY-MM-DD`, and rules. Default none. */
  readonly closed?: readonly (LocalDate | ((date: LocalDate) => boolean))[]
  /** Of the app's own closed days, as their date of issue `2026-04-01`. Default none. */
  readonly version?: string
}

/** Closed days beside Saturday and Sunday, with a stamp that tells which data answered. */
export interface BusinessCalendar {
  /** For `createTobiishi({ isHoliday })`. Throws `time.beyond_horizon` where the holidays have no data. */
  readonly isHoliday: (date: LocalDate) => boolean
  /** Source and last date of the holidays, and the version of the closed days. To be logged beside what was computed. */
  readonly version: string
}

/**
 * Public holidays and the app's own closed days as one calendar for business days. Beyond the data of the holidays it throws on
 * the app's own closed days too, so that nobody finds out only on the next ordinary day. Throws `time.invalid` for a closed day
 * that is no date.
 *
 * @example
 * ```ts
 * import { businessCalendar } from '@tobiishi/core'
 * import { isObonClosure, isYearEndClosure, japaneseHolidays } from '@tobiishi/core/calendars/jp'
 *
 * const { isHoliday, version } = businessCalendar({
 *   holidays: japaneseHolidays,
 *   closed: [isYearEndClosure, isObonClosure, '2026-11-02'],
 *   version: '2026-04-01',
 * })
 * ```
 */
export const businessCalendar = ({ holidays, closed = [], version }: BusinessCalendarOptions): BusinessCalendar => {
  const dates = new Set(closed.filter((one) => typeof one === 'string'))
  const rules = closed.filter((one) => typeof one === 'function')
  for (const date of dates) {
    if (!isLocalDate(date))
      throw new TobiishiError('time.invalid', `The closed day '${date}' is not a date: write it as YYYY-MM-DD.`)
  }
  const stamps = [
    ...(holidays === undefined ? [] : [`${holidays.source} to ${holidays.span.to}`]),
    ...(version === undefined ? [] : [`closed days ${version}`]),
  ]
  return {
    isHoliday: (date) => holidays?.isHoliday(date) === true || dates.has(date) || rules.some((rule) => rule(date)),
    version: stamps.length === 0 ? 'unstamped' : stamps.join(', '),
  }
}
