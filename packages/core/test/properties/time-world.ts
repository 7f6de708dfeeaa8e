import { expect } from 'vitest'
import type { WaitSpec } from '../../src/domain/time/wait-spec.ts'
import { changesOf, day, hour, instantShowing, minute, textOf, wallAt } from './time-wall-oracle.ts'

/** One zone with what can go wrong in it. */
export interface ZoneYears {
  readonly zone: string
  readonly changes: readonly number[]
  /** Local dates on which something can go wrong, as midnights on the wall. */
  readonly dates: readonly number[]
}

export const midnightOf = (wall: number): number => Math.floor(wall / day) * day

/** The last and first days of months, 28 and 29 February among them. */
export const monthEnds = Array.from({ length: 25 }, (_, n) => Date.UTC(2027, 6 + n, 1)).flatMap((first) => [first - day, first])

/** Every zone that the runtime knows. */
export const world: readonly ZoneYears[] = Intl.supportedValuesOf('timeZone').map((zone) => {
  const changes = changesOf(zone)
  const around = changes.flatMap((at) => [-2, -1, 0, 1].map((days) => midnightOf(wallAt(at, zone)) + days * day))
  return { zone, changes, dates: [...new Set([...around, ...monthEnds])].sort((a, b) => a - b) }
})
export const changing = world.filter(({ changes }) => changes.length > 0)

export const isHoliday = (date: string) => date.endsWith('-01')
export const calendar = (parts: Partial<Extract<WaitSpec, { kind: 'calendar' }>>): WaitSpec => ({
  ...{ kind: 'calendar', months: 0, weeks: 0, days: 0, at: null },
  ...parts,
})
export const millisecondsOf = (time: string): number => Number(time.slice(0, 2)) * hour + Number(time.slice(3)) * minute

/** `expect` takes longer than everything it is asked about here: it is called for what differs. */
export const same = (actual: readonly unknown[], expected: readonly unknown[]): void => {
  if (actual.some((one, n) => one !== expected[n])) expect(actual).toEqual(expected)
}

/** Compares walls as text, naming the zone; a moved time must be moved as the oracle moves it. */
export const showsAt = (zone: string, end: number, wall: number): void => {
  if (wallAt(end, zone) !== wall || end !== instantShowing(wall, zone)) {
    const expected = instantShowing(wall, zone)
    expect(`${zone} ${textOf(wallAt(end, zone))} ${end}`).toBe(`${zone} ${textOf(wallAt(expected, zone))} ${expected}`)
  }
}
