import * as z from 'zod'
import type { JsonObject } from '../json.ts'
import { segmentNodeShape } from '../segment/parse-segment-node.ts'
import { expression } from './parse/expression-schema.ts'
import { awaited, choice, goal, payloadTree, segmentTree } from './parse/match-schema.ts'
import { scenarioObject } from './parse/scenario-schema.ts'
import { step } from './parse/step-schema.ts'
import { anchor, pastPolicy, waitSpec } from './parse/wait-schema.ts'
import { described } from './schema-descriptions.ts'

/** Names of the parts under `$defs`. A registry of its own: zod's is shared by everything in the process. */
const partNames = (): ReadonlyMap<z.ZodType, string> =>
  new Map<z.ZodType, string>([
    [step, 'Step'],
    [waitSpec, 'Wait'],
    [anchor, 'Anchor'],
    [pastPolicy, 'Past'],
    [expression, 'Expression'],
    [goal, 'Goal'],
    [choice, 'Choice'],
    [awaited, 'Awaited'],
    [segmentNodeShape(), 'SegmentNode'],
    [scenarioObject, 'Scenario'],
  ])

let made: JsonObject | undefined

/**
 * JSON Schema (2020-12) of a scenario of format 2, every property with a description, for editors and validators of other languages. What its parts say of each
 * other (steps that are not there, weights, waits of nothing) only `parseScenario` knows.
 */
export const scenarioSchema = (): JsonObject => {
  made ??= make()
  return made
}

const make = (): JsonObject => {
  const metadata = z.registry<{ readonly id: string }>()
  for (const [schema, id] of partNames()) metadata.add(schema, { id })
  const trees: readonly unknown[] = [segmentTree, payloadTree]
  const { $schema, $defs } = z.toJSONSchema(z.strictObject({ scenario: scenarioObject, segment: segmentNodeShape() }), {
    metadata,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (trees.includes(zodSchema)) jsonSchema.$ref = '#/$defs/SegmentNode'
    },
  })
  return described(toJson({ $schema, title: 'Tobiishi scenario, format 2', $ref: '#/$defs/Scenario', $defs }))
}

const toJson = (schema: object): JsonObject => JSON.parse(JSON.stringify(schema))
