import type { Enrolment } from './enrolment.ts'
import { matchesPayload } from './match-event.ts'
import type { ScenarioDefinition, ScenarioStep } from './scenario-definition.ts'
import type { PastEvent } from './transition-contract.ts'

/** An event that has come in for a contact. */
export interface HeardEvent extends PastEvent {
  readonly event: string
}

/** Segments that end every enrolment of the scenario. */
export const endingSegments = ({ exitWhen, goal }: ScenarioDefinition): readonly string[] => [
  ...(goal?.kind === 'segment' ? [goal.segment] : []),
  ...(exitWhen === null ? [] : [exitWhen]),
]

/** The reason for which an event ends an enrolment, `goal` or `event:NAME`; null: it does not. Events from before the entry end nothing. */
export const endingReason = (
  definition: ScenarioDefinition,
  { enteredAt }: Pick<Enrolment, 'enteredAt'>,
  event: HeardEvent,
  timeZone: string,
): string | null => {
  if (event.occurredAt < enteredAt) return null
  const { goal } = definition
  if (goal?.kind === 'event' && goal.event === event.event && matchesPayload(goal, event, timeZone)) return 'goal'
  return definition.exitOn.includes(event.event) ? `event:${event.event}` : null
}

const stepEvents = (step: ScenarioStep): readonly string[] => {
  if (step.kind === 'wait') return step.from.kind === 'event' ? [step.from.event] : []
  return step.kind === 'wait-for' ? step.arms.flatMap(({ on }) => (on.kind === 'event' ? [on.event] : [])) : []
}

/** Whether the step that the enrolment stands at acts on events of that name. */
export const awaitsEvent = (definition: ScenarioDefinition, { stepId }: Pick<Enrolment, 'stepId'>, event: string): boolean => {
  const step = stepId === null ? undefined : definition.steps[stepId]
  return step !== undefined && stepEvents(step).includes(event)
}
