import type { ScenarioDefinition } from '../scenario-definition.ts'
import type { CheckContext } from './check-context.ts'
import { conditionFindings } from './condition-findings.ts'
import { dateFindings } from './date-findings.ts'
import { type BareFinding, bare, type Finding, type FindingLanguage, type FindingLevel, spoken } from './finding.ts'
import { ringFindings } from './go-to-rings.ts'
import { graphFindings } from './graph-findings.ts'
import { mailFindings } from './mail-findings.ts'
import { timeFindings } from './time-findings.ts'

const order: readonly FindingLevel[] = ['error', 'warning', 'note']

/**
 * Everything that reading a scenario shows before anybody is in it: steps that cannot be reached or left, windows that never
 * open, missing props, segments that cannot match, conditions that shadow each other, and `more` that was found elsewhere.
 * Errors first; empty where all is well.
 */
export const checkScenario = (
  definition: ScenarioDefinition,
  context: CheckContext = {},
  language: FindingLanguage = 'en',
  more: readonly BareFinding[] = [],
): readonly Finding[] => {
  const found: readonly BareFinding[] = [
    ...graphFindings(definition),
    ...ringFindings(definition, context.scenarios ?? []),
    ...mailFindings(definition, context),
    ...conditionFindings(definition),
    ...timeFindings(definition, context),
    ...dateFindings(definition),
    ...namesFindings(definition, context),
    ...more,
  ]
  return found.map((one) => spoken(one, language)).toSorted((a, b) => order.indexOf(a.level) - order.indexOf(b.level))
}

const namesFindings = ({ name, steps }: ScenarioDefinition, { handlers, scenarios }: CheckContext): readonly BareFinding[] => {
  const names = scenarios && new Set([name, ...scenarios.map((one) => (typeof one === 'string' ? one : one.name))])
  return Object.values(steps).flatMap((step) => {
    if (step.kind === 'call' && handlers !== undefined && !handlers.includes(step.handler))
      return [bare('unknown-handler', step.id, { handler: step.handler })]
    if (step.kind === 'go-to' && names?.has(step.scenario) === false)
      return [bare('unknown-scenario', step.id, { scenario: step.scenario })]
    return []
  })
}
