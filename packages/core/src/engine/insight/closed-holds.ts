import type { SendWindow } from '../../domain/scenario/scenario-definition.ts'
import type { Instant } from '../../domain/time/instant.ts'
import { dateOfWallTime } from '../../domain/time/local-date.ts'
import { isSendable, nextSendable, type SendRules } from '../../domain/time/next-sendable.ts'
import { toWallTime } from '../../domain/time/time-zone.ts'
import type { MailHold } from './explanation.ts'

/** More than come one after the other in a row of holidays. */
const mostHolds = 40

/**
 * Why mail may not go out, from these instants on as far as they are before `runAt`: the day is closed, the time of day is outside
 * the window, or there are quiet hours. Where one ends and another keeps it, that one too: in the order of time, up to the moment at
 * which it may go. A calendar without data for a day holds mail until it has some.
 */
export const closedHolds = (rules: SendRules, instants: readonly Instant[], runAt: Instant): readonly MailHold[] => {
  const holds: MailHold[] = []
  let at = Number.NEGATIVE_INFINITY
  for (const instant of instants.filter((each) => each <= runAt).toSorted((a, b) => a - b)) {
    at = Math.max(at, instant)
    for (let found = holdsAt(rules, at); found.length > 0; found = holdsAt(rules, at)) {
      holds.push(...found.filter((hold) => !holds.some((one) => isSame(one, hold))))
      if (found === unknown || holds.length >= mostHolds) return holds
      at = Math.max(at, ...found.flatMap((hold) => ('until' in hold && hold.until !== null ? [hold.until] : [])))
    }
  }
  return holds
}

const isSame = (a: MailHold, b: MailHold): boolean => a.reason === b.reason && 'until' in a && 'until' in b && a.until === b.until

const allDay = { from: '00:00', to: '00:00' } as const

const unknown: readonly MailHold[] = [{ reason: 'no-calendar' }]

/** In the order in which they end. */
const holdsAt = (rules: SendRules, instant: Instant): readonly MailHold[] => {
  const { window, quietHours } = rules
  const open = (partial: Pick<SendRules, 'window' | 'quietHours'>) => nextSendable(instant, { ...rules, ...partial })
  try {
    const opensAt = window === null ? instant : open({ window, quietHours: null })
    const endsAt = quietHours === null ? instant : open({ window: null, quietHours })
    const closed = window === null ? [] : windowHolds(rules, window, instant, opensAt)
    const quiet: readonly MailHold[] =
      quietHours === null || endsAt <= instant ? [] : [{ reason: 'quiet-hours', ...quietHours, until: endsAt }]
    return endsAt < opensAt ? [...quiet, ...closed] : [...closed, ...quiet]
  } catch {
    return unknown
  }
}

const windowHolds = (rules: SendRules, window: SendWindow, instant: Instant, until: Instant): readonly MailHold[] => {
  if (until <= instant) return []
  const wall = toWallTime(instant, rules.zone)
  const { days, from, to } = window
  if (!isSendable(wall, { ...rules, window: { days, ...allDay }, quietHours: null }))
    return [{ reason: 'closed-day', date: dateOfWallTime(wall), days, until }]
  return [{ reason: 'window', from, to, until }]
}
