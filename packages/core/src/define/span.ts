import { day, hour, type Milliseconds, minute } from '../domain/time/instant.ts'
import type { WaitSpec } from '../domain/time/wait-spec.ts'
import { invalidDefinition } from './invalid-definition.ts'

type Spelled<Unit extends string> = `${number} ${Unit}${'' | 's'}`

/** A length of time that elapses; a day is 24 hours here. For limits and windows: `within`, `maxEventAge`, `sendWithin`. */
export type ElapsedSpan = Spelled<'minute' | 'hour' | 'day' | 'week'>

/** For waits: minutes and hours elapse, days, weeks and months are of the calendar. */
export type WaitSpan = Spelled<'minute' | 'hour' | 'day' | 'week' | 'month'>

/** Wall clock, `09:00`. */
export type ClockTime = `${number}:${number}`

/** A wait of calendar units, if wanted until a wall-clock time in the contact's zone. `{ days: 0, at }` is the same day. */
export interface CalendarWait {
  readonly days?: number
  readonly weeks?: number
  readonly months?: number
  readonly at?: ClockTime
}

/** Milliseconds of `30 days`, `90 minutes`; a day is 24 hours. Throws `definition.invalid`. */
export const readElapsedSpan = (path: string, span: unknown): Milliseconds => {
  const { amount, unit } = readSpan(path, span)
  if (unit === 'month') throw invalidDefinition(path, 'a month has no fixed length. Use days.')
  const ms = amount * lengths[unit]
  if (!Number.isSafeInteger(ms)) throw invalidDefinition(path, 'a span is a whole number of milliseconds.')
  return ms
}

/** What a wait waits for. Throws `definition.invalid`, for a mix of units and for `at` with hours too. */
export const readWait = (path: string, wait: unknown): WaitSpec => {
  if (typeof wait === 'string') return readSpelledWait(path, wait)
  if (typeof wait !== 'object' || wait === null)
    throw invalidDefinition(path, "a wait is a span such as '3 days' or { days: 3, at: '10:00' }.")
  const unknown = Object.keys(wait).filter((key) => !['days', 'weeks', 'months', 'at'].includes(key))
  if (unknown.length > 0) {
    throw invalidDefinition(
      `${path}.${unknown[0]}`,
      "a wait by the calendar has days, weeks, months and at; for elapsed time write '72 hours'.",
    )
  }
  const { days, weeks, months, at } = wait as CalendarWait
  const units = {
    months: readUnit(`${path}.months`, months),
    weeks: readUnit(`${path}.weeks`, weeks),
    days: readUnit(`${path}.days`, days),
  }
  if (days === undefined && weeks === undefined && months === undefined)
    throw invalidDefinition(path, 'say how many days, weeks or months.')
  if (at === undefined && units.days + units.weeks + units.months === 0) throw invalidDefinition(path, 'a wait of nothing.')
  return { kind: 'calendar', ...units, at: at === undefined ? null : readClockTime(`${path}.at`, at) }
}

/** `HH:MM`, 00:00 to 23:59. Throws `definition.invalid`. */
export const readClockTime = (path: string, time: unknown): string => {
  if (typeof time === 'string' && /^(?:[01]\d|2[0-3]):[0-5]\d$/.test(time)) return time
  throw invalidDefinition(path, 'a time of day is written 09:00, from 00:00 to 23:59.')
}

const lengths = { minute, hour, day, week: 7 * day } as const

type Unit = 'minute' | 'hour' | 'day' | 'week' | 'month'

const readSpan = (path: string, span: unknown): { readonly amount: number; readonly unit: Unit } => {
  const match = typeof span === 'string' ? /^(\d+(?:\.\d+)?) (minute|hour|day|week|month)s?$/.exec(span) : null
  const amount = Number(match?.[1])
  if (match === null || !(amount > 0))
    throw invalidDefinition(path, "a span is written '90 minutes', '72 hours', '3 days' or '2 weeks'.")
  return { amount, unit: match[2] as Unit }
}

const readSpelledWait = (path: string, wait: string): WaitSpec => {
  const { amount, unit } = readSpan(path, wait)
  if (unit === 'minute' || unit === 'hour') return { kind: 'elapsed', ms: readElapsedSpan(path, wait) }
  const whole = readUnit(path, amount)
  return {
    kind: 'calendar',
    months: unit === 'month' ? whole : 0,
    weeks: unit === 'week' ? whole : 0,
    days: unit === 'day' ? whole : 0,
    at: null,
  }
}

const readUnit = (path: string, amount: unknown): number => {
  if (amount === undefined) return 0
  if (typeof amount === 'number' && Number.isInteger(amount) && amount >= 0 && amount <= 10_000) return amount
  throw invalidDefinition(path, 'days, weeks and months are whole numbers.')
}
