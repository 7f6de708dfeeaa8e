import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { day } from '../time/instant.ts'
import { dormantOn } from './dormant-on.ts'

const dateOf = (at: number) => new Date(at * day).toISOString().slice(0, 10)
/** Purchases that lie these days apart, the first on 1 January 2026. */
const bought = (...gaps: readonly number[]) => {
  const start = Date.UTC(2026, 0, 1) / day
  return [0, ...gaps].map((_gap, index) => dateOf(start + gaps.slice(0, index).reduce((sum, gap) => sum + gap, 0)))
}
const medianOf = (gaps: readonly number[]) => {
  const sorted = gaps.toSorted((a, b) => a - b)
  const [low = 0, high = 0] = [Math.floor, Math.ceil].map((round) => sorted[round((gaps.length - 1) / 2)])
  return (low + high) / 2
}
/** Days from the last purchase to the day on which it is too old. */
const patience = (dates: readonly string[]) =>
  (Date.parse(dormantOn(dates) ?? '') - Math.max(...dates.map((date) => Date.parse(date)))) / day

describe('the day from which a buyer is dormant', () => {
  it('is the day after the last purchase is 90 days old, without two gaps', () => {
    expect(dormantOn(['2026-01-01'])).toBe('2026-04-02')
    expect(dormantOn(['2024-01-01', '2026-01-01'])).toBe('2026-04-02')
    expect(dormantOn(['2027-12-01'])).toBe('2028-03-01')
  })

  it('waits for twice the median gap of who buys rarely', () => {
    expect(dormantOn(['2026-01-01', '2026-03-02', '2026-05-01'])).toBe('2026-08-30')
    expect(patience(bought(60, 60))).toBe(121)
    expect(patience(bought(50, 200, 60))).toBe(121)
    expect(patience(bought(50, 60))).toBe(111)
    expect(patience(bought(45, 46))).toBe(92)
  })

  it('waits 90 days for who buys often', () => {
    expect(patience(bought(7, 7, 7, 7))).toBe(91)
    expect(patience(bought(45, 45))).toBe(91)
  })

  it('takes the purchases of one day for one', () => {
    expect(patience([...bought(60, 60), '2026-01-01', '2026-01-01', '2026-01-01'])).toBe(121)
    expect(patience(['2026-01-01', '2026-01-01', '2026-05-01'])).toBe(91)
  })

  it('says nothing of who never bought, and refuses what is no date', () => {
    expect(dormantOn([])).toBeNull()
    expect(() => dormantOn(['2026-02-30'])).toThrow('YYYY-MM-DD')
  })

  it('is the rule, whatever the order of the dates', () => {
    const dates = fc.uniqueArray(fc.integer({ min: 18_000, max: 22_000 }), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(dates, (days) => {
        const sorted = days.toSorted((a, b) => a - b)
        const gaps = sorted.slice(1).map((at, index) => at - (sorted[index] ?? 0))
        const asOf = Date.parse(dormantOn(days.map(dateOf)) ?? '') / day
        const isDormant = (today: number) => {
          const age = today - (sorted.at(-1) ?? 0)
          return age > 90 && age > (gaps.length < 2 ? 0 : 2 * medianOf(gaps))
        }
        expect([isDormant(asOf - 1), isDormant(asOf)]).toEqual([false, true])
      }),
    )
  })
})
