import { day } from '../../time/instant.ts'
import { parseTimeOfDay } from '../../time/time-of-day.ts'
import type { WaitSpec } from '../../time/wait-spec.ts'
import type { ScenarioStep, SendWindow } from '../scenario-definition.ts'

export type Band = Pick<SendWindow, 'from' | 'to'>

/** Whether a time of day lies in a band of it. */
export const isIn = (time: number, { from, to }: Band): boolean => {
  const [start, end] = [parseTimeOfDay(from), parseTimeOfDay(to)]
  return start < end ? time >= start && time < end : time >= start || time < end
}

/** What a step waits for, the time-out of a wait-for too, and what comes after it. */
export const waitOf = (step: ScenarioStep): { readonly wait: WaitSpec; readonly next: string | null } | null =>
  step.kind === 'wait' ? step : step.kind === 'wait-for' ? step.timeout : null

/** Whether a wait surely ends on a later date than it began. */
export const passesADay = (step: ScenarioStep): boolean => {
  const { wait } = waitOf(step) ?? {}
  if (wait === undefined) return false
  if (wait.kind === 'elapsed') return wait.ms >= day
  if (wait.kind === 'calendar') return wait.months + wait.weeks + wait.days > 0
  return wait.kind === 'weekday' || wait.days > 0
}
