import * as z from 'zod'
import { fieldNamePattern, fieldNameRule, isFieldName, namePattern, nameRule } from '../../name.ts'
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
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, { error: 'a time of day is written 09:00, from 00:00 to 23:59.' })

const longest = 100_000 * day

/** Milliseconds that elapse. */
export const span = z
  .int()
  .min(1, { error: 'is a length of time in milliseconds, from 1.' })
  .max(longest, { error: 'is longer than 100,000 days.' })

/** Milliseconds that elapse, or none. */
export const spanOrNone = z.int().min(0).max(longest, { error: 'is longer than 100,000 days.' })

/** A share, relative to the others. Zero: nobody new. */
export const weight = z.int().min(0).max(scenarioLimits.weight)

/** A text for people that is not blank. */
export const sentence = z.string().max(500).regex(/\S/, { error: 'is blank.' })
