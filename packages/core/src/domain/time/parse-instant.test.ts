import { describe, expect, it } from 'vitest'
import { isLocalDate, localDate, today, weekdayOf } from './local-date.ts'
import { parseInstant } from './parse-instant.ts'
import { isTimeZone } from './time-zone.ts'

describe('parseInstant', () => {
  it('reads Dates, milliseconds and text with an offset', () => {
    const instant = Date.UTC(2026, 0, 5, 1, 0)
    expect(parseInstant(new Date(instant))).toBe(instant)
    expect(parseInstant(instant)).toBe(instant)
    expect(parseInstant('2026-01-05T01:00:00Z')).toBe(instant)
    expect(parseInstant('2026-01-05T10:00+09:00')).toBe(instant)
    expect(parseInstant('2026-01-05T10:00:00.250+09:00')).toBe(instant + 250)
  })

  it.each([
    ['2026-01-05T10:00:00'],
    ['2026-01-05'],
    ['2026-02-30T10:00:00Z'],
    ['2026/01/05 10:00'],
    ['tomorrow'],
    [''],
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    [new Date(Number.NaN)],
  ])('refuses %s', (input) => {
    expect(() => parseInstant(input)).toThrow(expect.objectContaining({ code: 'time.invalid' }))
  })
})

describe('local dates', () => {
  it('depend on the zone', () => {
    const instant = parseInstant('2026-01-05T15:30:00Z')
    expect(localDate(instant, 'Asia/Tokyo')).toBe('2026-01-06')
    expect(today(instant, 'America/New_York')).toBe('2026-01-05')
  })

  it('know their weekday and whether they exist', () => {
    expect(weekdayOf('2026-01-04')).toBe(0)
    expect(weekdayOf('2026-01-10')).toBe(6)
    expect([isLocalDate('2024-02-29'), isLocalDate('2026-02-29'), isLocalDate('2026-1-1')]).toEqual([true, false, false])
  })

  it('refuse a zone that does not exist, and say how one looks', () => {
    expect(() => localDate(0, 'Asia/Tokio')).toThrow(/IANA/)
  })
})

describe('isTimeZone', () => {
  it.each([
    ['Asia/Tokyo', true],
    ['UTC', true],
    ['America/Argentina/Buenos_Aires', true],
    ['Asia/Tokio', false],
    ['+09:00', false],
    ['JST-9', false],
    ['', false],
  ])('%j: %s', (zone, expected) => {
    expect(isTimeZone(zone)).toBe(expected)
  })
})
