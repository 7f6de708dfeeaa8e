import { describe, expect, it } from 'vitest'
import { parseDuration } from './parse-duration.ts'

describe('parseDuration', () => {
  it.each([
    ['10 minutes', 600_000],
    ['72 hours', 259_200_000],
    ['3 days', 259_200_000],
    ['2 weeks', 1_209_600_000],
    ['1 hour 30 minutes', 5_400_000],
    ['1 week, 1 day, 1 hour', 694_800_000],
    [' 1day ', 86_400_000],
    ['0 minutes', 0],
  ])('%j is %i ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms)
  })

  it.each([
    ['1 month'],
    ['1.5 hours'],
    ['-3 days'],
    ['3 days 2 days'],
    ['3 fortnights'],
    ['days'],
    ['3'],
    [''],
    ['3 days or so'],
  ])('refuses %j', (text) => {
    expect(() => parseDuration(text)).toThrow(expect.objectContaining({ code: 'time.invalid' }))
  })
})
