import { day, type Instant } from './instant.ts'
import { clockChanges, offsetAt } from './zone-offsets.ts'

/** Wall-clock time as milliseconds: the instant at which a clock in UTC would show the same date and time. */
export type WallTime = number

/** Zones that the runtime knew when asked, which makes it a formatter each time. Bounded, since letter case is free. */
const known = new Set<string>()
const mostKnown = 1_000

/** Whether this is the name of an IANA zone that the runtime knows, as `Asia/Tokyo`. Bare offsets (`+09:00`) are refused: they know no summer time. */
export const isTimeZone = (zone: string): boolean => {
  if (known.has(zone)) return true
  if (!/^[A-Za-z]/.test(zone)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    if (known.size < mostKnown) known.add(zone)
    return true
  } catch {
    return false
  }
}

/** What a clock on the wall of that zone shows. Throws `time.invalid` for an unknown zone. */
export const toWallTime = (instant: Instant, zone: string): WallTime => instant + offsetAt(instant, zone)

/**
 * The instants at which a clock of that zone shows this: two where an hour repeats (earlier first), one where it is skipped,
 * moved forward by the length of the gap (as Temporal's `compatible`).
 */
export const instantsOf = (wall: WallTime, zone: string): readonly [Instant, ...Instant[]] => {
  const before = offsetAt(wall - day, zone)
  const after = offsetAt(wall + day, zone)
  if (before === after) return [wall - before]
  const shown = [wall - before, wall - after].filter((instant) => toWallTime(instant, zone) === wall).sort((a, b) => a - b)
  const [first, second] = shown
  if (first === undefined) return [wall - before]
  return second === undefined ? [first] : [first, second]
}

/** The instant of a wall-clock time: a skipped one moves forward, of a repeated one the first counts (design §5). */
export const fromWallTime = (wall: WallTime, zone: string): Instant => instantsOf(wall, zone)[0]

/** The first instant at which a clock of that zone shows this or later: where the time is skipped, the end of the gap. */
export const firstInstantFrom = (wall: WallTime, zone: string): Instant => {
  const instant = fromWallTime(wall, zone)
  if (toWallTime(instant, zone) === wall) return instant
  const gap = clockChanges(instant - day, instant + 1, zone).find((change) => toWallTime(change, zone) >= wall)
  return gap ?? instant
}
