import { wilson } from './wilson.ts'

/** A ratio of counts with its Wilson 95 % interval (Wilson 1927). `rate` and `interval` are null where the denominator is 0 or the KPI does not exist (open rate of text-only mail); the interval also where numerators can pass denominators. 0–1. */
export interface Rate {
  readonly numerator: number
  readonly denominator: number
  readonly rate: number | null
  readonly interval: readonly [number, number] | null
}

/** A share of mails or contacts: each counts at most once in the numerator. */
export const rateOf = (numerator: number, denominator: number): Rate => ({
  numerator,
  denominator,
  rate: denominator > 0 ? numerator / denominator : null,
  interval: wilson(numerator, denominator),
})

/** Things per mail, as clicks: may pass 1, so that no interval exists. */
export const ratioOf = (numerator: number, denominator: number): Rate => ({ ...rateOf(numerator, denominator), interval: null })
