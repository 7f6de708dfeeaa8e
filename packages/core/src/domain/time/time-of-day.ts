import { TobiishiError } from '../../errors/index.ts'
import { hour, type Milliseconds, minute } from './instant.ts'

/** What was read before: windows ask for the same few again and again. Valid texts only, 1,441 at most. */
const known = new Map<string, Milliseconds>()

/** Milliseconds since midnight of a wall-clock time `HH:MM`, `24:00` included for the end of a day. Throws `time.invalid`. */
export const parseTimeOfDay = (text: string): Milliseconds => {
  const before = known.get(text)
  if (before !== undefined) return before
  const match = /^([01]\d|2[0-3]):([0-5]\d)$|^24:00$/.exec(text)
  if (match === null)
    throw new TobiishiError('time.invalid', `'${text}' is not a time of day: write HH:MM from 00:00 to 24:00, as 09:30.`)
  const time = text === '24:00' ? 24 * hour : Number(match[1]) * hour + Number(match[2]) * minute
  known.set(text, time)
  return time
}
