/** What clocks on walls show, read from Intl part by part and without anything of `domain/time`. */

export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour

/** The years that virtual time runs through: clocks change four times, and one February has 29 days. */
export const years = { from: Date.UTC(2027, 6, 1), until: Date.UTC(2029, 6, 1) } as const

const formats = new Map<string, Intl.DateTimeFormat>()

const formatOf = (zone: string): Intl.DateTimeFormat => {
  const known = formats.get(zone)
  if (known !== undefined) return known
  const numeric = 'numeric'
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: zone, calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23' },
    ...{ year: numeric, month: numeric, day: numeric, hour: numeric, minute: numeric, second: numeric },
  })
  formats.set(zone, format)
  return format
}

/** Date and time on the wall as Intl tells them, as the instant at which UTC shows them. */
export const wallByIntl = (instant: number, zone: string): number => {
  const shown: { [type: string]: number } = {}
  for (const { type, value } of formatOf(zone).formatToParts(instant)) shown[type] = Number(value)
  const { year = 0, month = 0, day: date = 0, hour: hours = 0, minute: minutes = 0, second: seconds = 0 } = shown
  return Date.UTC(year, month - 1, date, hours, minutes, seconds) + (((instant % 1_000) + 1_000) % 1_000)
}

const offsetByIntl = (instant: number, zone: string): number => wallByIntl(instant, zone) - instant

/** First instant with the new offset. */
const bisect = (from: number, until: number, zone: string): number => {
  const before = offsetByIntl(from, zone)
  let [low, high] = [from, until]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetByIntl(middle, zone) === before) low = middle
    else high = middle
  }
  return high
}

/** The offsets of a zone in those years and a quarter around them; asking Intl each time would take minutes. */
const known = { from: years.from - 90 * day, until: years.until + 90 * day } as const

interface Offset {
  readonly at: number
  readonly offset: number
}

const readOffsets = (zone: string): readonly Offset[] => {
  const found = [{ at: known.from, offset: offsetByIntl(known.from, zone) }]
  for (let at = known.from; at < known.until; at += 5 * day) {
    if (offsetByIntl(at + 5 * day, zone) === found.at(-1)?.offset) continue
    const change = bisect(at, at + 5 * day, zone)
    found.push({ at: change, offset: offsetByIntl(change, zone) })
  }
  return found
}

const offsets = new Map<string, readonly Offset[]>()

const offsetsOf = (zone: string): readonly Offset[] => {
  const read = offsets.get(zone) ?? readOffsets(zone)
  offsets.set(zone, read)
  return read
}

const offsetAt = (instant: number, zone: string): number => {
  if (instant < known.from || instant >= known.until) return offsetByIntl(instant, zone)
  return offsetsOf(zone).findLast(({ at }) => at <= instant)?.offset ?? Number.NaN
}

/** Date and time on the wall. */
export const wallAt = (instant: number, zone: string): number => instant + offsetAt(instant, zone)
export const textOf = (wall: number): string => new Date(wall).toISOString().slice(0, 16)
export const dateAt = (instant: number, zone: string): string => textOf(wallAt(instant, zone)).slice(0, 10)

/** When the clocks of a zone change in those years. */
export const changesOf = (zone: string): number[] =>
  offsetsOf(zone)
    .slice(1)
    .map(({ at }) => at)
    .filter((at) => at >= years.from && at < years.until)

/** The first instant at which the wall shows this; where it never does, as long after the gap as it would have been within it. */
export const instantShowing = (wall: number, zone: string): number => {
  const [before, after] = [offsetAt(wall - day, zone), offsetAt(wall + day, zone)]
  if (before === after) return wall - before
  const shown = [wall - before, wall - after].filter((instant) => wallAt(instant, zone) === wall)
  return shown.length === 0 ? wall - before : Math.min(...shown)
}
