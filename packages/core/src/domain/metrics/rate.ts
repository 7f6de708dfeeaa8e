/** A ratio of counts with its Wilson 95 % interval (Wilson 1927). `rate` and `interval` are null where the denominator is 0 or the KPI does not exist (open rate of text-only mail); the interval also where numerators can pass denominators. 0–1. */
export interface Rate {
  readonly numerator: number
  readonly denominator: number
  readonly rate: number | null
  readonly interval: readonly [number, number] | null
}
