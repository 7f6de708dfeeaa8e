import * as fc from 'fast-check'
import type {
  Anchor,
  ScenarioDefinition,
  ScenarioStep,
  SendWindow,
  WaitForStep,
  WaitSpec,
} from '../../src/domain/scenario/scenario-definition.ts'
import type { TransitionInput } from '../../src/domain/scenario/transition.ts'
import { day, hour, minute } from '../../src/domain/time/instant.ts'
import { scenario } from '../fixtures/scenario-life.ts'

export const stepIds = ['a', 'b', 'c', 'd', 'e', 'f', 'g'] as const
export const segmentNames = ['spenders', 'vips'] as const
export const eventNames = ['page.viewed', 'cart.ordered', 'brochure.requested'] as const
export const experiments = ['subject', 'time'] as const

const target = fc.constantFrom(null, ...stepIds)
const at = fc.constantFrom(null, '00:00', '02:30', '09:00')
export const waits: fc.Arbitrary<WaitSpec> = fc.oneof(
  fc.record({ kind: fc.constant('elapsed' as const), ms: fc.integer({ min: 0, max: 3 * 24 * 60 }).map((n) => n * minute) }),
  fc.record({
    kind: fc.constant('calendar' as const),
    months: fc.integer({ min: 0, max: 1 }),
    weeks: fc.integer({ min: 0, max: 1 }),
    days: fc.integer({ min: -3, max: 3 }),
    at,
  }),
  fc.record({ kind: fc.constant('business' as const), days: fc.integer({ min: -2, max: 3 }), at }),
  fc.record({ kind: fc.constant('weekday' as const), weekday: fc.integer({ min: 0, max: 6 }), at }),
)
const anchors: fc.Arbitrary<Anchor> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ kind: 'previous' as const }) },
  fc.constant({ kind: 'entry' as const }),
  fc.record({
    kind: fc.constant('attribute' as const),
    attribute: fc.constantFrom('renewsOn', 'missing'),
    type: fc.constant('date' as const),
  }),
  fc.record({ kind: fc.constant('event' as const), event: fc.constantFrom(...eventNames) }),
)
const past = fc.constantFrom(
  { kind: 'skip' as const },
  { kind: 'skip' as const },
  { kind: 'send' as const, within: 2 * day },
  { kind: 'exit' as const },
)
const onEvent = fc.record({
  kind: fc.constant('event' as const),
  event: fc.constantFrom(...eventNames),
  where: fc.constantFrom(null, { kind: 'attribute', field: 'total', type: 'number', operator: '>', value: 5 } as const),
})
const onSegment = fc.record({ kind: fc.constant('segment' as const), segment: fc.constantFrom(...segmentNames) })
const onMail = fc.record({
  kind: fc.constant('mail' as const),
  step: fc.constantFrom(...stepIds),
  fate: fc.constantFrom('sent' as const, 'delivered' as const, 'opened' as const, 'clicked' as const, 'bounced' as const),
  link: fc.constantFrom(null, 1, 'https://shop.example.jp/'),
})
const arms: fc.Arbitrary<WaitForStep['arms']> = fc.array(fc.record({ on: fc.oneof(onEvent, onSegment, onMail), next: target }), {
  maxLength: 3,
})
const total = { kind: 'reference', scope: 'event', path: ['pages'] } as const

/** Any step with arrows to anywhere, loops and dead ends included. */
const stepOf = (id: string): fc.Arbitrary<ScenarioStep> => {
  const own = fc.constant(id)
  return fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('send' as const),
        id: own,
        template: own,
        props: fc.constant({ pages: total }),
        sendWithin: fc.constantFrom(hour, day),
        late: fc.constantFrom('skip' as const, 'send' as const, 'exit' as const),
        urgent: fc.constantFrom(null, null, 'outage'),
        next: target,
      }),
    },
    {
      weight: 5,
      arbitrary: fc.record({ kind: fc.constant('wait' as const), id: own, wait: waits, from: anchors, past, next: target }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('wait-for' as const),
        id: own,
        arms,
        since: fc.constantFrom('entry' as const, 'previous' as const, 'step' as const),
        timeout: fc.record({ wait: waits, next: target }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('branch' as const),
        id: own,
        on: fc.oneof(onSegment, onMail),
        yes: target,
        no: target,
      }),
    },
    {
      weight: 1,
      arbitrary: fc
        .record({
          kind: fc.constant('split' as const),
          id: own,
          experiment: fc.constantFrom(...experiments),
          arms: fc.tuple(target, target).map(([one, two]) => [
            { name: 'one', weight: 2, next: one },
            { name: 'two', weight: 1, next: two },
          ]),
          until: target,
        })
        .map(({ until, ...split }) => ({ ...split, holdout: split.experiment === 'time' ? null : { weight: 5, until } })),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('update' as const),
        id: own,
        set: fc.constant({ pages: total, owner: null }),
        add: fc.constant({ tags: ['x'] }),
        remove: fc.constant({}),
        next: target,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('call' as const),
        id: own,
        handler: fc.constant('score'),
        payload: fc.constant({ pages: total }),
        waits: fc.boolean(),
        timeout: fc.constant(minute),
        attempts: fc.constant(3),
        next: target,
        failed: target,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.oneof(
        fc.constant({ kind: 'end' as const, id }),
        fc.constant({ kind: 'go-to' as const, id, scenario: 'nurture', event: { pages: total } }),
      ),
    },
  )
}

const windows = fc.option(
  fc.constantFrom<SendWindow>(
    { days: 'business', from: '09:00', to: '20:00' },
    { days: 'any', from: '22:00', to: '06:00' },
    { days: 'weekdays', from: '02:30', to: '02:45' },
  ),
)
const quiet = fc.constantFrom(null, { from: '21:00', to: '02:40' }, { from: '12:00', to: '13:00' })

export const definitions: fc.Arbitrary<ScenarioDefinition> = fc
  .record({
    steps: fc.tuple(...stepIds.map(stepOf)),
    window: windows,
    exitWhen: fc.constantFrom(null, null, null, ...segmentNames),
    goal: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, onSegment, onEvent),
  })
  .map(({ steps, ...rest }) => scenario(steps, rest))

/** What happens in one round, beside the time that passes; `wake` is when the worker comes by. */
export type Happening = TransitionInput['kind']

const happenings = fc.oneof(
  { weight: 10, arbitrary: fc.constant<Happening>('wake') },
  { weight: 2, arbitrary: fc.constantFrom<Happening>('look', 'event', 'result') },
  { weight: 1, arbitrary: fc.constantFrom<Happening>('capped', 'deferred', 'resumed') },
)
const rounds = fc.array(
  fc.record({
    late: fc.constantFrom(0, 0, 0, minute, 5 * hour, 30 * hour, 100 * day),
    happening: happenings,
    missed: fc.constantFrom('continue' as const, 'skip' as const, 'shift' as const),
    ok: fc.boolean(),
    event: fc.constantFrom(...eventNames, 'order.placed'),
    total: fc.integer({ min: 0, max: 10 }),
  }),
  { minLength: 12, maxLength: 12 },
)

/** A life of an enrolment in a world that changes with time alone, and a worker that is late by turns. */
export const lives = fc.record({
  definition: definitions,
  start: fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2027, 0) }),
  zone: fc.constantFrom('Asia/Tokyo', 'America/New_York', 'Europe/Berlin'),
  quietHours: quiet,
  transactional: fc.subarray([...stepIds]),
  /** Segments change hands so often; 0: never. */
  period: fc.constantFrom(0, 0, 36 * hour, 9 * day),
  isMember: fc.boolean(),
  /** Days from the start to the contact's date, as long as it is this one. */
  renewsIn: fc.tuple(fc.integer({ min: -10, max: 60 }), fc.integer({ min: -10, max: 60 })),
  changesDateAfter: fc.constantFrom(2 * day, 20 * day, 1000 * day),
  /** When a mail that went out is opened, clicked or bounces. */
  reaction: fc.record({
    opensAfter: fc.constantFrom(null, minute, 2 * day),
    clicksAfter: fc.constantFrom(null, 3 * hour),
    bounces: fc.boolean(),
  }),
  rounds,
})
export type Life = typeof lives extends fc.Arbitrary<infer T> ? T : never
