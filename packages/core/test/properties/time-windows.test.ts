import { describe, expect, it } from 'vitest'
import type { SendWindow } from '../../src/domain/scenario/scenario-definition.ts'
import { type DayBand, nextSendable, type SendRules } from '../../src/domain/time/next-sendable.ts'
import { waitEnd } from '../../src/domain/time/wait-end.ts'
import type { WaitSpec } from '../../src/domain/time/wait-spec.ts'
import { day, hour, minute, textOf, wallAt } from './time-wall-oracle.ts'
import { calendar, changing, isHoliday, midnightOf, millisecondsOf } from './time-world.ts'

const windows: readonly (readonly [SendWindow | null, DayBand | null])[] = [
  [{ days: 'any', from: '22:00', to: '06:00' }, null],
  [{ days: 'weekdays', from: '22:00', to: '02:30' }, null],
  [{ days: 'any', from: '02:15', to: '02:45' }, null],
  [
    { days: 'business', from: '09:00', to: '20:00' },
    { from: '19:00', to: '10:30' },
  ],
  [
    { days: 'any', from: '00:00', to: '24:00' },
    { from: '23:30', to: '02:30' },
  ],
  [null, { from: '00:30', to: '03:00' }],
]

const inBand = (time: number, { from, to }: DayBand): boolean => {
  const [start, end] = [millisecondsOf(from), millisecondsOf(to)]
  return start < end ? time >= start && time < end : time >= start || time < end
}

/** The rule once more, on what Intl shows. */
const isOpenAt = (instant: number, { window, quietHours, zone }: SendRules): boolean => {
  const wall = wallAt(instant, zone)
  const time = wall - midnightOf(wall)
  if (quietHours !== null && inBand(time, quietHours)) return false
  if (window === null) return true
  const isWeekend = [0, 6].includes(new Date(wall).getUTCDay())
  const isOpenDay = window.days === 'any' || (!isWeekend && (window.days === 'weekdays' || !isHoliday(textOf(wall).slice(0, 10))))
  return isOpenDay && inBand(time, window)
}

const quarter = 15 * minute

describe('windows and quiet hours of every zone whose clocks change', () => {
  it('open at the first quarter of an hour that the wall shows inside, never before and never later', () => {
    for (const { zone, changes } of changing) {
      for (const [window, quietHours] of windows) {
        const rules: SendRules = { window, quietHours, zone, isHoliday }
        for (const change of changes) {
          let next = change + 2 * day
          while (!isOpenAt(next, rules)) next += quarter
          for (let at = change + 2 * day; at >= change - day; at -= quarter) {
            if (isOpenAt(at, rules)) next = at
            if (Math.abs(at - change) > 6 * hour && (at / quarter) % 8 !== 0) continue
            const found = nextSendable(at, rules)
            if (found !== next) expect([zone, window, quietHours, at, found]).toEqual([zone, window, quietHours, at, next])
          }
        }
      }
    }
  }, 30_000)
})

describe('later stays later', () => {
  it('more days, later anchors and later arrivals never end earlier', () => {
    const waits: readonly WaitSpec[] = [
      calendar({ days: 2, at: '02:30' }),
      { kind: 'business', days: 1, at: '09:00' },
      { kind: 'weekday', weekday: 1, at: '02:30' },
      { kind: 'elapsed', ms: 72 * hour },
    ]
    for (const { zone, changes } of changing) {
      const context = { zone, isHoliday }
      const [window, quietHours] = windows[1] ?? [null, null]
      for (const change of changes) {
        const anchors = Array.from({ length: 60 }, (_, n) => change + (n - 40) * hour)
        for (const wait of waits) {
          const ends = anchors.map((anchor) => waitEnd(anchor, wait, context))
          expect(ends, zone).toEqual(ends.toSorted((a, b) => a - b))
        }
        const days = Array.from({ length: 30 }, (_, n) => waitEnd(change - 20 * day, calendar({ days: n }), context))
        expect(days, zone).toEqual(days.toSorted((a, b) => a - b))
        const opens = anchors.map((at) => nextSendable(at, { window, quietHours, ...context }))
        expect(opens, zone).toEqual(opens.toSorted((a, b) => a - b))
      }
    }
  })
})
