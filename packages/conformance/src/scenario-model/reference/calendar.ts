import type { ScenarioDefinition } from '@tobiishi/core'
import { day, hour, instantShowing, minute, timeOf, timeOn, wallAt, weekdayOn } from '../wall-clock.ts'

type Window = NonNullable<ScenarioDefinition['window']>
type Step = ScenarioDefinition['steps'][string]
export type Wait = Extract<Step, { kind: 'wait' }>['wait']

/** When mail may go out. */
export interface OpenHours {
  readonly window: Window | null
  readonly quietHours: { readonly from: string; readonly to: string } | null
  readonly zone: string
}

const isWithin = (time: number, from: string, to: string): boolean =>
  timeOf(from) < timeOf(to) ? time >= timeOf(from) && time < timeOf(to) : time >= timeOf(from) || time < timeOf(to)

const isWeekend = (wall: number): boolean => weekdayOn(wall) === 0 || weekdayOn(wall) === 6

/** Whether mail may go out at that instant. */
export const isOpen = (instant: number, { window, quietHours, zone }: OpenHours): boolean => {
  const wall = wallAt(instant, zone)
  if (quietHours !== null && isWithin(timeOn(wall), quietHours.from, quietHours.to)) return false
  if (window === null) return true
  return isWithin(timeOn(wall), window.from, window.to) && (window.days === 'any' || !isWeekend(wall))
}

/** The instant itself or the next open one, looked for minute by minute. */
export const nextOpen = (instant: number, hours: OpenHours): number => {
  if (isOpen(instant, hours)) return instant
  let at = Math.ceil(instant / minute) * minute
  while (!isOpen(at, hours)) at += minute
  return at
}

const midnight = (wall: number): number => wall - timeOn(wall)

/** When a wait is over. The world has no holidays: open days are Monday to Friday. */
export const waitOver = (anchor: number, wait: Wait, zone: string): number => {
  if (wait.kind === 'elapsed') return anchor + wait.ms
  const wall = wallAt(anchor, zone)
  const time = wait.at === null ? timeOn(wall) : timeOf(wait.at)
  const on = (date: number) => instantShowing(date + time, zone)
  if (wait.kind === 'calendar') return on(midnight(wall) + (wait.weeks * 7 + wait.days) * day)
  let date = midnight(wall)
  if (wait.kind === 'business') {
    for (let left = wait.days; left > 0; left -= isWeekend(date) ? 0 : 1) date += day
    return on(date)
  }
  while (weekdayOn(date) !== wait.weekday || on(date) <= anchor) date += day
  return on(date)
}

/** When a date begins. */
export const beginOf = (date: string, zone: string): number => instantShowing(Date.parse(`${date}T00:00:00Z`), zone)

/** When a trigger of that date is due. */
export const occurrenceOf = (date: string, { days, at }: { readonly days: number; readonly at: string }, zone: string): number =>
  instantShowing(Date.parse(`${date}T00:00:00Z`) + days * day + timeOf(at), zone)

/** Longest pause between two mails of an enrolment that nobody planned, for whom an outage is over. */
export const longestGap = 12 * hour
