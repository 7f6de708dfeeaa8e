import { TobiishiError } from '../../errors/index.ts'
import { hour, type Milliseconds, minute } from './instant.ts'

/** Milliseconds since midnight of a wall-clock time `HH:MM`, `24:00` included for the end of a day. Throws `time.invalid`. */
export const parseTimeOfDay = (text: string): Milliseconds => {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$|^24:00$/.exec(text)
  if (match === null)
    throw new TobiishiError('time.invalid', `'${text}' is not a time of day: write HH:MM from 00:00 to 24:00, as 09:30.`)
  return text === '24:00' ? 24 * hour : Number(match[1]) * hour + Number(match[2]) * minute
}
