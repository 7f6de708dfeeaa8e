import type { SendWindow } from '../../domain/scenario/scenario-definition.ts'
import type { Instant } from '../../domain/time/instant.ts'
import { dateOfWallTime } from '../../domain/time/local-date.ts'
import { isSendable, nextSendable, type SendRules } from '../../domain/time/next-sendable.ts'
import { toWallTime } from '../../domain/time/time-zone.ts'
import type { MailHold } from './explanation.ts'

/**
 * Why mail may not go out at these instants, as far as they are before `runAt`: the day is closed, the time of day is outside the
 * window, or there are quiet hours; each once. A calendar without data for a day holds mail until it has some.
 */
export const closedHolds = (rules: SendRules, instants: readonly Instant[], runAt: Instant): readonly MailHold[] => {
  const found = new Map<string, MailHold>()
  for (const instant of instants.filter((each) => each <= runAt))
    for (const hold of holdsAt(rules, instant)) if (!found.has(hold.reason)) found.set(hold.reason, hold)
  return [...found.values()]
}

const allDay = { from: '00:00', to: '00:00' } as const

const holdsAt = (rules: SendRules, instant: Instant): readonly MailHold[] => {
  const { window, quietHours } = rules
  const holds: MailHold[] = []
  const open = (partial: Pick<SendRules, 'window' | 'quietHours'>) => nextSendable(instant, { ...rules, ...partial })
  try {
    if (window !== null) holds.push(...windowHolds(rules, window, instant, open({ window, quietHours: null })))
    const until = quietHours === null ? instant : open({ window: null, quietHours })
    if (quietHours !== null && until > instant) holds.push({ reason: 'quiet-hours', ...quietHours, until })
    return holds
  } catch {
    return [{ reason: 'no-calendar' }]
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
