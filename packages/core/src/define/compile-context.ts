import type * as z from 'zod'
import type { ScenarioStep } from '../domain/scenario/scenario-definition.ts'
import { tellValue } from '../domain/tell-value.ts'
import type { DeclaredSegment, DeclaredTemplate } from './declared.ts'
import { invalidDefinition } from './invalid-definition.ts'
import { requireKnownFields } from './known-fields.ts'
import type { SegmentVocabulary } from './segment-builder.ts'
import type { Step, StepInput } from './step.ts'

/** Where a compilation happens. */
export interface CompileContext {
  /** Name of the scenario. */
  readonly scenario: string
  /** `scenario "onboarding"`. */
  readonly owner: string
  readonly vocabulary: SegmentVocabulary
  /** Schemas of the attributes. */
  readonly attributes: z.ZodObject
  /** Of the scenario's own references. */
  readonly origin: symbol
}

/** What a compilation has found so far. */
export interface Graph extends CompileContext {
  readonly ids: Set<string>
  readonly nodes: Map<string, ScenarioStep>
  readonly segments: Map<string, DeclaredSegment>
  readonly templates: Map<string, DeclaredTemplate>
}

/** Steps in a row. */
export interface CompiledList {
  /** Id of the first step, else of what follows. */
  readonly first: string | null
  /** False where every way through it ends the enrolment. */
  readonly passes: boolean
}

/** One step, where it stands. */
export interface Site {
  readonly graph: Graph
  /** `scenario "onboarding", step "hello"`. */
  readonly path: string
  /** Id of what follows. */
  readonly next: string | null
  /** Lists of steps inside this one, by their paths; all lead to `next`. Absent lists are empty. */
  readonly compileArms: (arms: readonly { readonly path: string; readonly steps: unknown }[]) => readonly CompiledList[]
}

export interface CompiledNode {
  readonly node: ScenarioStep
  readonly passes: boolean
}

/** Compiles one kind of step. */
export type CompileNode<K extends Step['kind']> = (site: Site, step: StepInput<K>) => CompiledNode

/** The segment itself, kept to be copied into the version. */
export const keepSegment = (graph: Graph, path: string, segment: unknown, what: string): string => {
  if (!isSegment(segment))
    throw invalidDefinition(
      path,
      `${what} must be a segment made by model.segment, got ${tellValue(segment)}.`,
      'segment.unknown',
    )
  const known = graph.segments.get(segment.name)
  if (known !== undefined && known !== segment)
    throw invalidDefinition(path, `two segments are called "${segment.name}".`, 'definition.duplicate')
  requireKnownFields(`${path}, segment "${segment.name}"`, graph.vocabulary, segment.tree)
  graph.segments.set(segment.name, segment)
  return segment.name
}

/** The template itself, kept to be prepared with the scenario. */
export const keepTemplate = (graph: Graph, path: string, template: DeclaredTemplate): DeclaredTemplate => {
  if (template?.kind !== 'template')
    throw invalidDefinition(path, `the second argument must be a template made by model.template, got ${tellValue(template)}.`)
  const known = graph.templates.get(template.name)
  if (known !== undefined && known !== template)
    throw invalidDefinition(path, `two templates are called "${template.name}".`, 'definition.duplicate')
  graph.templates.set(template.name, template)
  return template
}

const isSegment = (value: unknown): value is DeclaredSegment =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'segment'
