/** What clocks on walls show, asked of Intl: nothing of `domain/time`, which is to be checked. */

export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour

const formats = new Map<string, Intl.DateTimeFormat>()
const offsets = new Map<string, number>()

const formatOf = (zone: string): Intl.DateTimeFormat => {
  const known = formats.get(zone)
  if (known !== undefined) return known
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
  formats.set(zone, format)
  return format
}

/** Clocks of the zones in use change at full hours, so an offset holds for an hour. */
const offsetAt = (instant: number, zone: string): number => {
  const start = Math.floor(instant / hour) * hour
  const key = `${zone} ${start}`
  const known = offsets.get(key)
  if (known !== undefined) return known
  const offset = Date.parse(`${formatOf(zone).format(start).replace(' ', 'T')}Z`) - start
  offsets.set(key, offset)
  return offset
}

/** Date and time on the wall, as the instant at which UTC shows them. */
export const wallAt = (instant: number, zone: string): number => instant + offsetAt(instant, zone)

/** `2026-03-05`. */
export const dateAt = (instant: number, zone: string): string => new Date(wallAt(instant, zone)).toISOString().slice(0, 10)

/** Milliseconds since midnight. */
export const timeOn = (wall: number): number => ((wall % day) + day) % day

/** 0 Sunday to 6 Saturday. */
export const weekdayOn = (wall: number): number => new Date(wall).getUTCDay()

/** `HH:MM` as milliseconds since midnight. */
export const timeOf = (text: string): number => Number(text.slice(0, 2)) * hour + Number(text.slice(3)) * minute

/** The first instant at which the wall shows this; one that it skips is as long after the gap as it would have been within. */
export const instantShowing = (wall: number, zone: string): number => {
  const before = wall - offsetAt(wall - day, zone)
  const shown = [before, wall - offsetAt(wall + day, zone)].filter((instant) => wallAt(instant, zone) === wall)
  return shown.length === 0 ? before : Math.min(...shown)
}
