import * as z from 'zod'
import { fieldNamePattern, fieldNameRule, isFieldName, namePattern, nameRule } from '../../name.ts'
import { tellValue } from '../../tell-value.ts'
import { day } from '../../time/instant.ts'

/** What a definition may hold at most: they bound what one batch of the engine costs. */
export const scenarioLimits = {
  steps: 500,
  segments: 200,
  exits: 500,
  arms: 20,
  weight: 10_000,
  units: 10_000,
  attempts: 100,
} as const

export const name = z.string().regex(namePattern, { error: nameRule })

export const fieldName = z
  .string()
  .regex(fieldNamePattern, { error: fieldNameRule })
  .refine(isFieldName, { error: fieldNameRule })

/** Default `scenario:step`, so it may be longer than a name. */
export const experimentPattern = /^[\p{L}\p{N}][\p{L}\p{N}\p{M}._:-]{0,254}$/u

export const experimentName = z.string().regex(experimentPattern, { error: 'a name has 1 to 255 letters, digits or . _ : -.' })

/** The id of the step that follows; null: the end. */
export const next = name.nullable()

/** Wall clock, 00:00 to 23:59. */
export const clockTime = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, { error: 'must be a time of day such as 09:00, from 00:00 to 23:59.', abort: true })

/** Wall clock at which a band of the day ends: 24:00 is the end of the day. */
export const clockEnd = z.string().regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, {
  error: 'must be a time of day such as 20:00, from 00:00 to 24:00.',
  abort: true,
})

const longest = 100_000 * day

const notMilliseconds = ({ code, input }: z.core.$ZodRawIssue): string | undefined =>
  code !== 'invalid_type' || input === undefined
    ? undefined
    : `must be a whole number of milliseconds (a day is 86400000), got ${tellValue(input)}.`

/** Milliseconds that elapse. */
export const span = z
  .int({ error: notMilliseconds })
  .min(1, { error: 'must be a length of time in milliseconds, from 1.' })
  .max(longest, { error: 'must be at most 100,000 days (8640000000000 milliseconds).' })

/** Milliseconds that elapse, or none. */
export const spanOrNone = z
  .int({ error: notMilliseconds })
  .min(0)
  .max(longest, { error: 'must be at most 100,000 days (8640000000000 milliseconds).' })

/** A share, relative to the others. Zero: nobody new. */
export const weight = z.int().min(0, { abort: true }).max(scenarioLimits.weight)

/** A text for people that is not blank. */
export const sentence = z.string().max(500).regex(/\S/, { error: 'must not be blank.' })
