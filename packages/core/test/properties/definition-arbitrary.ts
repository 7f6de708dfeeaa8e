import fc from 'fast-check'
import type { Json } from '../../src/domain/json.ts'
import type { Expression } from '../../src/domain/reference/expression.ts'
import { floodingLoops } from '../../src/domain/scenario/check/brief-loops.ts'
import { busyLoops } from '../../src/domain/scenario/check/busy-loops.ts'
import { reachableFrom, waysOf } from '../../src/domain/scenario/check/graph.ts'
import type {
  Anchor,
  EventMatch,
  MailMatch,
  PastPolicy,
  ScenarioDefinition,
  ScenarioStep,
  SegmentMatch,
  Trigger,
  WaitSpec,
} from '../../src/domain/scenario/scenario-definition.ts'
import { day, hour, minute } from '../../src/domain/time/instant.ts'
import { fieldNodes, trees } from './segment-arbitrary.ts'

/** What JSON keeps of a value: it has no -0. */
const asJson = <T>(value: T): T => JSON.parse(JSON.stringify(value))

const ids = ['hello', 'settle', '2nd.mail', '待つ', 'constructor', 'f', 'g_1', 'h:h'] as const
const segmentNames = ['pros', '大口', 'a.b'] as const
const to = fc.constantFrom(null, ...ids)
const names = fc.constantFrom('order.placed', 'visited', '注文')
const fields = fc.constantFrom('plan', 'birthday', '_x', '会社')
const times = fc.constantFrom('00:00', '09:30', '23:59')
const at = fc.option(times)
const spans = fc.constantFrom(1, minute, 90 * minute, hour, 30 * day)

const json: fc.Arbitrary<Json> = fc
  .jsonValue({ maxDepth: 2, noUnicodeString: false })
  .map((value) => asJson(value) as Json)
  .filter((value) => isStorable(JSON.stringify(value)))
const isStorable = (text: string): boolean => text.isWellFormed() && !/\\u0000|\\ud[89a-f]|__proto__/i.test(text)

export const expressions: fc.Arbitrary<Expression> = fc.letrec<{ any: Expression }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    fc.record({ kind: fc.constant('literal' as const), value: json }),
    fc.record({
      kind: fc.constant('reference' as const),
      scope: fc.constant('event' as const),
      path: fc.array(fields, { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant('or' as const), value: tie('any'), fallback: tie('any') }),
    fc.record({ kind: fc.constant('eq' as const), left: tie('any'), right: tie('any') }),
    fc.record({ kind: fc.constantFrom('isSet' as const, 'not' as const), value: tie('any') }),
  ),
})).any
const values = fc.dictionary(fields, expressions, { maxKeys: 3, noNullPrototype: true })

const eventMatch: fc.Arbitrary<EventMatch> = fc.record({
  kind: fc.constant('event' as const),
  event: names,
  where: fc.option(fieldNodes.map(asJson)),
})
const segmentMatch: fc.Arbitrary<SegmentMatch> = fc.record({
  kind: fc.constant('segment' as const),
  segment: fc.constantFrom(...segmentNames),
})
const mailMatch: fc.Arbitrary<MailMatch> = fc.oneof(
  fc.record({
    kind: fc.constant('mail' as const),
    step: fc.constantFrom(...ids),
    fate: fc.constantFrom('sent' as const, 'delivered' as const, 'opened' as const, 'bounced' as const),
    link: fc.constant(null),
  }),
  fc.record({
    kind: fc.constant('mail' as const),
    step: fc.constantFrom(...ids),
    fate: fc.constant('clicked' as const),
    link: fc.constantFrom(null, 0, 7, 'https://example.jp/?q=飛石'),
  }),
)

/** Of a minute or more: shorter ones are refused in loops, and arrows lead anywhere here. */
const elapsed = fc.record({ kind: fc.constant('elapsed' as const), ms: fc.integer({ min: 60_000, max: 400 * 86_400_000 }) })
const weekday = fc.record({ kind: fc.constant('weekday' as const), weekday: fc.integer({ min: 0, max: 6 }), at })
const days = (min: number) => fc.integer({ min, max: 400 }).map((amount) => amount + 0)
const waitsFrom = (min: number): fc.Arbitrary<WaitSpec> =>
  fc.oneof(
    elapsed,
    weekday,
    fc.record({ kind: fc.constant('business' as const), days: days(min), at }),
    fc
      .record({ kind: fc.constant('calendar' as const), months: days(min), weeks: days(min), days: days(min), at })
      .map((wait) => (wait.months + wait.weeks + wait.days === 0 ? { ...wait, days: 1 } : wait)),
  )
const forward = waitsFrom(0)

const skip: PastPolicy = { kind: 'skip' }
const pasts: fc.Arbitrary<PastPolicy> = fc.oneof(
  fc.constantFrom<PastPolicy>(skip, { kind: 'exit' }),
  fc.record({ kind: fc.constant('send' as const), within: spans }),
)
const backAnchors: fc.Arbitrary<Anchor> = fc.oneof(
  fc.record({
    kind: fc.constant('attribute' as const),
    attribute: fields,
    type: fc.constantFrom('date' as const, 'instant' as const),
  }),
  fc.record({ kind: fc.constant('event' as const), event: names }),
)

const waitStep = (id: string): fc.Arbitrary<ScenarioStep> => {
  const head = { kind: fc.constant('wait' as const), id: fc.constant(id), next: to }
  return fc.oneof(
    fc.record({ ...head, wait: forward, from: fc.constant({ kind: 'previous' as const }), past: fc.constant(skip) }),
    fc.record({ ...head, wait: forward, from: fc.constant({ kind: 'entry' as const }), past: pasts }),
    fc.record({ ...head, wait: waitsFrom(-400), from: backAnchors, past: pasts }),
  )
}

const weights = fc.integer({ min: 0, max: 5 })
const splitStep = (id: string): fc.Arbitrary<ScenarioStep> =>
  fc
    .record({
      kind: fc.constant('split' as const),
      id: fc.constant(id),
      experiment: fc.constantFrom('subject', `onboarding:${id}`),
      arms: fc.uniqueArray(fc.record({ name: fc.constantFrom('a', 'b', '長い', '1'), weight: weights, next: to }), {
        selector: (arm) => arm.name,
        minLength: 1,
      }),
      holdout: fc.option(fc.record({ weight: weights, until: to })),
    })
    .map((split) => {
      const [first, ...others] = split.arms
      if (first === undefined) return split
      const arms = [{ ...first, weight: first.weight + 1 }, ...others]
      return { ...split, arms, holdout: others.length === 0 ? (split.holdout ?? { weight: 1, until: null }) : split.holdout }
    })

const items = fc.array(fc.constantFrom('a', 'b', 3, true), { minLength: 1, maxLength: 3 })
const updateStep = (id: string): fc.Arbitrary<ScenarioStep> =>
  fc.record({
    kind: fc.constant('update' as const),
    id: fc.constant(id),
    set: fc.dictionary(fc.constantFrom('plan', '会社'), fc.option(expressions), { minKeys: 1, noNullPrototype: true }),
    add: fc.dictionary(fc.constantFrom('tags'), items, { noNullPrototype: true }),
    remove: fc.dictionary(fc.constantFrom('others'), items, { noNullPrototype: true }),
    next: to,
  })

const callStep = (id: string): fc.Arbitrary<ScenarioStep> =>
  fc
    .record({
      kind: fc.constant('call' as const),
      id: fc.constant(id),
      handler: names,
      payload: values,
      waits: fc.boolean(),
      timeout: fc.constantFrom(1, minute, hour),
      attempts: fc.integer({ min: 1, max: 100 }),
      next: to,
      failed: to,
    })
    .map((call) => (call.waits ? call : { ...call, failed: call.next }))

const stepOf = (id: string): fc.Arbitrary<ScenarioStep> => {
  const own = { id: fc.constant(id) }
  return fc.oneof(
    fc.record({
      kind: fc.constant('send' as const),
      ...own,
      template: names,
      props: values,
      sendWithin: spans,
      late: fc.constantFrom('skip' as const, 'send' as const, 'exit' as const),
      urgent: fc.constantFrom(null, 'お取引に関する連絡'),
      next: to,
    }),
    waitStep(id),
    fc.record({
      kind: fc.constant('wait-for' as const),
      ...own,
      arms: fc.array(fc.record({ on: fc.oneof(eventMatch, segmentMatch, mailMatch), next: to }), { minLength: 1, maxLength: 3 }),
      since: fc.constantFrom('entry' as const, 'previous' as const, 'step' as const),
      timeout: fc.record({ wait: forward, next: to }),
    }),
    fc.record({
      kind: fc.constant('branch' as const),
      ...own,
      on: fc.oneof(segmentMatch, mailMatch),
      yes: to,
      no: to,
    }),
    splitStep(id),
    updateStep(id),
    callStep(id),
    fc.record({ kind: fc.constant('go-to' as const), ...own, scenario: names, event: values }),
    fc.record({ kind: fc.constant('end' as const), ...own }),
  )
}

const triggers: fc.Arbitrary<Trigger> = fc.oneof(
  eventMatch,
  segmentMatch.chain((match) => fc.constantFrom('entry' as const, 'exit' as const).map((on) => ({ ...match, on }))),
  fc.record({
    kind: fc.constant('date' as const),
    attribute: fields,
    days: days(-400),
    at: times,
    yearly: fc.boolean(),
    leapDay: fc.constantFrom('feb-28' as const, 'mar-1' as const, 'skip' as const),
  }),
)

const shells = fc.record({
  format: fc.constant(2 as const),
  name: fc.constantFrom('onboarding', '資料請求'),
  version: fc.integer({ min: 1, max: 1_000 }),
  trigger: fc.option(triggers),
  exitOn: fc.uniqueArray(names),
  exitWhen: fc.option(fc.constantFrom(...segmentNames)),
  goal: fc.option(fc.oneof(eventMatch, segmentMatch)),
  reentry: fc.oneof(
    fc.record({ kind: fc.constantFrom('once' as const, 'after-exit' as const, 'every-event' as const) }),
    fc.record({ kind: fc.constant('cooldown' as const), ms: spans }),
  ),
  window: fc.option(
    fc.record({
      days: fc.constantFrom('any' as const, 'weekdays' as const, 'business' as const),
      from: fc.constant('22:00'),
      to: fc.constantFrom('06:00', '23:59', '24:00'),
    }),
  ),
  maxEventAge: spans,
  minGap: fc.oneof(fc.constant(0), spans),
  priority: fc.integer({ min: -5, max: 5 }).map((priority) => priority + 0),
  first: fc.constantFrom(...ids),
  segments: fc.record({ pros: trees.map(asJson), 大口: trees.map(asJson), 'a.b': trees.map(asJson) }),
})
const policies = fc.oneof(
  fc.record({ inFlight: fc.constantFrom('pin' as const, 'exit' as const), successors: fc.constant({}) }),
  fc.record({
    inFlight: fc.constant('migrate' as const),
    successors: fc.dictionary(fc.constantFrom('old', '旧'), to, { noNullPrototype: true }),
  }),
)

/** A question about mail that is not sent before becomes one about a segment: such a definition is refused. */
const askable = (definition: ScenarioDefinition): ScenarioDefinition => {
  const ask = <M extends { readonly kind: string }>(step: ScenarioStep, on: M | MailMatch): M | MailMatch | SegmentMatch => {
    if (on.kind !== 'mail') return on
    const mail = 'step' in on ? definition.steps[on.step] : undefined
    const isBefore = mail?.kind === 'send' && reachableFrom(definition, waysOf(mail)).has(step.id)
    return isBefore ? on : { kind: 'segment', segment: 'pros' }
  }
  const steps = Object.values(definition.steps).map((step): ScenarioStep => {
    if (step.kind === 'branch') return { ...step, on: ask(step, step.on) }
    return step.kind === 'wait-for' ? { ...step, arms: step.arms.map((arm) => ({ ...arm, on: ask(step, arm.on) })) } : step
  })
  return { ...definition, steps: Object.fromEntries(steps.map((step) => [step.id, step])) }
}

/** The first step of a loop that never waits, or perhaps not between two mails, and where it leads. */
const restless = (definition: ScenarioDefinition): { readonly id: string; readonly next: string | null } | null => {
  const [loop] = busyLoops(definition)
  const id = loop?.[0] ?? floodingLoops(definition)[0]
  const step = id === undefined ? undefined : definition.steps[id]
  if (step === undefined) return null
  return { id: step.id, next: loop === undefined ? (waysOf(step)[0] ?? null) : (loop[1] ?? step.id) }
}

/** Such a step becomes a wait: such a definition is refused. */
const waiting = (definition: ScenarioDefinition): ScenarioDefinition => {
  const found = restless(definition)
  if (found === null) return definition
  const wait = { kind: 'elapsed' as const, ms: hour }
  const calm: ScenarioStep = { ...found, kind: 'wait', wait, from: { kind: 'previous' }, past: skip }
  return waiting(askable({ ...definition, steps: { ...definition.steps, [calm.id]: calm } }))
}

/** Any definition that may be saved: every kind of step with arrows to anywhere, loops and steps that nobody reaches included. */
export const definitions: fc.Arbitrary<ScenarioDefinition> = fc
  .tuple(shells, policies, fc.tuple(...ids.map(stepOf)))
  .map(([shell, policy, steps]) =>
    waiting(askable({ ...shell, ...policy, steps: Object.fromEntries(steps.map((step) => [step.id, step])) })),
  )
