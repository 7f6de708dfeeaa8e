import { TZDate } from '@date-fns/tz'
import type { Instant } from '../../domain/time/instant.ts'
import { parseLocalDate } from './parse-local-date.ts'
import { halfWidth } from './plain-cell.ts'

/** A point in time as files hold it; without an offset it is of `timeZone` (Japan's files: Asia/Tokyo), without a time midnight. */
export const parseLocalInstant = (cell: string, timeZone: string): Instant | null => {
  const text = halfWidth(cell)
  if (/T.*(Z|[+-]\d{2}:?\d{2})$/.test(text)) return instantOrNull(Date.parse(text))
  const match = /^(.*?)(?:[\sT]+(午前|午後)?\s*(\d{1,2})[:時](\d{1,2})(?:[:分](\d{1,2}))?(?:\.\d+)?[分秒]?)?$/.exec(text)
  const date = parseLocalDate(match?.[1] ?? '')
  if (!match || date === null) return null
  const hours = hoursOf(match[2], Number(match[3] ?? 0))
  const minutes = Number(match[4] ?? 0)
  const seconds = Number(match[5] ?? 0)
  if (hours > 23 || minutes > 59 || seconds > 59) return null
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number)
  return instantOrNull(new TZDate(year, month - 1, day, hours, minutes, seconds, timeZone).getTime())
}

const hoursOf = (half: string | undefined, hours: number): number =>
  half === '午後' && hours < 12 ? hours + 12 : half === '午前' && hours === 12 ? 0 : hours

const instantOrNull = (instant: number): Instant | null => (Number.isFinite(instant) ? instant : null)
