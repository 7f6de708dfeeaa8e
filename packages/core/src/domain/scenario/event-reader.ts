import type { Expression } from '../reference/expression.ts'
import type { ScenarioDefinition, ScenarioStep } from './scenario-definition.ts'

/** The first step that cannot do without the payload of the event that starts the scenario; null: there is none. */
export const eventReader = ({ steps }: ScenarioDefinition): ScenarioStep | null =>
  Object.values(steps).find((step) => expressionsOf(step).some(readsEvent)) ?? null

/** The values that a step works out when it runs. */
export const expressionsOf = (step: ScenarioStep): readonly (Expression | null)[] => {
  switch (step.kind) {
    case 'send':
      return Object.values(step.props)
    case 'update':
      return Object.values(step.set)
    case 'call':
      return Object.values(step.payload)
    case 'go-to':
      return Object.values(step.event)
    default:
      return []
  }
}

const readsEvent = (expression: Expression | null): boolean => {
  switch (expression?.kind) {
    case 'reference':
      return expression.scope === 'event'
    case 'format':
      return readsEvent(expression.value)
    default:
      return false
  }
}
