import type { Enrolment } from '../../domain/scenario/enrolment.ts'
import type { EventMatch, ScenarioDefinition, ScenarioStep } from '../../domain/scenario/scenario-definition.ts'

/** What a definition uses and looks at, found once. */
export interface DefinitionParts {
  readonly templates: ReadonlySet<string>
  readonly handlers: ReadonlySet<string>
  /** Events that end it, or reach its goal. */
  readonly ending: ReadonlySet<string>
  /** Events that one of its steps waits for. */
  readonly awaited: ReadonlySet<string>
  /** Events that one of its waits counts from. */
  readonly anchors: ReadonlySet<string>
  /** Attributes that one of its waits counts from. */
  readonly dates: ReadonlySet<string>
  /** An exit or goal that is a segment: everything that happens to the contact may end it. */
  readonly endsBySegment: boolean
}

const found = new WeakMap<ScenarioDefinition, DefinitionParts>()

export const partsOf = (definition: ScenarioDefinition): DefinitionParts => {
  const known = found.get(definition)
  if (known !== undefined) return known
  const steps = Object.values(definition.steps)
  const { exitOn, goal } = definition
  const parts: DefinitionParts = {
    templates: new Set(steps.flatMap((step) => (step.kind === 'send' ? [step.template] : []))),
    handlers: new Set(steps.flatMap((step) => (step.kind === 'call' ? [step.handler] : []))),
    ending: new Set([...exitOn, ...(goal?.kind === 'event' ? [goal.event] : [])]),
    awaited: new Set(steps.flatMap(eventsAwaited)),
    anchors: new Set(steps.flatMap((step) => (step.kind === 'wait' && step.from.kind === 'event' ? [step.from.event] : []))),
    dates: new Set(
      steps.flatMap((step) => (step.kind === 'wait' && step.from.kind === 'attribute' ? [step.from.attribute] : [])),
    ),
    endsBySegment: definition.exitWhen !== null || goal?.kind === 'segment',
  }
  found.set(definition, parts)
  return parts
}

const eventsAwaited = (step: ScenarioStep): string[] => {
  const isEvent = (on: { readonly kind: string }): on is EventMatch => on.kind === 'event'
  return step.kind === 'wait-for' ? step.arms.flatMap(({ on }) => (isEvent(on) ? [on.event] : [])) : []
}

/** Whether anything that happens to the contact can move the enrolment where it stands, beside the events that end it. */
export const isWatching = (definition: ScenarioDefinition, { stepId }: Pick<Enrolment, 'stepId'>): boolean => {
  if (partsOf(definition).endsBySegment) return true
  const step = stepId === null ? undefined : definition.steps[stepId]
  if (step?.kind === 'wait-for') return true
  return step?.kind === 'wait' && (step.from.kind === 'attribute' || step.from.kind === 'event')
}
