import { scenarioLimits } from '../domain/scenario/parse/value-schema.ts'
import { forwardProblem } from '../domain/scenario/parse/wait-schema.ts'
import type { WaitSpec } from '../domain/time/wait-spec.ts'
import { invalidDefinition, mustBe } from './invalid-definition.ts'
import { isOptions, readOptions } from './options.ts'
import { type ClockTime, readClockTime, readElapsedSpan, readSpan, type WaitSpan } from './span.ts'

/**
 * A wait of calendar units, if wanted until a wall-clock time in the contact's zone. `{ days: 0, at }` is the same day. Negative
 * units end before an attribute or event that the wait counts from.
 */
export interface CalendarWait {
  readonly days?: number
  readonly weeks?: number
  readonly months?: number
  /** Default: the time of day of what it counts from. */
  readonly at?: ClockTime
}

/**
 * A wait of open days: not Saturday, Sunday, nor what `isHoliday` of `createTobiishi` closes. The third open day after Friday is
 * Wednesday; `0` is the day itself, or the next open one.
 */
export interface BusinessWait {
  readonly businessDays: number
  /** Default: the time of day of what it counts from. */
  readonly at?: ClockTime
}

export type Weekday = (typeof weekdays)[number]

/** A wait until the next such weekday in the contact's zone: the day itself where `at` is still to come. */
export interface WeekdayWait {
  readonly weekday: Weekday
  /** Default: the time of day of what it counts from. */
  readonly at?: ClockTime
}

/** How long a wait is: time that elapses, or units of the calendar. They do not mix. */
export type WaitInput = WaitSpan | CalendarWait | BusinessWait | WeekdayWait

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const

/** What a wait waits for. `mayCountBack` lets it end before its anchor. Throws `definition.invalid`, for mixed units too. */
export const readWait = (path: string, wait: unknown, mayCountBack: boolean): WaitSpec => {
  const read = typeof wait === 'string' ? readSpelledWait(path, wait) : readWaitObject(path, wait)
  const problem = mayCountBack ? null : forwardProblem(read)
  if (problem !== null) throw invalidDefinition(path, problem)
  return read
}

const readSpelledWait = (path: string, wait: string): WaitSpec => {
  if (wait.startsWith('-')) throw invalidDefinition(path, 'a wait that ends before its anchor is written { days: -7 }.')
  const { amount, unit } = readSpan(path, wait)
  if (unit === 'second' || unit === 'minute' || unit === 'hour') return { kind: 'elapsed', ms: readElapsedSpan(path, wait) }
  const whole = readUnits(path, amount)
  return {
    kind: 'calendar',
    months: unit === 'month' ? whole : 0,
    weeks: unit === 'week' ? whole : 0,
    days: unit === 'day' ? whole : 0,
    at: null,
  }
}

const readWaitObject = (path: string, wait: unknown): WaitSpec => {
  if (!isOptions(wait)) throw mustBe(path, "a wait such as '3 days' or { days: 3, at: '10:00' }", wait)
  if ('businessDays' in wait) {
    const { businessDays, at } = readOptions(path, wait, ['businessDays', 'at'], 'a wait of open days has businessDays and at.')
    return { kind: 'business', days: readUnits(`${path}.businessDays`, businessDays), at: readAt(path, at) }
  }
  if ('weekday' in wait) {
    const { weekday, at } = readOptions(path, wait, ['weekday', 'at'], 'a wait for a weekday has weekday and at.')
    return { kind: 'weekday', weekday: readWeekday(`${path}.weekday`, weekday), at: readAt(path, at) }
  }
  return readCalendarWait(path, wait)
}

const readCalendarWait = (path: string, wait: object): WaitSpec => {
  const { days, weeks, months, at } = readOptions(
    path,
    wait,
    ['days', 'weeks', 'months', 'at'],
    "a wait by the calendar has days, weeks, months and at; for elapsed time write '72 hours'.",
  )
  if (days === undefined && weeks === undefined && months === undefined)
    throw invalidDefinition(path, 'say how many days, weeks or months.')
  return {
    kind: 'calendar',
    months: readUnits(`${path}.months`, months ?? 0),
    weeks: readUnits(`${path}.weeks`, weeks ?? 0),
    days: readUnits(`${path}.days`, days ?? 0),
    at: readAt(path, at),
  }
}

const readAt = (path: string, at: unknown): string | null => (at === undefined ? null : readClockTime(`${path}.at`, at))

const readWeekday = (path: string, weekday: unknown): number => {
  const names: readonly unknown[] = weekdays
  const index = names.indexOf(weekday)
  if (index >= 0) return index
  throw mustBe(path, `one of ${weekdays.join(', ')}`, weekday)
}

const readUnits = (path: string, amount: unknown): number => {
  if (typeof amount === 'number' && Number.isInteger(amount) && Math.abs(amount) <= scenarioLimits.units) return amount + 0
  throw mustBe(path, `a whole number, at most ${scenarioLimits.units}`, amount)
}
