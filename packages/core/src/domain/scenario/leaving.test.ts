import { describe, expect, it } from 'vitest'
import {
  calendar,
  entered,
  factsOf,
  feed,
  happened,
  iso,
  type Life,
  onEvent,
  onSegment,
  scenario,
  send,
  tokyo,
  wait,
  wake,
} from '../../../test/fixtures/scenario-life.ts'
import { day, hour } from '../time/instant.ts'
import type { ScenarioDefinition } from './scenario-definition.ts'
import { transition } from './transition.ts'

const start = tokyo('2026-01-05T10:00')
const steps = [send('hello', 'w'), wait('w', calendar({ days: 3 }), 'tips'), send('tips', null)]
const enter = (definition: ScenarioDefinition, life: Life = {}) =>
  feed(definition, entered(definition, start), { kind: 'enter' }, start, life)
const event = (name: string, at: number, payload = {}) => ({ kind: 'event', ...happened(name, at, payload) }) as const

describe('the segment that ends a scenario', () => {
  const definition = scenario(steps, { exitWhen: 'vips' })
  const outside: Life = { members: { vips: false } }
  const inside: Life = { members: { vips: true } }

  it('ends it at the entry, at a look and at a wake', () => {
    const exited = { state: 'exited', endReason: 'segment:vips', rev: 1, wakeAt: null }
    expect(enter(definition, inside)).toMatchObject({ enrolment: exited, effects: [{ kind: 'dropQueued' }] })
    const { enrolment } = enter(definition, outside)
    for (const input of [{ kind: 'look' }, { kind: 'wake' }] as const) {
      const left = feed(definition, enrolment, input, start + hour, inside)
      expect(left).toMatchObject({ enrolment: exited, effects: [{ kind: 'dropQueued' }] })
    }
  })

  it('is looked at when time alone may change it, and does not move the wait', () => {
    const { enrolment } = enter(definition, { ...outside, changes: { vips: start + day } })
    expect(enrolment).toMatchObject({ wakeAt: start + day, wakeSpec: { endsAt: start + 3 * day } })
    const looked = wake(definition, enrolment, start + day, outside).enrolment
    expect(looked).toMatchObject({ wakeAt: start + 3 * day, stepSeq: enrolment.stepSeq })
  })

  it('never wakes in the past, whatever the segment says', () => {
    const { enrolment } = enter(definition, { ...outside, changes: { vips: start - day } })
    expect(enrolment.wakeAt).toBe(start + 1)
  })

  it('still ends it while the last mail waits', () => {
    const last = scenario([send('hello', null)], { exitWhen: 'vips', window: { days: 'any', from: '18:00', to: '20:00' } })
    const { enrolment } = enter(last, { ...outside, changes: { vips: start + hour } })
    expect(enrolment).toMatchObject({ state: 'active', stepId: null, wakeAt: start + hour })
    expect(feed(last, enrolment, { kind: 'look' }, start + 2 * hour, inside).enrolment.state).toBe('exited')
  })

  it('is asked for together with what the first step needs, once', () => {
    const both = scenario([{ kind: 'branch', id: 'b', on: onSegment('spenders'), yes: null, no: null }], {
      exitWhen: 'vips',
      goal: onSegment('spenders'),
    })
    expect(transition(both, entered(both, start), { kind: 'enter' }, factsOf({}), start)).toEqual({
      kind: 'needs',
      needs: [
        { kind: 'segment', segment: 'spenders' },
        { kind: 'segment', segment: 'vips' },
      ],
    })
  })
})

describe('the goal', () => {
  it('ends it as reached when the event comes, with the payload that it asks for', () => {
    const total = { kind: 'attribute', field: 'total', type: 'number', operator: '>=', value: 5_000 } as const
    const definition = scenario(steps, { goal: onEvent('cart.ordered', total), exitOn: ['cart.ordered', 'cart.emptied'] })
    const { enrolment } = enter(definition)
    const reasonOf = (total: number) =>
      feed(definition, enrolment, event('cart.ordered', start + hour, { total }), start + hour).enrolment.endReason
    expect(reasonOf(9_000)).toBe('goal')
    expect(reasonOf(900)).toBe('event:cart.ordered')
    expect(feed(definition, enrolment, event('cart.ordered', start - 1, { total: 9_000 }), start).enrolment).toBe(enrolment)
  })

  it('goes before an exit that comes true with it', () => {
    const definition = scenario(steps, { goal: onSegment('spenders'), exitWhen: 'vips' })
    expect(enter(definition, { members: { spenders: true, vips: true } }).enrolment.endReason).toBe('goal')
    expect(enter(definition, { members: { spenders: false, vips: true } }).enrolment.endReason).toBe('segment:vips')
  })

  it('wakes for whichever of goal, exit and wait comes first', () => {
    const definition = scenario(steps, { goal: onSegment('spenders'), exitWhen: 'vips' })
    const members = { spenders: false, vips: false }
    const wakeAt = (changes: Life['changes']) => enter(definition, { members, changes: changes ?? {} }).enrolment.wakeAt
    expect(wakeAt({ spenders: start + day, vips: start + 2 * day })).toBe(start + day)
    expect(wakeAt({ vips: start + 2 * day })).toBe(start + 2 * day)
    expect(iso(wakeAt({ vips: start + 9 * day }))).toBe('2026-01-08T10:00')
  })
})

describe('an exit by hand', () => {
  it('ends it with the reason given', () => {
    const definition = scenario(steps)
    const { enrolment } = enter(definition)
    const stopped = feed(definition, enrolment, { kind: 'exit', reason: 'stopped' }, start + hour)
    expect(stopped.effects).toEqual([{ kind: 'dropQueued' }])
    expect(stopped.enrolment).toMatchObject({ state: 'exited', endReason: 'stopped', endedAt: start + hour, rev: 1 })
    expect(feed(definition, stopped.enrolment, { kind: 'exit', reason: 'erased' }, start + day).enrolment).toBe(stopped.enrolment)
  })
})
