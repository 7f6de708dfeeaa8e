import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareCodePoints } from './code-point-order.ts'

describe('compareCodePoints', () => {
  it('puts an emoji after half-width kana, where UTF-16 puts it before', () => {
    expect(compareCodePoints('😀', 'ﾊ')).toBeGreaterThan(0)
    expect('😀' < 'ﾊ').toBe(true)
  })

  it('orders as the bytes of UTF-8 do', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '山', 'ﾊ', '\uE000', '\uFFFD', '😀', '𠮷') })
    fc.assert(
      fc.property(text, text, (left, right) => {
        const bytes = Buffer.compare(Buffer.from(left), Buffer.from(right))
        expect(Math.sign(compareCodePoints(left, right))).toBe(bytes)
      }),
    )
  })
})
