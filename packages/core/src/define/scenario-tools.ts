import type { CheckContext } from '../domain/scenario/check/check-context.ts'
import { checkScenario } from '../domain/scenario/check/check-scenario.ts'
import type { BareFinding, Finding, FindingLanguage } from '../domain/scenario/check/finding.ts'
import { type DiagramLanguage, diagramOf } from '../domain/scenario/diagram.ts'
import type { ScenarioDefinition } from '../domain/scenario/scenario-definition.ts'
import type { Simulation } from '../domain/scenario/simulate/script.ts'
import { simulateScenario } from '../domain/scenario/simulate/simulate.ts'
import type { DeclaredModel, DeclaredScenario, DeclaredTemplate } from './declared.ts'
import { readChoice, readOptions } from './options.ts'
import { readSimulation } from './read-simulation.ts'
import type { SimulateOptions } from './simulation-script.ts'

export interface CheckOptions extends Omit<CheckContext, 'templates' | 'scenarios'> {
  /** All scenarios, for `goTo`: their names, or themselves, so that rings through several are found too. */
  readonly scenarios?: readonly (string | DeclaredScenario | ScenarioDefinition)[]
  /** Of the sentences. Default `en`. */
  readonly language?: FindingLanguage
}

/** What can be asked of a scenario without a database. */
export interface ScenarioTools {
  /**
   * Everything that reading it shows before anybody is in it, errors first: steps that cannot be reached or left, windows that never
   * open, missing props, segments that cannot match, conditions that get in each other's way. Empty where all is well.
   */
  check(options?: CheckOptions): readonly Finding[]
  /**
   * Runs contacts through it in virtual time, each with what they do, and tells who gets what when. The reducer alone: consent, caps,
   * suppression and other scenarios are not looked at. Throws what does not fit, with its path: `event.unknown`, `event.invalid_payload`,
   * `contact.invalid_attributes`, `definition.unknown_reference`, `definition.invalid`, `time.invalid`.
   */
  simulate(options: SimulateOptions): Simulation
  /** A Mermaid flowchart. */
  diagram(options?: { readonly language?: DiagramLanguage }): string
}

/** What the tools know beside the definition. */
export interface ToolContext {
  readonly model: DeclaredModel
  /** Null: templates are not looked at, and all mail is taken for marketing. */
  readonly templates: readonly DeclaredTemplate[] | null
  /** What does not fit the model, of a definition that was made elsewhere. */
  readonly misfits: () => readonly BareFinding[]
}

export const createScenarioTools = (
  definition: ScenarioDefinition,
  { model, templates, misfits }: ToolContext,
): ScenarioTools => {
  const byName = new Map((templates ?? []).map((template) => [template.name, template]))
  const props = templates === null ? {} : { templates: Object.fromEntries(templates.map((one) => [one.name, propsOf(one)])) }
  return {
    check: (options = {}) => {
      readOptions('check', options, ['language', 'handlers', 'scenarios', 'quietHours', 'caps'])
      const { language: spoken, scenarios, ...context } = options
      const language = readChoice('check.language', spoken, ['en', 'ja'], 'en')
      const others = scenarios?.map((one) => (typeof one === 'object' && 'definition' in one ? one.definition : one))
      return checkScenario(definition, { ...context, ...(others && { scenarios: others }), ...props }, language, misfits())
    },
    simulate: (options) => simulateScenario(definition, readSimulation({ model, definition, templates: byName }, options)),
    diagram: (options) => {
      const { language } = readOptions('diagram', options, ['language'])
      return diagramOf(definition, { language: readChoice('diagram.language', language, ['en', 'ja'], 'en') })
    },
  }
}

const propsOf = ({ purpose, topic, props }: DeclaredTemplate): NonNullable<CheckContext['templates']>[string] => {
  const fields = Object.entries(props?.shape ?? {})
  const isOptional = ([, schema]: (typeof fields)[number]) => schema.safeParse(undefined).success
  const names = (some: typeof fields) => some.map(([name]) => name)
  return {
    purpose,
    topic,
    required: names(fields.filter((field) => !isOptional(field))),
    optional: names(fields.filter(isOptional)),
  }
}
