import * as z from 'zod'
import type { ScenarioDefinition1 } from '../upgrade-definition.ts'
import { expressions } from './expression-schema.ts'
import { exitOn, segments, sendWindow, stepsOf, version } from './scenario-schema.ts'
import { name, next, span } from './value-schema.ts'
import { forwardProblem, waitSpec1 } from './wait-schema.ts'

/** A step of format 1. */
export const step1 = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('send'),
    id: name,
    template: name,
    props: expressions,
    sendWithin: span,
    late: z.enum(['skip', 'send', 'exit']),
    next,
  }),
  z.strictObject({ kind: z.literal('wait'), id: name, wait: waitSpec1, next }).superRefine(({ wait }, context) => {
    const problem = forwardProblem(wait)
    if (problem !== null) context.addIssue({ code: 'custom', path: ['wait'], message: problem })
  }),
  z.strictObject({ kind: z.literal('branch'), id: name, segment: name, yes: next, no: next }),
  z.strictObject({ kind: z.literal('end'), id: name }),
])

/** Format 1, as the first release stored it. */
export const scenarioObject1: z.ZodType<ScenarioDefinition1> = z.strictObject({
  format: z.literal(1),
  name,
  version,
  enterOn: name.nullable(),
  exitOn,
  reentry: z.enum(['once', 'every-event']),
  window: sendWindow.nullable(),
  maxEventAge: span,
  first: next,
  steps: stepsOf(step1),
  segments,
})
