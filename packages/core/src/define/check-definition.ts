import type { DefinitionProblem } from '../domain/scenario/parse/problem.ts'
import { tellProblem } from '../domain/scenario/parse/tell-problem.ts'
import type { EventMatch, ScenarioDefinition, ScenarioStep } from '../domain/scenario/scenario-definition.ts'
import { type Misfit, problemsOf, type Surroundings, stepProblems } from './check-definition-steps.ts'
import type { DeclaredModel, DeclaredTemplate } from './declared.ts'
import { readEvent } from './event-condition.ts'
import { invalidDefinition } from './invalid-definition.ts'
import { requireKnownFields } from './known-fields.ts'
import { createReferences } from './reference.ts'
import type { SegmentVocabulary } from './segment-builder.ts'
import { readObjectType } from './value-type.ts'

export type { Misfit } from './check-definition-steps.ts'

/** What an app has that a definition from outside may name. */
export interface DefinitionSurroundings {
  readonly model: DeclaredModel
  readonly templates: readonly DeclaredTemplate[]
  /** Names of its handlers. Default: they are not looked at. */
  readonly handlers?: readonly string[]
}

/**
 * What a definition that `parseScenario` has read says of a model and templates that do not fit: events, attributes, payload
 * fields and their types, templates and their props, handlers. Paths are those of the JSON; empty where all is well.
 */
export const checkDefinitionAgainst = (
  definition: ScenarioDefinition,
  surroundings: DefinitionSurroundings,
): readonly DefinitionProblem[] => definitionMisfits(definition, surroundings).map((misfit) => tellProblem(misfit))

/** The same with what `check` makes of it. Templates that are null are not looked at. */
export const definitionMisfits = (
  definition: ScenarioDefinition,
  {
    model,
    templates,
    handlers,
  }: Omit<DefinitionSurroundings, 'templates'> & { readonly templates: readonly DeclaredTemplate[] | null },
): readonly Misfit[] => {
  const vocabulary = vocabularyOf(model)
  const origin = Symbol('stored scenario')
  const surroundings: Surroundings = {
    vocabulary,
    attributes: model.contact,
    templates: templates && new Map(templates.map((template) => [template.name, template])),
    handlers: handlers === undefined ? null : new Set(handlers),
    origin,
    event: createReferences(payloadOf(definition, vocabulary), {
      scope: 'event',
      path: [],
      origins: new Set([origin]),
      owner: `scenario "${definition.name}"`,
    }),
  }
  return [
    ...triggerProblems(definition, vocabulary),
    ...definition.exitOn.flatMap((event, index) => eventProblems(['exitOn', index], event, vocabulary)),
    ...(definition.goal?.kind === 'event' ? matchProblems(['goal'], definition.goal, vocabulary) : []),
    ...Object.entries(definition.segments).flatMap(([name, tree]) =>
      problemsOf(['segments', name], () => requireKnownFields('', vocabulary, tree)),
    ),
    ...Object.values(definition.steps).flatMap((step) => [
      ...awaitedProblems(step, vocabulary),
      ...stepProblems(step, surroundings),
    ]),
  ]
}

const vocabularyOf = (model: DeclaredModel): SegmentVocabulary => ({
  contact: readObjectType(model.contact, 'contact'),
  events: Object.fromEntries(
    Object.entries(model.events).map(([name, schema]) => [name, readObjectType(schema, `events["${name}"]`)]),
  ),
})

const payloadOf = ({ trigger }: ScenarioDefinition, { events }: SegmentVocabulary) => {
  const payload = trigger?.kind === 'event' && Object.hasOwn(events, trigger.event) ? events[trigger.event] : undefined
  return payload ?? { kind: 'object' as const, isOptional: false, fields: {} }
}

type Path = readonly PropertyKey[]

const triggerProblems = ({ trigger }: ScenarioDefinition, vocabulary: SegmentVocabulary): readonly Misfit[] => {
  if (trigger?.kind === 'event') return matchProblems(['trigger'], trigger, vocabulary)
  if (trigger?.kind !== 'date') return []
  const { fields } = vocabulary.contact
  const { attribute } = trigger
  return problemsOf(['trigger', 'attribute'], () => {
    if (Object.hasOwn(fields, attribute) && fields[attribute]?.kind === 'date') return
    throw invalidDefinition('', `the model has no date "${attribute}".`, 'definition.unknown_attribute')
  })
}

const eventProblems = (path: Path, event: string, vocabulary: SegmentVocabulary): readonly Misfit[] =>
  problemsOf(path, () => readEvent('', vocabulary, event))

const matchProblems = (path: Path, { event, where }: EventMatch, vocabulary: SegmentVocabulary): readonly Misfit[] => {
  const unknown = eventProblems([...path, 'event'], event, vocabulary)
  if (unknown.length > 0 || where === null) return unknown
  return problemsOf([...path, 'where'], () =>
    requireKnownFields('', vocabulary, { kind: 'event', event, count: { operator: '>=', value: 1 }, where }),
  )
}

const awaitedProblems = (step: ScenarioStep, vocabulary: SegmentVocabulary): readonly Misfit[] =>
  step.kind !== 'wait-for'
    ? []
    : step.arms.flatMap(({ on }, index) =>
        on.kind === 'event' ? matchProblems(['steps', step.id, 'arms', index, 'on'], on, vocabulary) : [],
      )
