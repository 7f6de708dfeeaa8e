import fc from 'fast-check'
import { expect, it } from 'vitest'
import { OrderedList } from './ordered-list.ts'

const ascending = (a: number, b: number): number => a - b

it('keeps thousands of rows in order through any insertions and removals', () => {
  const values = fc.uniqueArray(fc.integer({ min: 0, max: 5_000 }), { minLength: 600, maxLength: 2_000, size: 'max' })
  fc.assert(
    fc.property(values, fc.integer({ min: 2, max: 9 }), fc.integer({ min: -1, max: 5_001 }), (all, step, bound) => {
      const list = new OrderedList<number>(ascending)
      for (const value of all) list.add(value)
      for (const value of all.filter((_, n) => n % step === 0)) list.delete(value)
      const rest = all.filter((_, n) => n % step !== 0).toSorted(ascending)
      expect([...list]).toEqual(rest)
      expect(list.size).toBe(rest.length)
      expect([...list.from((value) => value >= bound)]).toEqual(rest.filter((value) => value >= bound))
      expect(list.take(3, (value) => value >= bound)).toEqual(rest.filter((value) => value >= bound).slice(0, 3))
    }),
    { numRuns: 30 },
  )
})

it('deleting what is not there changes nothing', () => {
  const list = new OrderedList<number>(ascending)
  list.delete(1)
  list.add(2)
  list.delete(1)
  list.delete(3)
  expect([...list]).toEqual([2])
  expect(list.take(0)).toEqual([])
})
