import { day, type Instant } from './instant.ts'
import { midnightOf } from './local-date.ts'
import { isSendable, type SendRules } from './next-sendable.ts'
import { parseTimeOfDay } from './time-of-day.ts'
import { instantsOf, toWallTime } from './time-zone.ts'
import { clockChanges } from './zone-offsets.ts'

/** The times of day at which sending can become impossible, besides at a change of the clocks. */
const closingsOf = ({ window, quietHours }: SendRules): readonly number[] => [
  ...(window === null ? [] : [0, parseTimeOfDay(window.to)]),
  ...(quietHours === null ? [] : [parseTimeOfDay(quietHours.from)]),
]

/**
 * The first instant in `(instant, until)` at which mail may not go out any more, `instant` being sendable; null where it may
 * all the time. Throws whatever `isHoliday` throws.
 */
export const windowEnd = (instant: Instant, until: Instant, rules: SendRules): Instant | null => {
  const closings = closingsOf(rules)
  if (closings.length === 0) return null
  const found = [...clockChanges(instant, until, rules.zone)]
  const last = midnightOf(toWallTime(until, rules.zone)) + day
  for (let midnight = midnightOf(toWallTime(instant, rules.zone)) - day; midnight <= last; midnight += day)
    for (const time of closings) found.push(...instantsOf(midnight + time, rules.zone))
  const ends = found.filter((at) => at > instant && at < until).sort((a, b) => a - b)
  return ends.find((at) => !isSendable(toWallTime(at, rules.zone), rules)) ?? null
}
