import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Enrolment } from '../../src/domain/scenario/enrolment.ts'
import type { ScenarioDefinition, WaitForStep } from '../../src/domain/scenario/scenario-definition.ts'
import { day, hour } from '../../src/domain/time/instant.ts'
import { elapsed, entered, feed, happened, onEvent, scenario, send, wait, waitFor } from '../fixtures/scenario-life.ts'

const start = Date.UTC(2026, 0, 5)
const names = ['page.viewed', 'cart.ordered', 'cart.emptied'] as const
const lives = fc.record({
  wait: fc.integer({ min: 0, max: 10 }),
  timeout: fc.integer({ min: 0, max: 10 }),
  since: fc.constantFrom<WaitForStep['since']>('entry', 'previous', 'step'),
  arms: fc.shuffledSubarray([...names], { minLength: 1 }),
  events: fc.array(fc.record({ name: fc.constantFrom(...names), after: fc.integer({ min: 0, max: 24 }) }), { maxLength: 6 }),
  hasMailBefore: fc.boolean(),
})
type Life = typeof lives extends fc.Arbitrary<infer T> ? T : never

const always = { late: 'send' as const, sendWithin: 1000 * day }
const definitionOf = ({ wait: hours, timeout, since, arms, hasMailBefore }: Life): ScenarioDefinition =>
  scenario([
    ...(hasMailBefore ? [send('hello', 'w', always)] : []),
    wait('w', elapsed(hours * hour), 'f'),
    waitFor(
      'f',
      arms.map((name) => ({ on: onEvent(name), next: name })),
      { wait: elapsed(timeout * hour), next: 'out' },
      since,
    ),
    ...names.map((name) => send(name, null, always)),
    send('out', null, always),
  ])
const eventsOf = ({ events }: Life) =>
  events.map(({ name, after }) => happened(name, start + after * hour)).toSorted((a, b) => a.occurredAt - b.occurredAt)

type Way = { readonly enrolment: Enrolment; readonly steps: readonly string[] }
const stepsOf = (effects: ReturnType<typeof feed>['effects']) =>
  effects.flatMap((effect) => (effect.kind === 'queue' ? [effect.stepId] : []))

/** A worker that is always there: waits end when they end, events come in when they happen. */
const punctual = (life: Life): Way => {
  const definition = definitionOf(life)
  const events = eventsOf(life)
  const known = (now: number) => ({ events: events.filter(({ occurredAt }) => occurredAt <= now) })
  let way: Way = { enrolment: entered(definition, start), steps: [] }
  const step = (input: Parameters<typeof feed>[2], now: number) => {
    const { enrolment, effects } = feed(definition, way.enrolment, input, now, known(now))
    way = { enrolment, steps: [...way.steps, ...stepsOf(effects)] }
  }
  const wakeUntil = (until: number) => {
    for (let at = way.enrolment.wakeAt; at !== null && at < until; at = way.enrolment.wakeAt) step({ kind: 'wake' }, at)
  }
  step({ kind: 'enter' }, start)
  for (const event of events) {
    wakeUntil(event.occurredAt)
    step({ kind: 'event', ...event }, event.occurredAt)
  }
  wakeUntil(Number.POSITIVE_INFINITY)
  return way
}

/** A worker that comes days later, when all has happened. */
const late = (life: Life): Way => {
  const definition = definitionOf(life)
  const now = start + 40 * hour
  const { enrolment, effects } = feed(definition, entered(definition, start), { kind: 'enter' }, now, { events: eventsOf(life) })
  return { enrolment, steps: stepsOf(effects) }
}

/** As `late`, but the events are told one by one, in any order, before it is woken. */
const told = (life: Life, order: readonly number[]): Way => {
  const definition = definitionOf(life)
  const events = eventsOf(life)
  let { enrolment, effects } = feed(definition, entered(definition, start), { kind: 'enter' }, start, {})
  const steps = [...stepsOf(effects)]
  for (const index of order) {
    const event = events[index]
    if (event === undefined) continue
    const world = { events }
    ;({ enrolment, effects } = feed(definition, enrolment, { kind: 'event', ...event }, start + 40 * hour, world))
    steps.push(...stepsOf(effects))
  }
  ;({ enrolment, effects } = feed(definition, enrolment, { kind: 'wake' }, start + 40 * hour, { events }))
  return { enrolment, steps: [...steps, ...stepsOf(effects)] }
}

describe('waiting for events', () => {
  it('takes the same arm whether they came before it was reached or after, and however late the worker is', () => {
    fc.assert(
      fc.property(lives, (life) => {
        expect(late(life).steps).toEqual(punctual(life).steps)
        expect(late(life).enrolment.memory.heard).toEqual(punctual(life).enrolment.memory.heard)
      }),
      { numRuns: 2_000 },
    )
  })

  it('takes the same arm in whatever order they are told', () => {
    fc.assert(
      fc.property(lives, fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6 }), (life, order) => {
        expect(told(life, order).steps).toEqual(late(life).steps)
      }),
      { numRuns: 1_000 },
    )
  })
})
