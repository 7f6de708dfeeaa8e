import { describe, expect, it } from 'vitest'
import type { SendWindow } from '../scenario/scenario-definition.ts'
import { type DayBand, nextSendable } from './next-sendable.ts'
import { parseInstant } from './parse-instant.ts'

const band = (from: string, to: string): DayBand => ({ from, to })
const office: SendWindow = { days: 'business', from: '09:00', to: '20:00' }
const night: SendWindow = { days: 'any', from: '22:00', to: '06:00' }
const next = (instant: string, window: SendWindow | null, quietHours: DayBand | null, zone = 'Asia/Tokyo') =>
  new Date(
    nextSendable(parseInstant(instant), { window, quietHours, zone, isHoliday: (date) => date === '2026-01-12' }),
  ).toISOString()

const rows: readonly (readonly [string, SendWindow | null, DayBand | null, string, string])[] = [
  ['neither: any time', null, null, '2026-01-05T03:00+09:00', '2026-01-05T03:00+09:00'],
  ['waits for the end of the quiet hours', null, band('21:00', '08:00'), '2026-01-05T23:00+09:00', '2026-01-06T08:00+09:00'],
  ['their last minute is quiet', null, band('21:00', '08:00'), '2026-01-05T07:59:59.999+09:00', '2026-01-05T08:00+09:00'],
  ['their end is not', null, band('21:00', '08:00'), '2026-01-05T08:00+09:00', '2026-01-05T08:00+09:00'],
  ['their first minute is', null, band('12:00', '13:00'), '2026-01-05T12:00+09:00', '2026-01-05T13:00+09:00'],
  ['the window opens within them', office, band('21:00', '10:30'), '2026-01-05T08:00+09:00', '2026-01-05T10:30+09:00'],
  ['the window closes before they end', office, band('12:00', '21:00'), '2026-01-09T13:00+09:00', '2026-01-13T09:00+09:00'],
  ['an overnight window is cut in two', night, band('23:00', '05:00'), '2026-01-05T23:30+09:00', '2026-01-06T05:00+09:00'],
  ['and opens again in the evening', night, band('23:00', '05:00'), '2026-01-05T06:00+09:00', '2026-01-05T22:00+09:00'],
]

describe('nextSendable', () => {
  it.each(rows)('%s', (_what, window, quietHours, instant, expected) => {
    expect(next(instant, window, quietHours)).toBe(new Date(expected).toISOString())
  })

  it('is of the wall of the zone, not of the app', () => {
    expect(next('2026-01-05T13:00Z', null, band('21:00', '08:00'), 'Europe/London')).toBe('2026-01-05T13:00:00.000Z')
    expect(next('2026-01-05T13:00Z', null, band('21:00', '08:00'), 'Asia/Tokyo')).toBe('2026-01-05T23:00:00.000Z')
  })

  it('ends quiet hours when the clocks jump over their end', () => {
    const quiet = band('22:00', '02:30')
    expect(next('2026-03-08T01:00-05:00', null, quiet, 'America/New_York')).toBe(new Date('2026-03-08T03:00-04:00').toISOString())
    // 01:30 comes twice: quiet in both, and open from 02:30 on.
    expect(next('2026-11-01T01:30-04:00', null, quiet, 'America/New_York')).toBe(new Date('2026-11-01T02:30-05:00').toISOString())
  })

  it('says so where nothing can ever go out', () => {
    const never = expect.objectContaining({ code: 'time.invalid' })
    expect(() => next('2026-01-05T00:00Z', office, band('08:00', '21:00'))).toThrow(never)
    expect(() => next('2026-01-05T00:00Z', null, band('08:00', '08:00'))).toThrow(never)
  })
})
