import fc from 'fast-check'
import { shapes } from './catalogue/catalogue.ts'
import type { Command, Setup } from './command.ts'
import { eventNames } from './vocabulary.ts'

const index = fc.nat(3)
const zones = fc.constantFrom('Asia/Tokyo', 'America/New_York', 'Europe/Berlin', null)
const plans = fc.constantFrom('free' as const, 'pro' as const)
const inFlight = fc.constantFrom('pin' as const, 'migrate' as const, 'migrate' as const, 'exit' as const)
const missed = fc.constantFrom('continue' as const, 'skip' as const, 'skip' as const, 'shift' as const)
const topics = fc.constantFrom('news' as const, 'tips' as const, null)
const step = 5
const hours = 60
const days = 24 * hours

const identify = fc.record(
  {
    do: fc.constant('identify' as const),
    who: index,
    plan: fc.option(plans, { freq: 4 }),
    zone: zones,
    renewsIn: fc.option(fc.constantFrom(-1, 1, 3, 3, 4, 5, 8), { freq: 7 }),
    address: fc.constantFrom('own' as const, 'new' as const, 'new' as const),
  },
  { requiredKeys: ['do', 'who', 'address'] },
)

/** Payloads that fit or miss the conditions of the catalogue, and such that the app's handler fails once or for ever. */
const numbers = [1, 10, 3, 100, 2, 10]
const agos = fc.oneof(
  { weight: 6, arbitrary: fc.constant(0) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 24 }).map((count) => count * step) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 60 }).map((count) => count * hours) },
)
/** The same id has the same payload, mostly. */
const ids = fc
  .tuple(fc.nat(5), fc.nat(5), fc.nat(3))
  .map(([id, other, same]) => ({ id, n: numbers[same === 0 ? other : id] ?? 1 }))
/** Whose an id is that two contacts are told at once with is left open, so one that is for any contact is not held. */
const track = fc
  .record({ who: index, event: fc.constantFrom(...eventNames), identity: ids, ago: agos, isHeld: fc.boolean() })
  .map(({ identity, isHeld, ...rest }) => ({ do: 'track' as const, ...rest, ...identity, isHeld: isHeld && identity.id !== 0 }))

const enrol = fc.record({
  do: fc.constant('enrol' as const),
  who: index,
  scenario: index,
  key: fc.option(fc.nat(2)),
  isAtLastStep: fc.constantFrom(false, false, false, true),
})

const publish = fc.record({
  do: fc.constant('publish' as const),
  scenario: index,
  change: fc.constantFrom('none' as const, 'other' as const, 'other' as const),
  inFlight,
  by: fc.constantFrom('deploy' as const, 'name' as const),
})

const spans = fc.oneof(
  fc.integer({ min: 1, max: 24 }).map((count) => count * step),
  fc.integer({ min: 1, max: 23 }).map((count) => count * hours),
  fc.constantFrom(1, 1, 1, 2, 3, 4).map((count) => count * days),
)

const ofScenario = { scenario: index }
const who = { who: index }

/** Weights make a life of it: things happen and time passes; the rest now and then. */
export const commands: fc.Arbitrary<Command> = fc.oneof(
  { weight: 12, arbitrary: track },
  { weight: 12, arbitrary: fc.record({ do: fc.constant('advance' as const), minutes: spans }) },
  { weight: 7, arbitrary: identify },
  { weight: 6, arbitrary: enrol },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('tell again' as const), ...who }) },
  { weight: 4, arbitrary: publish },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pause' as const), ...ofScenario }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('resume' as const), ...ofScenario, missed }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pause and resume' as const), ...ofScenario, missed }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('stop' as const),
      ...ofScenario,
      inFlight: fc.constantFrom('finish' as const, 'exit' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('start again' as const), ...ofScenario }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('merge' as const), from: index, into: index }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('erase' as const), ...who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('withdraw' as const), ...who, topic: topics }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('grant' as const),
      ...who,
      topic: fc.constantFrom(null, null, null, 'news' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unsubscribe' as const), ...who }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('read' as const),
      ...who,
      how: fc.constantFrom('opened' as const, 'clicked' as const),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('outage' as const), minutes: spans }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('restart' as const, 'second worker' as const) }) },
)

const people = fc.array(
  fc.record({
    salt: fc.nat(9),
    zone: zones,
    plan: fc.option(plans),
    hasConsent: fc.constantFrom(true, true, true, true, true, true, true, false),
  }),
  { minLength: 2, maxLength: 3 },
)

const origins = fc.constantFrom('code' as const, 'code' as const, 'code' as const, 'json' as const)
const policies = fc.constantFrom('skip' as const, 'defer' as const, 'advance' as const)
const castFrom = (names: readonly string[]) => fc.shuffledSubarray([...names], { minLength: 2, maxLength: 4 })
const alone = shapes.filter(({ isAlone }) => isAlone).map(({ name }) => name)

/** Under a cap only scenarios that a contact is in once at a time: who goes first among equals is drawn by the ids of their mail. */
export const setups: fc.Arbitrary<Setup> = fc
  .oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        cast: castFrom(shapes.map(({ name }) => name)),
        origin: origins,
        caps: fc.constant(null),
        hasQuietHours: fc.boolean(),
        people,
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        cast: fc.shuffledSubarray(alone, { minLength: 3 }),
        origin: origins,
        caps: policies,
        hasQuietHours: fc.boolean(),
        people,
      }),
    },
  )
  // See `renewal`.
  .map((setup) => (setup.cast.includes('renewal') ? { ...setup, hasQuietHours: false } : setup))
