import type { JsonObject } from '../../domain/json.ts'
import type { DateTrigger, ScenarioDefinition, Trigger } from '../../domain/scenario/scenario-definition.ts'
import type { SegmentNode } from '../../domain/segment/segment-node.ts'
import { asStored, canonicalHash } from '../prepare/canonical.ts'

type SegmentTrigger = Extract<Trigger, { kind: 'segment' }>

/** What is watched, and which scenarios start on it. */
export type WatchSpec =
  | {
      readonly kind: 'segment'
      readonly key: string
      readonly tree: SegmentNode
      readonly starts: readonly { readonly definition: ScenarioDefinition; readonly on: SegmentTrigger['on'] }[]
    }
  | {
      readonly kind: 'date'
      readonly key: string
      readonly trigger: DateTrigger
      readonly starts: readonly { readonly definition: ScenarioDefinition }[]
    }

const keys = new WeakMap<ScenarioDefinition, string>()

const treeOf = (definition: ScenarioDefinition, { segment }: SegmentTrigger): SegmentNode => {
  const tree = definition.segments[segment]
  if (tree === undefined) throw new Error(`scenario ${definition.name} has no tree for segment ${segment}`)
  return tree
}

const keyOf = (definition: ScenarioDefinition, trigger: SegmentTrigger | DateTrigger): string => {
  const known = keys.get(definition)
  if (known !== undefined) return known
  const hash = canonicalHash(trigger.kind === 'segment' ? treeOf(definition, trigger) : trigger)
  const key = `${trigger.kind}:${hash}`
  keys.set(definition, key)
  return key
}

/** What has to be watched for these scenarios, by key: scenarios with the same segment or the same date share a watch. */
export const watchesOf = (definitions: Iterable<ScenarioDefinition>): ReadonlyMap<string, WatchSpec> => {
  const specs = new Map<string, WatchSpec>()
  for (const definition of definitions) {
    const { trigger } = definition
    if (trigger === null || trigger.kind === 'event') continue
    const key = keyOf(definition, trigger)
    const known = specs.get(key)
    if (trigger.kind === 'date') {
      const starts = known?.kind === 'date' ? known.starts : []
      specs.set(key, { kind: 'date', key, trigger, starts: [...starts, { definition }] })
    } else {
      const starts = known?.kind === 'segment' ? known.starts : []
      const tree = treeOf(definition, trigger)
      specs.set(key, { kind: 'segment', key, tree, starts: [...starts, { definition, on: trigger.on }] })
    }
  }
  return specs
}

/** What is stored of a watch beside its key: for people who look into the database. */
export const storedSpec = (spec: WatchSpec): JsonObject =>
  spec.kind === 'date' ? { kind: 'date', trigger: asStored(spec.trigger) } : { kind: 'segment', tree: asStored(spec.tree) }
