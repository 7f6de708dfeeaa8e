import * as z from 'zod'
import type { Anchor, PastPolicy, WaitSpec } from '../scenario-definition.ts'
import { clockTime, fieldName, name, scenarioLimits, span } from './value-schema.ts'

const units = z.int().min(-scenarioLimits.units).max(scenarioLimits.units)

const elapsed = z.strictObject({ kind: z.literal('elapsed'), ms: span })
const calendar = z.strictObject({
  kind: z.literal('calendar'),
  months: units,
  weeks: units,
  days: units,
  at: clockTime.nullable(),
})
const business = z.strictObject({ kind: z.literal('business'), days: units, at: clockTime.nullable() })
const weekday = z.strictObject({ kind: z.literal('weekday'), weekday: z.int().min(0).max(6), at: clockTime.nullable() })

export const waitSpec: z.ZodType<WaitSpec> = z.discriminatedUnion('kind', [elapsed, calendar, business, weekday])

/** Format 1 had no other waits. */
export const waitSpec1: z.ZodType<WaitSpec> = z.discriminatedUnion('kind', [elapsed, calendar])

export const anchor: z.ZodType<Anchor> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('previous') }),
  z.strictObject({ kind: z.literal('entry') }),
  z.strictObject({ kind: z.literal('attribute'), attribute: fieldName, type: z.enum(['date', 'instant']) }),
  z.strictObject({ kind: z.literal('event'), event: name }),
])

export const pastPolicy: z.ZodType<PastPolicy> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('skip') }),
  z.strictObject({ kind: z.literal('send'), within: span }),
  z.strictObject({ kind: z.literal('exit') }),
])

/** Whether a wait may end before what it counts from. */
export const mayCountBack = (from: Anchor): boolean => from.kind === 'attribute' || from.kind === 'event'

/** What a wait that counts forward cannot be; null: nothing is wrong. */
export const forwardProblem = (wait: WaitSpec): string | null => {
  if (wait.kind === 'business' && wait.days < 0) return onlyBefore
  if (wait.kind !== 'calendar') return null
  if (Math.min(wait.months, wait.weeks, wait.days) < 0) return onlyBefore
  return wait.at === null && wait.months + wait.weeks + wait.days === 0 ? 'a wait of nothing.' : null
}

const onlyBefore = 'only a wait from an attribute or an event can end before it.'
