import { day, hour, type Milliseconds, minute, second } from '../domain/time/instant.ts'
import { invalidDefinition, mustBe } from './invalid-definition.ts'

type Spelled<Unit extends string> = `${number} ${Unit}${'' | 's'}`

/** A length of time that elapses; a day is 24 hours here. For limits and windows: `within`, `maxEventAge`, `sendWithin`. */
export type ElapsedSpan = Spelled<'second' | 'minute' | 'hour' | 'day' | 'week'>

/** For waits: seconds, minutes and hours elapse, days, weeks and months are of the calendar. */
export type WaitSpan = Spelled<'second' | 'minute' | 'hour' | 'day' | 'week' | 'month'>

/** Wall clock, `09:00`. */
export type ClockTime = `${number}:${number}`

/** Milliseconds of `30 days`, `90 minutes`; a day is 24 hours. Throws `definition.invalid`. */
export const readElapsedSpan = (path: string, span: unknown): Milliseconds => {
  const { amount, unit } = readSpan(path, span)
  if (unit === 'month') throw invalidDefinition(path, 'a month has no fixed length. Use days.')
  const ms = amount * lengths[unit]
  if (!Number.isSafeInteger(ms)) throw invalidDefinition(path, 'a span is a whole number of milliseconds.')
  return ms
}

/** `HH:MM`, 00:00 to 23:59. Throws `definition.invalid`. */
export const readClockTime = (path: string, time: unknown): string => {
  if (typeof time === 'string' && /^(?:[01]\d|2[0-3]):[0-5]\d$/.test(time)) return time
  throw mustBe(path, 'a time of day such as 09:00, from 00:00 to 23:59', time)
}

/** The end of a band of the day: `HH:MM`, 00:00 to 24:00. Throws `definition.invalid`. */
export const readClockEnd = (path: string, time: unknown): string => {
  if (time === '24:00' || (typeof time === 'string' && /^(?:[01]\d|2[0-3]):[0-5]\d$/.test(time))) return time
  throw mustBe(path, 'a time of day such as 20:00, from 00:00 to 24:00', time)
}

const lengths = { second, minute, hour, day, week: 7 * day } as const

type Unit = 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month'

const isUnit = (text: string | undefined): text is Unit =>
  text === 'month' || (text !== undefined && Object.hasOwn(lengths, text))

/** Amount and unit of `2 weeks`. Throws `definition.invalid`. */
export const readSpan = (path: string, span: unknown): { readonly amount: number; readonly unit: Unit } => {
  const match = typeof span === 'string' ? /^(\d+(?:\.\d+)?) ([a-z]+?)s?$/.exec(span) : null
  const amount = Number(match?.[1])
  const unit = match?.[2]
  if (!(amount > 0) || !isUnit(unit)) throw mustBe(path, "a span such as '90 minutes', '72 hours', '3 days' or '2 weeks'", span)
  return { amount, unit }
}
