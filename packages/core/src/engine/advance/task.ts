import type { Effect, Enrolment } from '../../domain/scenario/enrolment.ts'
import type { ScenarioDefinition } from '../../domain/scenario/scenario-definition.ts'
import type { TransitionFacts, TransitionInput } from '../../domain/scenario/transition-contract.ts'
import { isUnstarted } from './entries.ts'
import type { Hold, ScenarioBook } from './scenario-book.ts'

/** One enrolment in the hands of a batch: what is to be fed to the reducer, and what came out so far. */
export interface Task {
  readonly definition: ScenarioDefinition
  /** Where its steps must wait, why; what ends it applies all the same. */
  readonly hold: Hold
  enrolment: Enrolment
  readonly inputs: TransitionInput[]
  readonly effects: Effect[]
  /** Made when it is first run. */
  facts: TransitionFacts | null
  /** The facts that it asked for last. */
  asked: string | null
  /** Steps of the reducer taken in this batch. */
  taken: number
  isChanged: boolean
  /** Attributes are to be changed before it goes on. */
  isStopped: boolean
}

/**
 * A task with what comes before everything else: pauses of its scenario that are over and that it has not taken notice of, then
 * its first step.
 */
export const taskOf = (enrolment: Enrolment, definition: ScenarioDefinition, book: ScenarioBook): Task => {
  const hold = book.holdOf(definition)
  const task: Task = {
    definition,
    hold,
    enrolment,
    inputs: [],
    effects: [],
    facts: null,
    asked: null,
    taken: 0,
    isChanged: false,
    isStopped: false,
  }
  if (hold !== null) return task
  resume(task, book)
  if (isUnstarted(enrolment)) task.inputs.push({ kind: 'enter' })
  return task
}

/** No enrolment is touched when its scenario goes on: each is told when it comes up next. */
const resume = (task: Task, book: ScenarioBook): void => {
  const pauses = book.row(task.enrolment.scenario)?.pauses ?? []
  const { pausesSeen } = task.enrolment
  if (pausesSeen >= pauses.length) return
  for (const { from, to, missed } of pauses.slice(pausesSeen))
    task.inputs.push({ kind: 'resumed', missed, pausedAt: from, resumedAt: to })
  task.enrolment = { ...task.enrolment, pausesSeen: pauses.length }
  task.isChanged = true
}

/** Has the enrolment looked at as soon as its scenario goes on: what happened meanwhile is seen by looking back. */
export const lookLater = (task: Task, now: number): void => {
  const { wakeAt } = task.enrolment
  if (wakeAt !== null && wakeAt <= now) return
  task.enrolment = { ...task.enrolment, wakeAt: now }
  task.isChanged = true
}
