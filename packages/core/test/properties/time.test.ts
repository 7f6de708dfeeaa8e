import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SendWindow } from '../../src/domain/scenario/scenario-definition.ts'
import { addCalendar } from '../../src/domain/time/add-calendar.ts'
import { isInWindow, nextInWindow } from '../../src/domain/time/next-in-window.ts'
import { fromWallTime, instantsOf, toWallTime } from '../../src/domain/time/time-zone.ts'

const zones = fc.constantFrom('Asia/Tokyo', 'America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'America/Santiago', 'UTC')
const instants = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2040, 0) })
const timesOfDay = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom('00', '15', '30'))
  .map(([hours, minutes]) => `${String(hours).padStart(2, '0')}:${minutes}`)
const windows = fc.record<SendWindow>({
  days: fc.constantFrom('any', 'weekdays', 'business'),
  from: timesOfDay,
  to: timesOfDay,
})
const isHoliday = (date: string) => date.endsWith('-01')

describe('wall clocks', () => {
  it('show every instant, and lead back to it', () => {
    fc.assert(
      fc.property(instants, zones, (instant, zone) => {
        expect(instantsOf(toWallTime(instant, zone), zone)).toContain(instant)
      }),
    )
  })

  it('never lead back behind a skipped hour', () => {
    fc.assert(
      fc.property(instants, zones, (wall, zone) => {
        expect(toWallTime(fromWallTime(wall, zone), zone)).toBeGreaterThanOrEqual(wall)
      }),
    )
  })
})

describe('addCalendar', () => {
  it('shows the same time of day, or the one behind the gap', () => {
    const days = fc.integer({ min: 0, max: 800 })
    fc.assert(
      fc.property(instants, zones, days, (instant, zone, amount) => {
        const end = addCalendar(instant, { kind: 'calendar', months: 0, weeks: 0, days: amount, at: null }, zone)
        const moved = toWallTime(end, zone) - toWallTime(instant, zone) - amount * 86_400_000
        expect([0, 1_800_000, 3_600_000]).toContain(moved)
      }),
    )
  })
})

describe('nextInWindow', () => {
  it('lies in the window, never earlier, and stays where it is', () => {
    fc.assert(
      fc.property(instants, zones, windows, (instant, zone, window) => {
        const next = nextInWindow(instant, window, zone, isHoliday)
        expect(next).toBeGreaterThanOrEqual(instant)
        expect(isInWindow(toWallTime(next, zone), window, isHoliday)).toBe(true)
        expect(nextInWindow(next, window, zone, isHoliday)).toBe(next)
      }),
    )
  })

  it('misses no opening of a zone without summer time', () => {
    const gaps = fc.integer({ min: 0, max: 2_000 })
    fc.assert(
      fc.property(instants, windows, gaps, (instant, window, minutes) => {
        const between = instant + minutes * 60_000
        if (isInWindow(toWallTime(between, 'Asia/Tokyo'), window, isHoliday)) {
          expect(nextInWindow(instant, window, 'Asia/Tokyo', isHoliday)).toBeLessThanOrEqual(between)
        }
      }),
    )
  })
})
