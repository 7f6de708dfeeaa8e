import type { SendWindow } from '../scenario/scenario-definition.ts'
import type { Instant, LocalDate } from './instant.ts'
import { isSendable, nextSendable } from './next-sendable.ts'
import type { WallTime } from './time-zone.ts'

type IsHoliday = (date: LocalDate) => boolean

/**
 * Whether a wall-clock time lies in the window: the time of day in `[from, to)`, which wraps over midnight where `from` is
 * later and is the whole day where they are equal; and the day of that very date open (Saturday 01:00 is Saturday, also in a
 * window that opened on Friday night).
 */
export const isInWindow = (wall: WallTime, window: SendWindow, isHoliday: IsHoliday): boolean =>
  isSendable(wall, { window, quietHours: null, isHoliday })

/** `nextSendable` without quiet hours, for mail that ignores them. Throws the same. */
export const nextInWindow = (instant: Instant, window: SendWindow | null, zone: string, isHoliday: IsHoliday): Instant =>
  nextSendable(instant, { window, quietHours: null, zone, isHoliday })
