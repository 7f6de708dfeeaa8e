import { day, type Milliseconds } from '../../time/instant.ts'
import type { WaitSpec } from '../../time/wait-spec.ts'
import type { ScenarioStep, WaitForStep, WaitStep } from '../scenario-definition.ts'
import { isAct } from '../wait-for-arms.ts'
import { waysOf } from './graph.ts'

/** A way out of a step with the least time that it takes, whatever the contact does. */
export interface TimedWay {
  readonly next: string | null
  readonly ms: Milliseconds
}

/**
 * The ways out of a step. `isAnew`: the enrolment is a new one, so that a wait from its entry waits again; in a loop of one
 * enrolment that wait is over the second time, as waits from attributes and events may be always.
 */
export const timedWaysOf = (step: ScenarioStep, isAnew: boolean): readonly TimedWay[] => {
  if (step.kind === 'wait') return [{ next: step.next, ms: leastOfStep(step, isAnew) }]
  if (step.kind === 'wait-for') return [...armWays(step), { next: step.timeout.next, ms: leastOf(step.timeout.wait) }]
  return waysOf(step).map((next) => ({ next, ms: 0 }))
}

const leastOfStep = ({ wait, from }: WaitStep, isAnew: boolean): Milliseconds => {
  if (from.kind === 'previous' || (from.kind === 'entry' && isAnew)) return leastOf(wait)
  return 0
}

/** What a contact has to do first takes its time; a segment, or a mail that went out, may be true at once. */
const armWays = ({ arms }: WaitForStep): readonly TimedWay[] => arms.map(({ on, next }) => ({ next, ms: isAct(on) ? day : 0 }))

/** A wait of whole days may be shorter once, never twice in a row: it counts as a day. */
const leastOf = (wait: WaitSpec): Milliseconds => {
  if (wait.kind === 'elapsed') return wait.ms
  if (wait.kind === 'weekday') return day
  if (wait.kind === 'business') return wait.days > 0 ? day : 0
  return wait.months + wait.weeks + wait.days > 0 ? day : 0
}
