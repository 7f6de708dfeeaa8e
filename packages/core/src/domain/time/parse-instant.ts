import * as z from 'zod'
import { TobiishiError } from '../../errors/index.ts'
import type { Instant } from './instant.ts'

/** An instant as callers may write it: a `Date`, milliseconds since 1970, or ISO-8601 text with an offset. */
export type InstantInput = Date | number | string

const withOffset = z.union([z.iso.datetime({ offset: true }), z.iso.datetime({ offset: true, precision: -1 })])

const millisecondsOf = (input: InstantInput): number => {
  if (input instanceof Date) return input.getTime()
  if (typeof input === 'number') return Math.trunc(input)
  return withOffset.safeParse(input).success ? Date.parse(input) : Number.NaN
}

/**
 * The instant that a caller means. Text needs an offset (`2026-01-05T10:00:00+09:00`, or `Z`): without one it would mean
 * another instant on another machine. Throws `time.invalid`.
 */
export const parseInstant = (input: InstantInput): Instant => {
  const instant = millisecondsOf(input)
  if (Number.isNaN(new Date(instant).getTime())) {
    throw new TobiishiError(
      'time.invalid',
      'This is not an instant: give a Date, milliseconds since 1970, or text with an offset as 2026-01-05T10:00:00+09:00.',
    )
  }
  return instant
}
