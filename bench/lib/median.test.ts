import { expect, test } from 'vitest'
import { figureOf } from './figure.ts'
import { interleave } from './interleave.ts'
import { median } from './median.ts'

test('median', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 3, 2])).toBe(2.5)
})

test('a ratio above 1 means ours is better, whichever way the unit counts', () => {
  const sides = { name: 'x', ours: 30, baseline: 10, unit: 'x' }
  expect(figureOf({ ...sides, better: 'higher' }).ratio).toBe(3)
  expect(figureOf({ ...sides, better: 'lower' }).ratio).toBe(0.333)
})

test('sides run in turns, and one slow round does not decide', async () => {
  const order: string[] = []
  const side = (name: string, values: number[]) => () => {
    order.push(name)
    return values.shift() ?? 0
  }
  const rates = await interleave({ a: side('a', [1, 10, 0.1, 11]), b: side('b', [1, 5, 6, 7]) }, { rounds: 3, warmUp: 1 })
  expect(rates).toEqual({ a: 10, b: 6 })
  expect(order.slice(2)).toEqual(['a', 'b', 'b', 'a', 'a', 'b'])
})
