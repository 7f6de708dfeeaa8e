import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { wilson } from '../../src/domain/metrics/wilson.ts'

const shares = fc.integer({ min: 1, max: 1_000_000 }).chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)))

describe('the Wilson interval', () => {
  it('holds the rate and lies within 0 and 1', () => {
    fc.assert(
      fc.property(shares, ([k, n]) => {
        const [low, high] = wilson(k, n) ?? [Number.NaN, Number.NaN]
        expect(low).toBeGreaterThanOrEqual(0)
        expect(low).toBeLessThanOrEqual(k / n)
        expect(high).toBeGreaterThanOrEqual(k / n)
        expect(high).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('mirrors: what left and what stayed', () => {
    fc.assert(
      fc.property(shares, ([k, n]) => {
        const [low, high] = wilson(k, n) ?? [0, 0]
        const [lowOther, highOther] = wilson(n - k, n) ?? [0, 0]
        expect(lowOther).toBeCloseTo(1 - high, 9)
        expect(highOther).toBeCloseTo(1 - low, 9)
      }),
    )
  })
})
