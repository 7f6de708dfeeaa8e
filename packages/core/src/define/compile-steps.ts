import type { LatePolicy, ScenarioStep } from '../domain/scenario/scenario-definition.ts'
import type { SegmentNode } from '../domain/segment/segment-node.ts'
import { hour, type Milliseconds } from '../domain/time/instant.ts'
import type { DeclaredSegment, DeclaredTemplate } from './declared.ts'
import { readFill } from './fill.ts'
import { invalidDefinition, requireName } from './invalid-definition.ts'
import { requireKnownFields } from './known-fields.ts'
import type { Step } from './scenario-builder.ts'
import type { SegmentVocabulary } from './segment-builder.ts'
import { readElapsedSpan, readWait } from './span.ts'

/** Where a compilation happens. */
export interface CompileContext {
  /** `scenario "onboarding"`. */
  readonly owner: string
  readonly vocabulary: SegmentVocabulary
  /** Of the scenario's own references. */
  readonly origin: symbol
}

/** The flat graph of nested steps, with copies of what it uses. */
export interface CompiledSteps {
  readonly first: string | null
  readonly nodes: { readonly [id: string]: ScenarioStep }
  readonly segments: { readonly [name: string]: SegmentNode }
  readonly templates: readonly DeclaredTemplate[]
}

/** Compiles from the end, so that every step knows what follows it; both arms of a branch join there. */
export const compileSteps = (context: CompileContext, steps: readonly Step[]): CompiledSteps => {
  const graph: Graph = { ...context, nodes: new Map(), segments: new Map(), templates: new Map() }
  const first = compileList(graph, steps, null)
  return {
    first,
    nodes: Object.fromEntries([...graph.nodes].reverse()),
    segments: Object.fromEntries([...graph.segments].map(([name, segment]) => [name, segment.tree])),
    templates: [...graph.templates.values()].reverse(),
  }
}

interface Graph extends CompileContext {
  readonly nodes: Map<string, ScenarioStep>
  readonly segments: Map<string, DeclaredSegment>
  readonly templates: Map<string, DeclaredTemplate>
}

const compileList = (graph: Graph, steps: readonly Step[], after: string | null): string | null => {
  steps.slice(0, -1).forEach((step, index) => {
    if (isPassable(step)) return
    throw invalidDefinition(
      `${graph.owner}, step "${steps[index + 1]?.id}"`,
      `cannot be reached: "${step.id}" always ends before it.`,
    )
  })
  return steps.reduceRight<string | null>((next, step) => compileStep(graph, step, next), after)
}

const isPassable = (step: Step): boolean => {
  if (step?.kind === 'end') return false
  if (step?.kind !== 'branch') return true
  return [step.yes, step.no].some((arm) => Array.isArray(arm) && arm.every(isPassable))
}

const compileStep = (graph: Graph, step: Step, next: string | null): string => {
  const kinds: readonly unknown[] = ['send', 'wait', 'branch', 'end']
  if (!kinds.includes(step?.kind)) throw invalidDefinition(`${graph.owner}, steps`, 'holds something that is no step.')
  const id = requireName(`${graph.owner}, step id ${JSON.stringify(step.id) ?? 'undefined'}`, step.id)
  const path = `${graph.owner}, step "${id}"`
  const node = compileNode(graph, path, step, next)
  if (graph.nodes.has(id)) throw invalidDefinition(path, 'two steps have this id.', 'definition.duplicate')
  graph.nodes.set(id, node)
  return id
}

const compileNode = (graph: Graph, path: string, step: Step, next: string | null): ScenarioStep => {
  const { id } = step
  switch (step.kind) {
    case 'send': {
      const template = keepTemplate(graph, path, step.template)
      const props = readFill(`${path}, props`, template, step.props, graph.origin)
      return { kind: 'send', id, template: template.name, props, ...readSendOptions(path, step.options), urgent: null, next }
    }
    case 'wait':
      return { kind: 'wait', id, wait: readWait(path, step.wait), from: { kind: 'previous' }, past: { kind: 'skip' }, next }
    case 'branch': {
      const segment = keepSegment(graph, path, step.segment).name
      if (!Array.isArray(step.yes) || !Array.isArray(step.no)) throw invalidDefinition(path, 'yes and no are lists of steps.')
      if (step.yes.length + step.no.length === 0) throw invalidDefinition(path, 'both arms are empty, so nothing is decided.')
      const no = compileList(graph, step.no, next)
      return { kind: 'branch', id, on: { kind: 'segment', segment }, yes: compileList(graph, step.yes, next), no }
    }
    case 'end':
      return { kind: 'end', id }
  }
}

const keepTemplate = (graph: Graph, path: string, template: DeclaredTemplate): DeclaredTemplate => {
  if (template?.kind !== 'template') throw invalidDefinition(path, 'the second argument is a template made by model.template.')
  const known = graph.templates.get(template.name)
  if (known !== undefined && known !== template) {
    throw invalidDefinition(path, `two templates are called "${template.name}".`, 'definition.duplicate')
  }
  graph.templates.set(template.name, template)
  return template
}

const keepSegment = (graph: Graph, path: string, segment: DeclaredSegment): DeclaredSegment => {
  if (segment?.kind !== 'segment')
    throw invalidDefinition(path, 'the second argument is a segment made by model.segment.', 'segment.unknown')
  const known = graph.segments.get(segment.name)
  if (known !== undefined && known !== segment) {
    throw invalidDefinition(path, `two segments are called "${segment.name}".`, 'definition.duplicate')
  }
  requireKnownFields(`${path}, segment "${segment.name}"`, graph.vocabulary, segment.tree)
  graph.segments.set(segment.name, segment)
  return segment
}

const readSendOptions = (path: string, options: object): { readonly sendWithin: Milliseconds; readonly late: LatePolicy } => {
  const { sendWithin, late = 'skip', ...unknown } = options as { readonly [key: string]: unknown }
  const [key] = Object.keys(unknown)
  if (key !== undefined)
    throw invalidDefinition(
      `${path}.${key}`,
      'is no option of send. Its template has no props, and the options are sendWithin and late.',
    )
  if (late !== 'skip' && late !== 'send' && late !== 'exit')
    throw invalidDefinition(`${path}.late`, "is 'skip', 'send' or 'exit'.")
  return { sendWithin: sendWithin === undefined ? 24 * hour : readElapsedSpan(`${path}.sendWithin`, sendWithin), late }
}
