import { TobiishiError } from '../../errors/index.ts'
import { day, hour, type Milliseconds, minute } from './instant.ts'

const lengths: { readonly [unit: string]: Milliseconds } = { minute, hour, day, week: 7 * day }

const invalid = (what: string): TobiishiError =>
  new TobiishiError('time.invalid', `${what} Write it as '90 minutes', '72 hours', '3 days' or '1 hour 30 minutes'.`)

/**
 * The length of a span that elapses, as people write it: `4 days`, `1 hour 30 minutes`. A day is 24 hours, a week 7 days; months
 * have no fixed length. For waits of the calendar see `addCalendar`. Throws `time.invalid`.
 */
export const parseDuration = (text: string): Milliseconds => {
  const given = new Set<string>()
  let total = 0
  const rest = text
    .trim()
    .replace(/(\d+)\s*(minute|hour|day|week)s?(?:\s+|\s*,\s*|$)/gy, (_all, amount: string, unit: string) => {
      if (given.has(unit)) throw invalid(`'${text}' gives ${unit}s twice.`)
      given.add(unit)
      total += Number(amount) * (lengths[unit] ?? Number.NaN)
      return ''
    })
  if (rest !== '' || given.size === 0) throw invalid(`'${text}' is not a span of fixed length.`)
  return total
}
