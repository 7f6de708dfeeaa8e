import type { ScenarioStep } from '../domain/scenario/scenario-definition.ts'
import type { SegmentNode } from '../domain/segment/segment-node.ts'
import { compileCall, compileGoTo } from './compile-call.ts'
import type { CompileContext, CompiledList, CompiledNode, Graph, Site } from './compile-context.ts'
import { compileBranch, compileSplit } from './compile-forks.ts'
import { compileSend } from './compile-send.ts'
import { compileUpdate } from './compile-update.ts'
import { compileWait, compileWaitFor } from './compile-wait.ts'
import type { DeclaredTemplate } from './declared.ts'
import { invalidDefinition, mustBe, requireName } from './invalid-definition.ts'
import type { Step } from './step.ts'

/** The flat graph of nested steps, with copies of what it uses. */
export interface CompiledSteps {
  readonly first: string | null
  readonly nodes: { readonly [id: string]: ScenarioStep }
  readonly segments: { readonly [name: string]: SegmentNode }
  readonly templates: readonly DeclaredTemplate[]
}

export const createGraph = (context: CompileContext): Graph => ({
  ...context,
  ids: new Set(),
  nodes: new Map(),
  segments: new Map(),
  templates: new Map(),
})

/** Compiles from the end, so that every step knows what follows it; all arms of a step join there. */
export const compileSteps = (graph: Graph, steps: readonly unknown[]): CompiledSteps => {
  const { first } = compileList(graph, steps, null)
  return {
    first,
    nodes: Object.fromEntries([...graph.nodes].reverse()),
    segments: Object.fromEntries([...graph.segments].map(([name, segment]) => [name, segment.tree])),
    templates: [...graph.templates.values()].reverse(),
  }
}

const compileList = (graph: Graph, steps: readonly unknown[], after: string | null): CompiledList =>
  steps.reduceRight<CompiledList>(
    (rest, step, index) => {
      const { id, passes } = compileStep(graph, step, rest.first)
      if (!passes && index < steps.length - 1)
        throw invalidDefinition(`${graph.owner}, step "${rest.first}"`, `cannot be reached: "${id}" always ends before it.`)
      return { first: id, passes: passes && rest.passes }
    },
    { first: after, passes: true },
  )

const compileStep = (graph: Graph, step: unknown, next: string | null): { readonly id: string; readonly passes: boolean } => {
  if (!isStep(step)) throw invalidDefinition(`${graph.owner}, steps`, 'holds something that is no step.')
  const id = requireName(`${graph.owner}, step id ${JSON.stringify(step.id) ?? 'undefined'}`, step.id)
  const path = `${graph.owner}, step "${id}"`
  if (graph.ids.has(id)) throw invalidDefinition(path, 'two steps have this id.', 'definition.duplicate')
  graph.ids.add(id)
  const compileArms: Site['compileArms'] = (arms) =>
    arms
      .toReversed()
      .map((arm) => compileList(graph, readSteps(arm.path, arm.steps), next))
      .reverse()
  const { node, passes } = compileNode({ graph, path, next, compileArms }, step)
  graph.nodes.set(id, node)
  return { id, passes }
}

const compileNode = (site: Site, step: Step): CompiledNode => {
  switch (step.kind) {
    case 'send':
      return compileSend(site, step)
    case 'wait':
      return compileWait(site, step)
    case 'wait-for':
      return compileWaitFor(site, step)
    case 'branch':
      return compileBranch(site, step)
    case 'split':
      return compileSplit(site, step)
    case 'update':
      return compileUpdate(site, step)
    case 'call':
      return compileCall(site, step)
    case 'go-to':
      return compileGoTo(site, step)
    case 'end':
      return { node: { kind: 'end', id: step.id }, passes: false }
  }
}

const kinds: readonly unknown[] = [
  'send',
  'wait',
  'wait-for',
  'branch',
  'split',
  'update',
  'call',
  'go-to',
  'end',
] satisfies readonly Step['kind'][]

const isStep = (value: unknown): value is Step =>
  typeof value === 'object' && value !== null && 'kind' in value && kinds.includes(value.kind)

const readSteps = (path: string, steps: unknown): readonly unknown[] => {
  if (steps === undefined) return []
  if (Array.isArray(steps)) return steps
  throw mustBe(path, 'a list of steps', steps)
}
