import { describe, expect, it } from 'vitest'
import { day, hour } from '../time/instant.ts'
import { type EarlierEntry, entryKeyOf } from './reentry.ts'

const now = 1_000 * day
const earlier = (changes: Partial<EarlierEntry> = {}): EarlierEntry => ({
  entryKey: 'order-1',
  state: 'completed',
  enteredAt: now - 10 * day,
  endedAt: now - 5 * day,
  ...changes,
})
const order = (key: string, occurredAt = now) => ({ key, occurredAt })

describe('who may enter again', () => {
  it('once: never, whatever key the first entry had', () => {
    expect(entryKeyOf({ kind: 'once' }, order('order-2'), [])).toBe('once')
    expect(entryKeyOf({ kind: 'once' }, order('order-2'), [earlier({ entryKey: 'once' })])).toBeNull()
    expect(entryKeyOf({ kind: 'once' }, order('order-2'), [earlier()])).toBeNull()
  })

  it('every event: each once', () => {
    expect(entryKeyOf({ kind: 'every-event' }, order('order-2'), [earlier({ state: 'active', endedAt: null })])).toBe('order-2')
    expect(entryKeyOf({ kind: 'every-event' }, order('order-1'), [earlier()])).toBeNull()
  })

  it('after exit: when no enrolment is active', () => {
    expect(entryKeyOf({ kind: 'after-exit' }, order('order-2'), [earlier()])).toBe('order-2')
    expect(
      entryKeyOf({ kind: 'after-exit' }, order('order-2'), [earlier(), earlier({ state: 'active', endedAt: null })]),
    ).toBeNull()
  })

  it('after exit: not by an event from the time of an enrolment that has ended since', () => {
    expect(entryKeyOf({ kind: 'after-exit' }, order('order-2', now - 6 * day), [earlier()])).toBeNull()
    expect(entryKeyOf({ kind: 'after-exit' }, order('order-2', now - 5 * day), [earlier()])).toBe('order-2')
  })

  it('cooldown: when the last entry is long enough ago', () => {
    const week = { kind: 'cooldown', ms: 7 * day } as const
    expect(entryKeyOf(week, order('order-2'), [earlier()])).toBe('order-2')
    expect(entryKeyOf(week, order('order-2'), [earlier(), earlier({ enteredAt: now - 7 * day + 1 })])).toBeNull()
    expect(entryKeyOf(week, order('order-2'), [earlier({ enteredAt: now - 7 * day })])).toBe('order-2')
    expect(entryKeyOf(week, order('order-2'), [earlier({ enteredAt: now + hour })])).toBeNull()
  })

  it('a date: each occurrence once, and not before the scenario lets the contact in again', () => {
    const birthday = { key: '2026-05-01', occurredAt: now, isDate: true }
    const running = earlier({ entryKey: '2025-05-01', state: 'active', endedAt: null })
    for (const kind of ['once', 'every-event'] as const) expect(entryKeyOf({ kind }, birthday, [running])).toBe('2026-05-01')
    expect(entryKeyOf({ kind: 'after-exit' }, birthday, [running])).toBeNull()
    expect(entryKeyOf({ kind: 'after-exit' }, birthday, [earlier()])).toBe('2026-05-01')
    expect(entryKeyOf({ kind: 'cooldown', ms: 11 * day }, birthday, [earlier()])).toBeNull()
    expect(entryKeyOf({ kind: 'cooldown', ms: 10 * day }, birthday, [earlier()])).toBe('2026-05-01')
    for (const kind of ['once', 'every-event', 'after-exit'] as const)
      expect(entryKeyOf({ kind }, birthday, [earlier({ entryKey: '2026-05-01' })])).toBeNull()
  })
})
