import { describe, expect, it } from 'vitest'
import {
  calendar,
  elapsed,
  entered,
  feed,
  happened,
  iso,
  live,
  mails,
  scenario,
  send,
  tokyo,
  wait,
  wake,
} from '../../../test/fixtures/scenario-life.ts'
import { day, hour } from '../time/instant.ts'
import type { LatePolicy, ScenarioDefinition, SendWindow, WaitSpec } from './scenario-definition.ts'

describe('a worker that comes late', () => {
  const withPolicy = (late: LatePolicy, window: SendWindow | null = null) =>
    scenario(
      [
        wait('w', calendar({ days: 1 }), 'mail'),
        send('mail', 'x', { late }),
        wait('x', calendar({ days: 2 }), 'next'),
        send('next', null),
      ],
      {
        window,
      },
    )
  const start = tokyo('2026-01-05T10:00')
  const wakeAt = (definition: ScenarioDefinition, now: number) =>
    wake(definition, feed(definition, entered(definition, start), { kind: 'enter' }, start).enrolment, now)

  it('still sends within the time that the step allows', () => {
    const now = tokyo('2026-01-07T09:59')
    const { enrolment, effects } = wakeAt(withPolicy('skip'), now)
    const plannedAt = tokyo('2026-01-06T10:00')
    expect(effects).toMatchObject([{ kind: 'queue', plannedAt, runAt: plannedAt, expiresAt: plannedAt + day }])
    expect(enrolment.lastSendAt).toBe(now)
    expect(iso(enrolment.wakeAt)).toBe('2026-01-08T10:00')
  })

  it('skips what is too late, says so, and keeps to the plan', () => {
    const { enrolment, effects } = wakeAt(withPolicy('skip'), tokyo('2026-01-07T10:00'))
    expect(effects).toEqual([
      {
        kind: 'skip',
        stepId: 'mail',
        stepSeq: 2,
        template: 'mail',
        props: {},
        plannedAt: tokyo('2026-01-06T10:00'),
        reason: 'late',
      },
    ])
    expect(enrolment).toMatchObject({ state: 'active', stepId: 'x', wakeAt: tokyo('2026-01-08T10:00'), lastSendAt: null })
  })

  it('sends anyway where the step says so, within the window', () => {
    const window: SendWindow = { days: 'any', from: '09:00', to: '20:00' }
    const { effects } = wakeAt(withPolicy('send', window), tokyo('2026-01-07T21:00'))
    expect(mails(effects)).toEqual(['mail 2026-01-08T09:00'])
  })

  it('leaves where the step says so', () => {
    const { enrolment, effects } = wakeAt(withPolicy('exit'), tokyo('2026-01-07T10:00'))
    expect(effects).toEqual([{ kind: 'dropQueued' }])
    expect(enrolment).toMatchObject({ state: 'exited', endReason: 'late', rev: 1 })
  })

  it('never sends outside the window, late or not', () => {
    const window: SendWindow = { days: 'any', from: '09:00', to: '20:00' }
    expect(mails(wakeAt(withPolicy('skip', window), tokyo('2026-01-06T23:00')).effects)).toEqual(['mail 2026-01-07T09:00'])
  })
})

describe('the gap between two mails after an outage', () => {
  const spaced = (gap: WaitSpec, window: SendWindow | null = null) =>
    scenario(
      [
        wait('w', elapsed(hour), 'one'),
        send('one', 'a'),
        wait('a', gap, 'two'),
        send('two', 'b'),
        wait('b', gap, 'three'),
        send('three', null),
      ],
      { window },
    )
  const outage = (definition: ScenarioDefinition, until: string) => {
    const start = tokyo('2026-01-05T09:00')
    const waiting = feed(definition, entered(definition, start), { kind: 'enter' }, start).enrolment
    return wake(definition, waiting, tokyo(until))
  }

  it('stays as planned, so that not all go out at once', () => {
    expect(mails(outage(spaced(elapsed(hour)), '2026-01-05T20:00').effects)).toEqual([
      'one 2026-01-05T10:00',
      'two 2026-01-05T21:00',
      'three 2026-01-05T22:00',
    ])
  })

  it('is 12 hours at most', () => {
    expect(mails(outage(spaced(elapsed(20 * hour)), '2026-01-06T09:30').effects)).toEqual([
      'one 2026-01-05T10:00',
      'two 2026-01-06T21:30',
    ])
  })

  it('adds nothing where all runs on time', () => {
    const { effects } = live(spaced(elapsed(hour)), tokyo('2026-01-05T09:00'))
    expect(mails(effects)).toEqual(['one 2026-01-05T10:00', 'two 2026-01-05T11:00', 'three 2026-01-05T12:00'])
  })

  it('moves on into the window', () => {
    const window: SendWindow = { days: 'any', from: '09:00', to: '21:00' }
    expect(mails(outage(spaced(elapsed(hour), window), '2026-01-05T20:00').effects)).toEqual([
      'one 2026-01-05T10:00',
      'two 2026-01-06T09:00',
      'three 2026-01-06T10:00',
    ])
  })

  it('counts from the mail that was queued before, not from one that was left out since', () => {
    const due = { from: { kind: 'event', event: 'due' } } as const
    const renewal = scenario([
      send('first', 'before'),
      wait('before', elapsed(hour), 'left-out', due),
      send('left-out', 'after'),
      wait('after', elapsed(24 * hour), 'second', due),
      send('second', null),
    ])
    const start = tokyo('2026-01-05T10:00')
    const { effects } = live(renewal, start, { events: [happened('due', start - 23 * hour)] })
    expect(mails(effects)).toEqual(['first 2026-01-05T10:00', 'left-out past', 'second 2026-01-05T11:00'])
  })
})
