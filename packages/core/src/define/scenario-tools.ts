import type { JsonObject } from '../domain/json.ts'
import type { CheckContext } from '../domain/scenario/check/check-context.ts'
import { checkScenario } from '../domain/scenario/check/check-scenario.ts'
import type { Finding, FindingLanguage } from '../domain/scenario/check/finding.ts'
import { type DiagramLanguage, diagramOf } from '../domain/scenario/diagram.ts'
import type { ScenarioDefinition } from '../domain/scenario/scenario-definition.ts'
import type { Happening, Simulation, SimulationOptions } from '../domain/scenario/simulate/script.ts'
import { simulateScenario } from '../domain/scenario/simulate/simulate.ts'
import { type InstantInput, parseInstant } from '../domain/time/parse-instant.ts'
import type { DeclaredScenario, DeclaredTemplate } from './declared.ts'
import { type ElapsedSpan, readElapsedSpan } from './span.ts'

export interface CheckOptions extends Omit<CheckContext, 'templates' | 'scenarios'> {
  /** All scenarios, for `goTo`: their names, or themselves, so that rings through several are found too. */
  readonly scenarios?: readonly (string | DeclaredScenario | ScenarioDefinition)[]
  /** Of the sentences. Default `en`. */
  readonly language?: FindingLanguage
}

/** One contact of a simulation with their script; what happens before the start is history. */
export interface ContactScript {
  readonly id: string
  /** IANA. Default: the simulation's. */
  readonly timeZone?: string
  /** In their JSON form. */
  readonly attributes?: JsonObject
  readonly happenings?: readonly (
    | { readonly at: InstantInput; readonly event: string; readonly payload?: JsonObject }
    | { readonly at: InstantInput; readonly attributes: JsonObject }
    | { readonly at: InstantInput; readonly enrol: { readonly event?: JsonObject; readonly step?: string } }
  )[]
}

/** What a person does with a mail, and after how long. */
export interface ReactionScript {
  readonly opensAfter?: ElapsedSpan
  readonly clicksAfter?: ElapsedSpan
  /** Address or number of the link that is clicked. Default 1. */
  readonly link?: string | number
  readonly bounces?: boolean
}

export interface SimulateOptions extends Pick<SimulationOptions, 'days' | 'answers' | 'timeZone' | 'isHoliday' | 'quietHours'> {
  readonly from: InstantInput
  readonly contacts: Iterable<ContactScript>
  /** Asked once a mail; must depend on the mail only. Default: nobody does anything. */
  readonly reacts?: (mail: Parameters<NonNullable<SimulationOptions['reacts']>>[0]) => ReactionScript | undefined
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
   * suppression and other scenarios are not looked at. Throws `time.invalid`, `definition.invalid` for spans.
   */
  simulate(options: SimulateOptions): Simulation
  /** A Mermaid flowchart. */
  diagram(options?: { readonly language?: DiagramLanguage }): string
}

export const createScenarioTools = (definition: ScenarioDefinition, templates: readonly DeclaredTemplate[]): ScenarioTools => {
  const props = Object.fromEntries(templates.map((template) => [template.name, propsOf(template)]))
  const transactional = new Set(templates.flatMap(({ name, purpose }) => (purpose === 'transactional' ? [name] : [])))
  return {
    check: ({ language = 'en', scenarios, ...context } = {}) => {
      const others = scenarios?.map((one) => (typeof one === 'object' && 'definition' in one ? one.definition : one))
      return checkScenario(definition, { ...context, ...(others && { scenarios: others }), templates: props }, language)
    },
    simulate: (options) =>
      simulateScenario(definition, { ...readScript(options), isTransactional: (template) => transactional.has(template) }),
    diagram: (options = {}) => diagramOf(definition, options),
  }
}

const propsOf = ({ purpose, props }: DeclaredTemplate): NonNullable<CheckContext['templates']>[string] => {
  const fields = Object.entries(props?.shape ?? {})
  const isOptional = ([, schema]: (typeof fields)[number]) => schema.safeParse(undefined).success
  const names = (some: typeof fields) => some.map(([name]) => name)
  return { purpose, required: names(fields.filter((field) => !isOptional(field))), optional: names(fields.filter(isOptional)) }
}

const readScript = ({ from, contacts, reacts, ...rest }: SimulateOptions): SimulationOptions => ({
  ...rest,
  from: parseInstant(from),
  contacts: contactsOf(contacts),
  ...(reacts === undefined ? {} : { reacts: (mail) => reactionOf(reacts(mail)) }),
})

function* contactsOf(
  contacts: Iterable<ContactScript>,
): Generator<Parameters<typeof readContact>[0] & { readonly happenings: readonly Happening[] }> {
  for (const contact of contacts) yield readContact(contact)
}

const readContact = (contact: ContactScript) => ({
  ...contact,
  happenings: (contact.happenings ?? []).map((happening): Happening => ({ ...happening, at: parseInstant(happening.at) })),
})

const reactionOf = (script: ReactionScript | undefined) => {
  if (script === undefined) return undefined
  const { opensAfter, clicksAfter, ...rest } = script
  return {
    ...rest,
    ...(opensAfter === undefined ? {} : { opensAfter: readElapsedSpan('opensAfter', opensAfter) }),
    ...(clicksAfter === undefined ? {} : { clicksAfter: readElapsedSpan('clicksAfter', clicksAfter) }),
  }
}
