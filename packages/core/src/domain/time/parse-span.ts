import { TobiishiError } from '../../errors/index.ts'
import type { WaitSpec } from '../scenario/scenario-definition.ts'
import { day, hour, type Milliseconds, minute } from './instant.ts'
import { parseTimeOfDay } from './time-of-day.ts'

/** A span in its parts. `at` is a wall-clock time `HH:MM` for spans of the calendar. */
export interface SpanParts {
  readonly minutes?: number
  readonly hours?: number
  readonly days?: number
  readonly weeks?: number
  readonly months?: number
  readonly at?: string
}

/** A span as people write it: `3 days`, `72 hours`, `1 hour 30 minutes`, or in parts. */
export type SpanInput = string | SpanParts

type Unit = Exclude<keyof SpanParts, 'at'>
const units: readonly Unit[] = ['minutes', 'hours', 'days', 'weeks', 'months']

const invalid = (what: string): TobiishiError =>
  new TobiishiError('time.invalid', `${what} Write a span as '3 days', '72 hours' or { days: 3, at: '10:00' }.`)

const readText = (text: string): SpanParts => {
  const parts: { [U in Unit]?: number } = {}
  const rest = text.replace(/(\d+)\s*(minute|hour|day|week|month)s?(?:\s+|\s*,\s*|$)/gy, (_all, amount: string, unit: string) => {
    const name = `${unit}s` as Unit
    if (parts[name] !== undefined) throw invalid(`'${text}' gives ${name} twice.`)
    parts[name] = Number(amount)
    return ''
  })
  if (rest !== '' || text.trim() === '') throw invalid(`'${text}' is not a span of time.`)
  return parts
}

const readParts = (input: SpanInput): SpanParts => {
  const parts = typeof input === 'string' ? readText(input.trim()) : input
  const given = units.filter((unit) => parts[unit] !== undefined)
  if (given.length === 0) throw invalid('The span has no unit.')
  for (const unit of given) {
    if (!Number.isSafeInteger(parts[unit]) || (parts[unit] ?? 0) < 0)
      throw invalid(`${unit} must be a whole number of 0 or more.`)
  }
  return parts
}

/**
 * A wait from what an app writes. Hours and minutes elapse; days, weeks and months are of the calendar and may name a
 * wall-clock time; one span does not mix the two (design §2), so `72 hours` and `3 days` differ on purpose. Throws `time.invalid`.
 */
export const parseWait = (input: SpanInput): WaitSpec => {
  const { minutes, hours, days, weeks, months, at } = readParts(input)
  const elapses = minutes !== undefined || hours !== undefined
  const isCalendar = days !== undefined || weeks !== undefined || months !== undefined
  if (elapses && isCalendar) throw invalid('Hours or minutes that elapse do not mix with days, weeks or months of the calendar.')
  if (elapses) {
    if (at !== undefined) throw invalid("'at' needs days, weeks or months.")
    return { kind: 'elapsed', ms: (hours ?? 0) * hour + (minutes ?? 0) * minute }
  }
  if (at !== undefined && parseTimeOfDay(at) >= day) throw invalid("'at' goes from 00:00 to 23:59.")
  return { kind: 'calendar', months: months ?? 0, weeks: weeks ?? 0, days: days ?? 0, at: at ?? null }
}

/**
 * The length of a span that always elapses, as limits and look-backs need it (`sendWithin`, `within`): a day is 24 hours, a
 * week 7 days. Months have no fixed length and are refused with `time.invalid`.
 */
export const parseDuration = (input: SpanInput): Milliseconds => {
  const { minutes, hours, days, weeks, months, at } = readParts(input)
  if (months !== undefined) throw invalid('A month has no fixed length here: write it in days.')
  if (at !== undefined) throw invalid("'at' belongs to waits only.")
  return (minutes ?? 0) * minute + (hours ?? 0) * hour + ((days ?? 0) + (weeks ?? 0) * 7) * day
}
