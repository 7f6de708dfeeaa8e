import { describe, expect, it } from 'vitest'
import { normaliseRecord } from './normalise-record.ts'

describe('normaliseRecord', () => {
  it('brings instants to UTC with milliseconds and leaves the rest alone', () => {
    const types = { at: 'instant', born: 'date', name: 'string' } as const
    expect(
      normaliseRecord(types, { at: '2026-01-01T09:00:00+09:00', born: '2026-01-01', name: '2026-01-01T09:00:00+09:00' }),
    ).toEqual({ at: '2026-01-01T00:00:00.000Z', born: '2026-01-01', name: '2026-01-01T09:00:00+09:00' })
    expect(normaliseRecord(types, { at: null, constructor: 'x' })).toEqual({ at: null, constructor: 'x' })
  })
})
