import { describe, expect, it } from 'vitest'
import { parseDuration, parseWait, type SpanInput } from './parse-span.ts'

const calendar = { kind: 'calendar', months: 0, weeks: 0, days: 0, at: null } as const

describe('parseWait', () => {
  it.each<[SpanInput, object]>([
    ['3 days', { ...calendar, days: 3 }],
    ['72 hours', { kind: 'elapsed', ms: 72 * 3_600_000 }],
    ['1 hour 30 minutes', { kind: 'elapsed', ms: 90 * 60_000 }],
    ['1 month, 2 weeks, 1 day', { ...calendar, months: 1, weeks: 2, days: 1 }],
    [' 1day ', { ...calendar, days: 1 }],
    [
      { days: 3, at: '10:00' },
      { ...calendar, days: 3, at: '10:00' },
    ],
    [{ months: 1 }, { ...calendar, months: 1 }],
    [
      { days: 0, at: '09:00' },
      { ...calendar, at: '09:00' },
    ],
    [{ hours: 0 }, { kind: 'elapsed', ms: 0 }],
  ])('reads %j', (input, spec) => {
    expect(parseWait(input)).toEqual(spec)
  })

  it.each<[SpanInput]>([
    ['1 day 2 hours'],
    [{ days: 1, minutes: 5 }],
    [{ hours: 5, at: '10:00' }],
    [{ days: 1, at: '24:00' }],
    [{ days: 1, at: '9:00' }],
    [{ days: -1 }],
    [{ days: 1.5 }],
    [{ days: Number.NaN }],
    [{}],
    [{ at: '10:00' }],
    ['1.5 hours'],
    ['-3 days'],
    ['3 days 2 days'],
    ['3 fortnights'],
    ['days'],
    ['3'],
    [''],
    ['3 days or so'],
  ])('refuses %j', (input) => {
    expect(() => parseWait(input)).toThrow(expect.objectContaining({ code: 'time.invalid' }))
  })
})

describe('parseDuration', () => {
  it('takes a day as 24 hours', () => {
    expect(parseDuration('30 days')).toBe(30 * 86_400_000)
    expect(parseDuration('1 week 1 day 1 hour')).toBe(8 * 86_400_000 + 3_600_000)
    expect(parseDuration({ minutes: 10 })).toBe(600_000)
  })

  it('refuses months, which have no fixed length', () => {
    expect(() => parseDuration('1 month')).toThrow(/no fixed length/)
  })
})
