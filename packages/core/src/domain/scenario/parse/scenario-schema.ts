import * as z from 'zod'
import type { Reentry, ScenarioDefinition, SendWindow, Trigger } from '../scenario-definition.ts'
import { highestVersion } from '../version-number.ts'
import { eventMatch, goal, segmentTree } from './match-schema.ts'
import { step } from './step-schema.ts'
import { clockEnd, clockTime, fieldName, name, next, scenarioLimits, span, spanOrNone } from './value-schema.ts'

const trigger: z.ZodType<Trigger> = z.discriminatedUnion('kind', [
  eventMatch,
  z.strictObject({ kind: z.literal('segment'), segment: name, on: z.enum(['entry', 'exit']) }),
  z.strictObject({
    kind: z.literal('date'),
    attribute: fieldName,
    days: z.int().min(-scenarioLimits.units).max(scenarioLimits.units),
    at: clockTime,
    yearly: z.boolean(),
    leapDay: z.enum(['feb-28', 'mar-1', 'skip']),
  }),
])

const reentry: z.ZodType<Reentry> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('once') }),
  z.strictObject({ kind: z.literal('after-exit') }),
  z.strictObject({ kind: z.literal('cooldown'), ms: span }),
  z.strictObject({ kind: z.literal('every-event') }),
])

export const sendWindow: z.ZodType<SendWindow> = z
  .strictObject({ days: z.enum(['any', 'weekdays', 'business']), from: clockTime, to: clockEnd })
  .refine(({ from, to }) => from !== to, { error: 'from and to are the same, so it would never open.' })

export const version = z.int().min(1).max(highestVersion)
export const exitOn = z
  .array(name)
  .max(scenarioLimits.exits, { error: `has more than ${scenarioLimits.exits} entries.` })
  .refine((events) => new Set(events).size === events.length, { error: 'names an event twice.' })

/** At most `limit` entries; zod knows sizes of maps, not of objects. */
const bounded = <S extends z.ZodType<object>>(schema: S, limit: number) =>
  schema.refine((record) => Object.keys(record).length <= limit, { error: `has more than ${limit} entries.` })

export const stepsOf = <S extends z.ZodType>(schema: S) => bounded(z.record(name, schema), scenarioLimits.steps)
export const segments = bounded(z.record(name, segmentTree), scenarioLimits.segments)

/** Format 2, part by part; what the parts say of each other is looked at afterwards. */
export const scenarioObject: z.ZodType<ScenarioDefinition> = z
  .strictObject({
    format: z.literal(2),
    name,
    version,
    trigger: trigger.nullable(),
    exitOn,
    exitWhen: name.nullable(),
    goal: goal.nullable(),
    reentry,
    window: sendWindow.nullable(),
    maxEventAge: span,
    minGap: spanOrNone,
    priority: z.int(),
    inFlight: z.enum(['pin', 'migrate', 'exit']),
    successors: z.record(name, next),
    first: next,
    steps: stepsOf(step),
    segments,
  })
  .refine(({ inFlight, successors }) => inFlight === 'migrate' || Object.keys(successors).length === 0, {
    path: ['successors'],
    error: "only count with inFlight 'migrate'.",
  })
