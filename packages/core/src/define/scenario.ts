import type * as z from 'zod'
import { parseScenario } from '../domain/scenario/parse-scenario.ts'
import type { ScenarioDefinition } from '../domain/scenario/scenario-definition.ts'
import { tellValue } from '../domain/tell-value.ts'
import { type Graph, keepSegment } from './compile-context.ts'
import { compileSteps, createGraph } from './compile-steps.ts'
import type { DeclaredModel, DeclaredScenario } from './declared.ts'
import { invalidDefinition, mustBe, requireName } from './invalid-definition.ts'
import { readFlag, readOptions } from './options.ts'
import { readPolicies } from './read-policies.ts'
import { readExits, readGoal, readTrigger } from './read-trigger.ts'
import { createReferences } from './reference.ts'
import { createStepBuilder } from './scenario-builder.ts'
import { createScenarioTools, type ScenarioTools } from './scenario-tools.ts'
import type { SegmentVocabulary } from './segment-builder.ts'
import type { ObjectType } from './value-type.ts'

/** A scenario as the app holds it. */
export interface Scenario extends DeclaredScenario, ScenarioTools {
  /** The definition, for `JSON.stringify`, an editor and `parseScenario`: plain JSON, equal to what is stored. */
  toJSON(): ScenarioDefinition
}

/** What a model gives to its scenarios. */
export interface ScenarioContext {
  readonly model: DeclaredModel
  readonly vocabulary: SegmentVocabulary
  /** Schemas of the attributes. */
  readonly attributes: z.ZodObject
}

const known = [
  'version',
  'enterOn',
  'exitOn',
  'exitWhen',
  'goal',
  'reentry',
  'window',
  'maxEventAge',
  'minGap',
  'priority',
  'inFlight',
  'successors',
  'draft',
  'steps',
] as const

/** Checks a scenario and compiles it to what is stored. Throws `definition.invalid`, `.unknown_event`, `.duplicate` and more, with paths. */
export const createScenario = (context: ScenarioContext, name: string, options: object): Scenario => {
  const owner = `scenario "${requireName('scenario', name)}"`
  const loose = readOptions(owner, options, known)
  const { vocabulary, attributes } = context
  const graph = createGraph({ vocabulary, attributes, scenario: name, owner, origin: Symbol('scenario') })
  const policies = readPolicies(owner, loose)
  const trigger = readTrigger(graph, loose.enterOn)
  const payload = trigger?.kind === 'event' ? context.vocabulary.events[trigger.event] : undefined
  const own = {
    trigger,
    exitOn: readExits(graph, loose.exitOn),
    exitWhen: loose.exitWhen === undefined ? null : keepSegment(graph, `${owner}, exitWhen`, loose.exitWhen, 'it'),
    goal: readGoal(graph, loose.goal),
  }
  const { first, nodes, segments, templates } = compileSteps(graph, buildSteps(graph, payload ?? nothing, loose.steps))
  const definition = requireSound(owner, { format: 2, name, ...policies, ...own, first, steps: nodes, segments })
  const isDraft = readFlag(`${owner}, draft`, loose.draft, false)
  return Object.freeze({
    kind: 'scenario',
    definition,
    templates,
    isDraft,
    toJSON: () => definition,
    ...createScenarioTools(definition, { model: context.model, templates, misfits: () => [] }),
  })
}

const nothing: ObjectType = { kind: 'object', isOptional: false, fields: {} }

const buildSteps = ({ owner, origin }: Graph, event: ObjectType, steps: unknown): readonly unknown[] => {
  if (typeof steps !== 'function') throw mustBe(`${owner}, steps`, 'a function that returns a list of steps', steps)
  const references = createReferences(event, { scope: 'event', path: [], origins: new Set([origin]), owner })
  const built: unknown = steps(createStepBuilder(references))
  if (Array.isArray(built) && built.length > 0) return built
  throw invalidDefinition(
    `${owner}, steps`,
    `must return a list of at least one step, got ${Array.isArray(built) ? 'none' : tellValue(built)}.`,
  )
}

/** What only the whole shows: questions about mail that was not sent before, limits, texts that no database stores. */
const requireSound = (owner: string, definition: ScenarioDefinition): ScenarioDefinition => {
  const result = parseScenario(definition)
  if (result.ok) return definition
  const [first] = result.problems
  throw invalidDefinition([owner, first?.path].filter(Boolean).join(', '), first?.problem ?? 'is no scenario.')
}
