import type { SegmentNode } from '../segment/segment-node.ts'
import type { ScenarioDefinition } from './scenario-definition.ts'

/** The conditions of a segment; undefined where the definition has none of that name. A name such as `constructor` is one like others. */
export const segmentOf = ({ segments }: Pick<ScenarioDefinition, 'segments'>, name: string): SegmentNode | undefined =>
  Object.hasOwn(segments, name) ? segments[name] : undefined
