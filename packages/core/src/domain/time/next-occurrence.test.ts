import { describe, expect, it } from 'vitest'
import type { DateTrigger } from '../scenario/scenario-definition.ts'
import { nextOccurrence } from './next-occurrence.ts'
import { parseInstant } from './parse-instant.ts'

const trigger = (change: Partial<DateTrigger> = {}): DateTrigger => ({
  ...{ kind: 'date', attribute: 'birthday', days: 0, at: '10:00', yearly: true, leapDay: 'feb-28' },
  ...change,
})
const next = (value: string, after: string, change: Partial<DateTrigger> = {}, zone = 'Asia/Tokyo') => {
  const found = nextOccurrence(trigger(change), value, zone, parseInstant(after))
  return found === null ? null : [found.date, new Date(found.at).toISOString()]
}
const at = (date: string, instant: string) => [date, new Date(instant).toISOString()]

describe('nextOccurrence', () => {
  it('is strictly later', () => {
    expect(next('1990-05-05', '2026-05-05T09:59+09:00')).toEqual(at('2026-05-05', '2026-05-05T10:00+09:00'))
    expect(next('1990-05-05', '2026-05-05T10:00+09:00')).toEqual(at('2027-05-05', '2027-05-05T10:00+09:00'))
  })

  it('is known by what is celebrated, not by the day of the mail', () => {
    expect(next('1990-01-03', '2026-12-20T00:00Z', { days: -7 })).toEqual(at('2027-01-03', '2026-12-27T10:00+09:00'))
    expect(next('1990-12-30', '2027-01-01T00:00Z', { days: 7 })).toEqual(at('2026-12-30', '2027-01-06T10:00+09:00'))
    expect(next('1990-06-01', '2027-01-01T00:00Z', { days: -400 })).toEqual(at('2028-06-01', '2027-04-28T10:00+09:00'))
  })

  it('is on the wall of the zone', () => {
    expect(next('1990-03-08', '2026-01-01T00:00Z', { at: '02:30' }, 'America/New_York')).toEqual(
      at('2026-03-08', '2026-03-08T03:30-04:00'),
    )
  })

  it('keeps 29 February by its rule', () => {
    const after = '2026-01-01T00:00Z'
    expect(next('2000-02-29', after)?.[0]).toBe('2026-02-28')
    expect(next('2000-02-29', after, { leapDay: 'mar-1' })?.[0]).toBe('2026-03-01')
    expect(next('2000-02-29', after, { leapDay: 'skip' })?.[0]).toBe('2028-02-29')
    expect(next('2000-02-29', '2096-03-01T00:00Z', { leapDay: 'skip' })?.[0]).toBe('2104-02-29')
  })

  it('comes once where it is not yearly', () => {
    const once = { yearly: false, days: -3 }
    expect(next('2026-05-05', '2026-05-01T00:00Z', once)).toEqual(at('2026-05-05', '2026-05-02T10:00+09:00'))
    expect(next('2026-05-05', '2026-05-02T10:00+09:00', once)).toBeNull()
  })

  it('begins with the date itself', () => {
    expect(next('2028-05-05', '2026-01-01T00:00Z')?.[0]).toBe('2028-05-05')
    expect(next('2028-05-05', '2028-05-06T00:00Z')?.[0]).toBe('2029-05-05')
  })

  it('refuses what is no date', () => {
    expect(() => next('05-05', '2026-01-01T00:00Z')).toThrow(expect.objectContaining({ code: 'time.invalid' }))
  })
})
